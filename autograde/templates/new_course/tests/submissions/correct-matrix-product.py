"""A matrix product with normalised weights.

loses: nothing
"""


# %% q1-weighted-mean
def weighted_mean(values, weights):
    shares = weights / weights.sum()
    return shares @ values
