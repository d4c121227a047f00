"""Multiplies row by row in a Python loop, which is right but slow.

loses: q1c-vectorised

says: has a Python loop in its line
"""


# %% q1a-affine
def affine(X, W, b):
    Z = np.zeros((X.shape[0], W.shape[1]))
    for i in range(X.shape[0]):
        Z[i] = X[i] @ W + b
    return Z
