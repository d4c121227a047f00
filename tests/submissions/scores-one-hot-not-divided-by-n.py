"""Divides the probabilities by N before it subtracts the one-hot vectors.

loses: q2a-scores

says: Only one of the two terms is divided by N: what does the bracket of (2.5) mean?
"""


# %% q2a-scores
def scores_gradient(P, y):
    N = P.shape[0]
    dZ3 = P / N
    dZ3[np.arange(N), y] -= 1
    return dZ3
