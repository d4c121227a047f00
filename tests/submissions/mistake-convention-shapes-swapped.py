"""Keeps the gradient of V in the wrong shape.

loses: mistake-convention
"""


# %% mistake-convention
def column_layer_gradients(h, V, do):
    return np.outer(do, h), V @ do
