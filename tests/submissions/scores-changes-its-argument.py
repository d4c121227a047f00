"""Subtracts the one-hot in the array it was given.

loses: q2a-scores

says: scores_gradient changed its argument P.
"""


# %% q2a-scores
def scores_gradient(P, y):
    P[np.arange(P.shape[0]), y] -= 1
    return P / P.shape[0]
