"""Divides the mean by the scale twice.

loses: q3b-fold

says: The mean is divided by the scale twice: do the weights that you multiply it with have the scale in them already?
"""


# %% q3b-fold
def fold_inputs(params, mean, scale):
    W1 = params["W1"] / scale
    b1 = params["b1"] - (mean / scale) @ W1
    return {"W1": W1, "b1": b1, "W2": params["W2"], "b2": params["b2"]}
