"""Adds the gradient of the penalty to gradients that have it already.

loses: q3a-objective

says: The penalty is in these gradients twice: does backward leave it out?
"""


# %% q3a-objective
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    loss = cross_entropy(cache["Z3"], y) + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    grads = backward(params, cache, y, reg)
    grads["W1"] += 2 * reg * params["W1"]
    grads["W2"] += 2 * reg * params["W2"]
    return loss, grads
