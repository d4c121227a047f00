"""Takes the first entries of a permutation, which are never more than there are samples.

loses: q3a-batch

says: not so: X_batch has shape (4000, 2): with replacement, it may have more than the set
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    order = rng.permutation(len(X))[:batch_size]
    return X[order], y[order]
