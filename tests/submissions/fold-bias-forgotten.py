"""Scales the weights and forgets the bias.

loses: q3b-fold

says: Every row is off by the same numbers: what does (3.8) do to the biases?
"""


# %% q3b-fold
def fold_inputs(params, mean, scale):
    folded = dict(params)
    folded["W1"] = params["W1"] / scale
    return folded
