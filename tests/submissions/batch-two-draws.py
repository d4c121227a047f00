"""Draws the rows and the labels separately.

loses: q3a-batch
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    X_batch = X[rng.integers(len(X), size=batch_size)]
    y_batch = y[rng.integers(len(y), size=batch_size)]
    return X_batch, y_batch
