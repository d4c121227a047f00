"""Returns the gradients first and the loss second.

loses: q3a-objective

says: is a tuple: first the loss, then the gradients
"""


# %% q3a-objective
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    loss = cross_entropy(cache["Z3"], y) + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    grads = backward(params, cache, y, reg)
    return grads, loss
