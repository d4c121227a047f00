"""Scales the second layer too.

loses: q3b-fold

says: The second layer has changed: which layer sees the pixels in (3.8)?
"""


# %% q3b-fold
def fold_inputs(params, mean, scale):
    new = params.copy()
    new["W1"] = params["W1"] / scale
    new["W2"] = params["W2"] / scale
    new["b1"] = params["b1"] - mean @ new["W1"]
    return new
