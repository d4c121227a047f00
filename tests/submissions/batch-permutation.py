"""Takes the first entries of a permutation, which are never more than there are samples.

loses: q3a-batch
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    order = rng.permutation(len(X))[:batch_size]
    return X[order], y[order]
