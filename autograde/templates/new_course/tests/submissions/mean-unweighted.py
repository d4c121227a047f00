"""Leaves out the weights.

loses: q1-weighted-mean

says: Every value counts the same here: where do the weights come in?
"""


# %% q1-weighted-mean
def weighted_mean(values, weights):
    return np.mean(values)
