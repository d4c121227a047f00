"""Adds 1e-8 to the probabilities before the logarithm.

loses: q1b-cross-entropy

says: This is right to six digits only: is there something small in your logarithm that is not in (1.4)?
"""


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    P = softmax(Z)
    return -np.mean(np.log(P[np.arange(len(y)), y] + 1e-8))
