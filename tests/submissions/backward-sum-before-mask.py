"""Adds the errors of all samples before they go through the mask.

loses: q2d-backward

says: The samples were added before the mask: is a unit on for every sample, or for some?
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    total = dZ3.sum(axis=0)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": (params["W2"] @ total) * (cache["Z2"].sum(axis=0) > 0),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": total,
    }
