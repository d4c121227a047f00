"""Has the slope of a ReLU.

loses: q6b-backward

says: not so: the sigmoid has a slope
"""


# %% q6b-backward
def backward_sample(params, x, t, cache):
    do = score_slopes(cache["p"], t)
    dz = (params["V"] @ do) * (cache["h"] > 0)
    return {"W": np.outer(x, dz), "b": dz, "V": np.outer(cache["h"], do), "c": do}
