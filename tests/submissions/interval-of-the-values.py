"""Takes the standard deviation of the values instead of the standard error of their mean.

loses: q3b-interval

says: This is how far the values spread, not how far their means do.
"""


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    mean, std = np.mean(values), np.std(values)
    return mean - 1.96 * std, mean + 1.96 * std
