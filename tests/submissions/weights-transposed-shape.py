"""Returns the gradient transposed.

loses: q2b-weights

says: The axes are swapped: which of the two factors is transposed in (2.10)?
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    return dZ.T @ A + 2 * reg * W.T
