"""Draws half as many values as there are.

loses: q3b-interval

says: It is √2 times too far away: how many values has a bootstrap sample?
"""


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    means = [np.mean(rng.choice(values, size=len(values) // 2)) for _ in range(repeats)]
    return tuple(np.percentile(means, [2.5, 97.5]))
