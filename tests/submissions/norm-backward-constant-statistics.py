"""Takes mean and variance for constants.

loses: q7b-backward

says: This is the direct way alone, with mean and variance as constants: how many terms has the bracket of (7.8)?
"""


# %% q7b-backward
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    return gamma * G / np.sqrt(s + eps)
