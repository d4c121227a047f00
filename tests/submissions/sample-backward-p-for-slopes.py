"""Takes the probabilities for the slopes at the scores.

loses: q6b-backward

says: This goes back with the probabilities: are they the slopes of the loss at the scores (q6a-slopes)?
"""


# %% q6b-backward
def backward_sample(params, x, t, cache):
    do = cache["p"]
    dz = (params["V"] @ do) * sigmoid_slope(cache["h"])
    return {"W": np.outer(x, dz), "b": dz, "V": np.outer(cache["h"], do), "c": do}
