"""Returns the loss without its penalty.

loses: q3a-objective
"""


# %% q3a-objective
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    return cross_entropy(cache["Z3"], y), backward(params, cache, y, reg)
