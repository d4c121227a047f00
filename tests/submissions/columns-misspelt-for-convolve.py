"""Has no function `columns`, which the convolution and its backward pass call.

loses: q8a-columns

says: `columns` is not defined.
"""


# %% q8a-columns
def colums(X, kernel, stride=1, padding=0):
    return X.reshape(-1, X.shape[1] * kernel**2)
