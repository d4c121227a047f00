"""Scales the weights and forgets the bias.

loses: q3b-fold
"""


# %% q3b-fold
def fold_inputs(params, mean, scale):
    folded = dict(params)
    folded["W1"] = params["W1"] / scale
    return folded
