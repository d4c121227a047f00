"""Differentiates the logarithm of every probability.

loses: q6a-slopes

says: ℓ depends on the label's probability alone.
"""


# %% q6a-slopes
def loss_slopes(p, t):
    return -1 / p


def score_slopes(p, t):
    slopes = np.array(p)
    slopes[t] -= 1
    return slopes
