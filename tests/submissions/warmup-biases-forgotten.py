"""Counts the weights only.

loses: q1-warmup

says: counts the biases, too
"""


# %% q1-warmup
def number_of_parameters(D, H, K):
    return D * H + H * K
