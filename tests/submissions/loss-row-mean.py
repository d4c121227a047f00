"""Shifts each row by its mean, which overflows when one score is far above the others.

loses: q1b-cross-entropy

says: NumPy warned: overflow encountered in exp. Where does your formula meet numbers this large or small?
"""


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    Z = Z - Z.mean(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(y)), y])
