"""Draws rows, but returns the first labels.

loses: q3a-batch

says: not so: y_batch has shape (4000,): a label for each row that is drawn
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    chosen = rng.integers(0, X.shape[0], batch_size)
    return X[chosen], y[:batch_size]
