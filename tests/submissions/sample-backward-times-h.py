"""Multiplies by the activations, not by their slope.

loses: q6b-backward

says: The slope of the sigmoid at z is not σ(z) itself.
"""


# %% q6b-backward
def backward_sample(params, x, t, cache):
    do = score_slopes(cache["p"], t)
    dz = (params["V"] @ do) * cache["h"]
    return {"W": np.outer(x, dz), "b": dz, "V": np.outer(cache["h"], do), "c": do}
