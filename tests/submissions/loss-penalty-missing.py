"""Returns the loss without the penalty.

loses: q1b-loss

says: This is the loss without the penalty: which term of (1.6) is missing?
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    cache = forward(params, X)
    return cross_entropy(cache["Z3"], y)
