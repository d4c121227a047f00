"""Gives the biases a penalty too.

loses: mistake-penalty
"""


# %% mistake-penalty
def penalty_gradient(params, reg):
    return {name: 2 * reg * value for name, value in params.items()}
