"""Adds epsilon to the standard deviation.

loses: q7b-forward

says: Off by very little: is ε where (7.5) has it?
"""


# %% q7b-forward
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    s = X.var(axis=0)
    X_hat = (X - X.mean(axis=0)) / (np.sqrt(s) + eps)
    return gamma * X_hat + beta, X_hat, s
