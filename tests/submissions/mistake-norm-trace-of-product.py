"""Adds all entries of the product of the weights with their transpose.

loses: mistake-norm

says: All entries of a product of the weights with themselves are added: which of them are sums of squares as in
(1.7)?
"""


# %% mistake-norm
def penalty(W1, W2, reg):
    return reg * (np.sum(W1.T @ W1) + np.sum(W2.T @ W2))
