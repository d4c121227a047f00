"""Misspells its argument.

loses: q1a-affine

says: NameError: name 'x' is not defined
"""


# %% q1a-affine
def affine(X, W, b):
    return x @ W + b
