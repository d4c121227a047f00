"""Leaves the logarithm of the sum to NumPy and SciPy.

loses: nothing
"""


# %% q1a-softmax
def softmax(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    from scipy.special import logsumexp

    return np.mean(logsumexp(Z, axis=1) - np.take_along_axis(Z, y[:, None], axis=1)[:, 0])


# %% mistake-one-hot
def one_sample_gradient(z, label):
    p = np.exp(z - np.logaddexp.reduce(z))
    return p - np.eye(len(z))[label]
