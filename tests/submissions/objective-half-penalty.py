"""Puts a ½ before the penalty of the loss, but not of the gradients.

loses: q3a-objective

says: The penalty is half as large as in (1.6): is there a factor that does not belong?
"""


# %% q3a-objective
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    loss = cross_entropy(cache["Z3"], y)
    loss += 0.5 * reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    return loss, backward(params, cache, y, reg)
