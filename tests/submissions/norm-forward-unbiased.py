"""Divides the variance by N - 1.

loses: q7b-forward

says: This variance divides by N - 1: what does (7.4) divide by?
"""


# %% q7b-forward
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    s = X.var(axis=0, ddof=1)
    X_hat = (X - X.mean(axis=0)) / np.sqrt(s + eps)
    return gamma * X_hat + beta, X_hat, s
