"""Uses names for globals and helpers that the notebook's checks use, too.

loses: nothing
"""


# %% q1b-cross-entropy
def squares(W):
    return np.sum(W**2)


def own_loss(Z, y):
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(y)), y]


def cross_entropy(Z, y):
    return own_loss(Z, y).mean()


# %% q2d-backward
def own_backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return dZ3, dZ2


def backward(params, cache, y, reg):
    dZ3, dZ2 = own_backward(params, cache, y, reg)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }
