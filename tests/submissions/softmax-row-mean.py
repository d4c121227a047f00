"""Shifts each row by its mean, which overflows when one score is far above the others.

loses: q1a-softmax
"""


# %% q1a-softmax
def softmax(Z):
    E = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
