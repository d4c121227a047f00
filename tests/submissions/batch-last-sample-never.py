"""Takes the upper end of rng.integers for the last index.

loses: q3a-batch

says: not so: every sample can be drawn, the first and the last one, too
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    indices = rng.integers(0, len(X) - 1, size=batch_size)
    return X[indices], y[indices]
