"""Computes the gradient and does not return it.

loses: q2a-scores

says: Does the function end with `return ...`?
"""


# %% q2a-scores
def scores_gradient(P, y):
    P[np.arange(len(y)), y] -= 1
    P /= len(y)
