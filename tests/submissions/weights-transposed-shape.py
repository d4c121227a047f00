"""Returns the gradient transposed.

loses: q2b-weights
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    return dZ.T @ A + 2 * reg * W.T
