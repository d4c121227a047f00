"""Multiplies with the Jacobian, which fails where a probability is 0.

loses: q6a-slopes

says: NumPy warned: divide by zero encountered
"""


# %% q6a-slopes
def loss_slopes(p, t):
    slopes = np.zeros(len(p))
    slopes[t] = -1 / p[t]
    return slopes


def score_slopes(p, t):
    return (np.diag(p) - np.outer(p, p)) @ loss_slopes(p, t)
