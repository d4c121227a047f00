"""Subtracts the probabilities from the one-hot vectors.

loses: q2a-scores

says: Right size, opposite sign: which of the two terms comes first in (2.5)?
"""


# %% q2a-scores
def scores_gradient(P, y):
    one_hot = np.zeros_like(P)
    one_hot[np.arange(len(y)), y] = 1
    return (one_hot - P) / len(y)
