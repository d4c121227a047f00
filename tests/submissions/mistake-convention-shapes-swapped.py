"""Keeps the gradient of V in the wrong shape.

loses: mistake-convention

says: The axes of dl/dV are swapped: h has an entry for each row of V here, not for each column.
"""


# %% mistake-convention
def column_layer_gradients(h, V, do):
    return np.outer(do, h), V @ do
