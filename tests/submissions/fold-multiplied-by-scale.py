"""Multiplies by the scale.

loses: q3b-fold

says: The scale is on the wrong side: what does (3.8) do with W1 and s?
"""


# %% q3b-fold
def fold_inputs(params, mean, scale):
    W1 = params["W1"] * scale
    return params | {"W1": W1, "b1": params["b1"] - mean @ W1}
