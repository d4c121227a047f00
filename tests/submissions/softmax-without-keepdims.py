"""Drops the axis when it takes the row maximum, so that the shapes do not broadcast.

loses: q1a-softmax

says: operands could not be broadcast together with shapes (5,3) (5,)
"""


# %% q1a-softmax
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1))
    return E / E.sum(axis=1)
