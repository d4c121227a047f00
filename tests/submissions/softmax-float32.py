"""Computes in float32.

loses: q1a-softmax

says: softmax(Z3) of the toy problem has the wrong dtype.
"""


# %% q1a-softmax
def softmax(Z):
    Z = Z.astype(np.float32)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
