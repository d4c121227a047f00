"""Draws the rows and the labels separately.

loses: q3a-batch

says: not so: every row of X_batch has its own label in y_batch
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    X_batch = X[rng.integers(len(X), size=batch_size)]
    y_batch = y[rng.integers(len(y), size=batch_size)]
    return X_batch, y_batch
