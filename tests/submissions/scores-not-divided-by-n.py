"""Leaves out the division by the number of samples.

loses: q2a-scores
"""


# %% q2a-scores
def scores_gradient(P, y):
    delta = np.eye(P.shape[1])[y]
    return P - delta
