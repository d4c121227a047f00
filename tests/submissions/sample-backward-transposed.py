"""Has the columns of the write-up.

loses: q6b-backward

says: The gradient lies the other way round, as in the write-up: which shape has W in (6.1)?
"""


# %% q6b-backward
def backward_sample(params, x, t, cache):
    do = score_slopes(cache["p"], t)
    dz = (params["V"] @ do) * sigmoid_slope(cache["h"])
    return {"W": np.outer(dz, x), "b": dz, "V": np.outer(do, cache["h"]), "c": do}
