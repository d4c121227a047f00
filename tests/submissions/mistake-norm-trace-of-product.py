"""Adds all entries of the product of the weights with their transpose.

loses: mistake-norm
"""


# %% mistake-norm
def penalty(W1, W2, reg):
    return reg * (np.sum(W1.T @ W1) + np.sum(W2.T @ W2))
