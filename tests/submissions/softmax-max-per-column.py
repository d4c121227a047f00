"""Subtracts the maximum of each column.

loses: q1a-softmax

says: The rows sum to 1 and are wrong: (1.2) allows you to add one constant to all scores of a row. Is yours one for
each row?
"""


# %% q1a-softmax
def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=1, keepdims=True)
