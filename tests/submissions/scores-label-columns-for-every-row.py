"""Subtracts 1 in the label columns of all rows.

loses: q2a-scores

says: The labels of all samples are used in every row: how does an index pick one entry of each row?
"""


# %% q2a-scores
def scores_gradient(P, y):
    dZ3 = P.copy()
    dZ3[:, y] -= 1
    return dZ3 / len(y)
