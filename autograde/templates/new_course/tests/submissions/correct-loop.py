"""A loop over plain numbers.

loses: nothing
"""


# %% q1-weighted-mean
def weighted_mean(values, weights):
    total = sum(float(w) * float(x) for x, w in zip(values, weights))
    return total / sum(float(w) for w in weights)
