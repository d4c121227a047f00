"""Divides by zero.

loses: q1-warmup

says: ZeroDivisionError: division by zero
"""


# %% q1-warmup
def number_of_parameters(D, H, K):
    layers = 2
    return ((D + 1) * H + (H + 1) * K) / (layers - 2)
