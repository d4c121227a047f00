"""Uses the spectral norm.

loses: mistake-norm

says: This is the spectral norm, the largest singular value: which numbers does (1.7) add?
"""


# %% mistake-norm
def penalty(W1, W2, reg):
    return reg * (np.linalg.norm(W1, 2) ** 2 + np.linalg.norm(W2, 2) ** 2)
