"""Draws from NumPy's global generator.

loses: q3a-batch

says: not so: the same rng gives the same batch
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    chosen = np.random.choice(len(X), batch_size)
    return X[chosen], y[chosen]
