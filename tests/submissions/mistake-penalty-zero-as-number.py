"""Gives 0 for the biases instead of arrays of zeros.

loses: mistake-penalty

says: not so: the gradient of b1 is an array in its shape, not one number
"""


# %% mistake-penalty
def penalty_gradient(params, reg):
    return {"W1": 2 * reg * params["W1"], "b1": 0, "W2": 2 * reg * params["W2"], "b2": 0}
