"""Divides by the number of values.

loses: q1-weighted-mean

says: The sum is divided by how many values there are: what do the weights add up to?
"""


# %% q1-weighted-mean
def weighted_mean(values, weights):
    return np.mean(weights * values)
