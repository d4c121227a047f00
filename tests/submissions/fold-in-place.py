"""Changes the parameters that it is given.

loses: q3b-fold

says: fold_inputs changed its argument params.
"""


# %% q3b-fold
def fold_inputs(params, mean, scale):
    params["W1"] /= scale
    params["b1"] -= mean @ params["W1"]
    return params
