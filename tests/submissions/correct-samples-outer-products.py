"""Writes the sigmoid with tanh, one-hot rows, outer products by broadcasting, and steps on a copy.

loses: nothing
"""


# %% q6a-sigmoid
def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def sigmoid_slope(h):
    return h - h**2


# %% q6a-slopes
def loss_slopes(p, t):
    return np.where(np.arange(len(p)) == t, -1.0 / p, 0.0)


def score_slopes(p, t):
    return p - np.eye(len(p))[t]


# %% q6b-forward
def forward_sample(params, x, t):
    h = sigmoid(params["W"].T @ x + params["b"])
    o = params["V"].T @ h + params["c"]
    total = scipy.special.logsumexp(o)
    return dict(h=h, p=np.exp(o - total), loss=total - o[t])


# %% q6b-backward
def backward_sample(params, x, t, cache):
    h, p = cache["h"], cache["p"]
    upper = p - np.eye(len(p))[t]
    lower = (params["V"] * upper).sum(axis=1) * h * (1 - h)
    return {"c": upper, "V": h[:, None] * upper, "b": lower, "W": x[:, None] * lower}


# %% q6b-step
def sgd_on_sample(params, x, t, learning_rate):
    after = {name: value.copy() for name, value in params.items()}
    cache = forward_sample(params, x, t)
    for name, slope in backward_sample(params, x, t, cache).items():
        after[name] -= learning_rate * slope
    return after, cache["loss"]


# %% q6b-batch
def batch_gradients(params, X, y):
    hidden = sigmoid(X @ params["W"] + params["b"])
    scores = hidden @ params["V"] + params["c"]
    target = np.eye(scores.shape[1])[y]
    loss = np.mean(scipy.special.logsumexp(scores, axis=1) - (scores * target).sum(axis=1))
    upper = (scipy.special.softmax(scores, axis=1) - target) / X.shape[0]
    lower = np.einsum("bk,hk->bh", upper, params["V"]) * sigmoid_slope(hidden)
    grads = {"V": np.einsum("bh,bk->hk", hidden, upper), "c": np.einsum("bk->k", upper)}
    grads.update(W=np.einsum("bd,bh->dh", X, lower), b=np.einsum("bh->h", lower))
    return loss, grads
