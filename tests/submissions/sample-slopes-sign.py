"""Differentiates the log-probability, not the loss.

loses: q6a-slopes

says: Is this the slope of the loss, or of the log-probability?
"""


# %% q6a-slopes
def loss_slopes(p, t):
    slopes = np.zeros(len(p))
    slopes[t] = -1 / p[t]
    return slopes


def score_slopes(p, t):
    return np.eye(len(p))[t] - p
