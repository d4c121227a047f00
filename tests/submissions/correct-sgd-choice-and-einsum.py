"""Draws with rng.choice and writes sums with einsum.

loses: nothing
"""


# %% q3a-objective
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    loss = cross_entropy(cache["Z3"], y)
    for name in ("W1", "W2"):
        loss += reg * np.einsum("ij,ij->", params[name], params[name])
    grads = backward(params, cache, y, reg)
    return loss, grads


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    indices = rng.choice(X.shape[0], batch_size, replace=True)
    return X.take(indices, axis=0), y.take(indices)


# %% q3a-predict
def predict(forward, params, X):
    return forward(params, X)["P"].argsort(axis=1)[:, -1]


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    means = np.einsum("rn->r", rng.choice(np.asarray(values, dtype=float), (repeats, len(values)))) / len(values)
    return tuple(np.quantile(means, [0.025, 0.975]))


# %% q3b-fold
def fold_inputs(params, mean, scale):
    b1 = params["b1"] - np.einsum("d,dh->h", mean / scale, params["W1"])
    return dict(params, W1=np.einsum("dh,->dh", params["W1"], 1 / scale), b1=b1)
