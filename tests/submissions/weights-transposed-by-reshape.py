"""Turns the transposed product into the right shape by reshape.

loses: q2b-weights

says: These are the right numbers in another order: a reshape is no transpose. Which product in (2.10) has the right
shape at once?
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    dW = (dZ.T @ A).reshape(W.shape)
    return dW + 2 * reg * W
