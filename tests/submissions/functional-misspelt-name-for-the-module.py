"""Has no batch norm as a function, which the module calls: that costs the function's own marks alone.

loses: q7c-functional

says: `batch_norm` is not defined.
"""


# %% q7c-functional
def batchnorm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    return X, mean, variance
