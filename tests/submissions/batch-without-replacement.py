"""Draws without replacement.

loses: q3a-batch

says: Cannot take a larger sample than population when replace is False
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    chosen = rng.choice(len(X), size=batch_size, replace=False)
    return X[chosen], y[chosen]
