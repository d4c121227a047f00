"""Has the slope of a ReLU.

loses: q6b-backward

says: Every hidden unit has a slope between its z and its h.
"""


# %% q6b-backward
def backward_sample(params, x, t, cache):
    do = score_slopes(cache["p"], t)
    dz = (params["V"] @ do) * (cache["h"] > 0)
    return {"W": np.outer(x, dz), "b": dz, "V": np.outer(cache["h"], do), "c": do}
