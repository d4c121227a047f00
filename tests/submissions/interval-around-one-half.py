"""Takes the normal interval of an accuracy of one half.

loses: q3b-interval

says: not so: the middle of the interval is about the mean of the values
"""


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    error = np.sqrt(0.5 * 0.5 / len(values))
    return 0.5 - 1.96 * error, 0.5 + 1.96 * error
