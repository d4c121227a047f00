"""Transposes the weights by reshape before the product of columns.

loses: q1a-affine

says: W was turned by a reshape, which is no transpose. W is (D, H) here: does (1.8) need it turned at all?
"""


# %% q1a-affine
def affine(X, W, b):
    D, H = W.shape
    Wt = W.reshape(H, D)
    return (Wt @ X.T).T + b
