"""Subtracts the largest score of the whole batch.

loses: q1a-softmax
"""


# %% q1a-softmax
def softmax(Z):
    E = np.exp(Z - np.max(Z))
    return E / E.sum(axis=1, keepdims=True)
