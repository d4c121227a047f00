"""Takes the mean to the bias without dividing it by the scale.

loses: q3b-fold

says: The mean comes into the biases in pixels: what is it divided by in (3.8)?
"""


# %% q3b-fold
def fold_inputs(params, mean, scale):
    b1 = params["b1"] - mean @ params["W1"]
    return {"W1": params["W1"] / scale, "b1": b1, "W2": params["W2"], "b2": params["b2"]}
