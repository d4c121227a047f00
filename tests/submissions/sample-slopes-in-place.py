"""Subtracts 1 from the probabilities themselves.

loses: q6a-slopes

says: score_slopes changed its argument p.
"""


# %% q6a-slopes
def loss_slopes(p, t):
    slopes = np.zeros(len(p))
    slopes[t] = -1 / p[t]
    return slopes


def score_slopes(p, t):
    p[t] -= 1
    return p
