"""Divides the derivative of the penalty by the number of samples.

loses: q2b-weights

says: The pull of the penalty is divided by N: is it inside the sum over the samples in (2.8)?
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    N = A.shape[0]
    return A.T @ dZ + 2 * reg * W / N
