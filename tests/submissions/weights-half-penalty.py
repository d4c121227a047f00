"""Forgets the 2 of the derivative of the square.

loses: q2b-weights
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + reg * W
