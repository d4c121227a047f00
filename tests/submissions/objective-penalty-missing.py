"""Returns the loss without its penalty.

loses: q3a-objective

says: This is the loss without the penalty: which term of (1.6) is missing?
"""


# %% q3a-objective
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    return cross_entropy(cache["Z3"], y), backward(params, cache, y, reg)
