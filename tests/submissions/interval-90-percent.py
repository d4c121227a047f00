"""Takes the middle 90 percent.

loses: q3b-interval

says: This looks like the middle 90 %: how many of the means lie outside, on each side?
"""


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    chosen = rng.integers(len(values), size=(repeats, len(values)))
    low, high = np.percentile(values[chosen].mean(axis=1), [5, 95])
    return float(low), float(high)
