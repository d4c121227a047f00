"""Misspells its argument.

loses: q1a-affine
"""


# %% q1a-affine
def affine(X, W, b):
    return x @ W + b
