"""Leaves out the division by the sum.

loses: q1a-softmax
"""


# %% q1a-softmax
def softmax(Z):
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.exp(Z)
