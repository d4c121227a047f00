"""Turns the transposed product into the right shape by reshape.

loses: q2b-weights
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    dW = (dZ.T @ A).reshape(W.shape)
    return dW + 2 * reg * W
