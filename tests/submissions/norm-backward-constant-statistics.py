"""Takes mean and variance for constants.

loses: q7b-backward
"""


# %% q7b-backward
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    return gamma * G / np.sqrt(s + eps)
