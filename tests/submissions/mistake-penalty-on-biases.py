"""Gives the biases a penalty too.

loses: mistake-penalty

says: The penalty pulls on the biases: are they in (1.6)?
"""


# %% mistake-penalty
def penalty_gradient(params, reg):
    return {name: 2 * reg * value for name, value in params.items()}
