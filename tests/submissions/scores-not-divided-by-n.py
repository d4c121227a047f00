"""Leaves out the division by the number of samples.

loses: q2a-scores

says: Every entry is N times what it should be: which factor of (2.5) is missing?
"""


# %% q2a-scores
def scores_gradient(P, y):
    delta = np.eye(P.shape[1])[y]
    return P - delta
