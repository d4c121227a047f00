"""Draws from NumPy's global generator.

loses: q3b-interval

says: not so: the same rng gives the same interval
"""


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    values = np.asarray(values, dtype=float)
    means = [np.random.choice(values, len(values)).mean() for _ in range(repeats)]
    low, high = np.percentile(means, [2.5, 97.5])
    return low, high
