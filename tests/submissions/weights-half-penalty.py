"""Forgets the 2 of the derivative of the square.

loses: q2b-weights

says: The penalty pulls half as much as in (2.8): what is the derivative of a square?
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + reg * W
