"""Does not subtract the one-hot vector.

loses: q2a-scores
"""


# %% q2a-scores
def scores_gradient(P, y):
    return P / len(y)
