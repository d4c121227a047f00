"""Shifts each row by its mean, which overflows when one score is far above the others.

loses: q1a-softmax

says: softmax of (0, 2000, 0), one score far above the others, is not finite
"""


# %% q1a-softmax
def softmax(Z):
    E = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
