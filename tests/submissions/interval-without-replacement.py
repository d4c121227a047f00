"""Draws every bootstrap sample without replacement.

loses: q3b-interval

says: All means are the same: can a value be drawn more than once?
"""


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    means = []
    for _ in range(repeats):
        sample = rng.choice(values, size=len(values), replace=False)
        means.append(np.mean(sample))
    return np.percentile(means, 2.5), np.percentile(means, 97.5)
