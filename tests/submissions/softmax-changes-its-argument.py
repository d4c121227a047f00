"""Shifts its argument in place.

loses: q1a-softmax

says: softmax changed its argument Z.
"""


# %% q1a-softmax
def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)
