"""Takes the normal interval of the mean, without a bootstrap.

loses: q3b-interval

says: not so: another rng gives another interval
"""


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    values = np.asarray(values, dtype=float)
    error = values.std() / np.sqrt(len(values))
    return values.mean() - 1.96 * error, values.mean() + 1.96 * error
