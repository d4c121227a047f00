"""Normalises each sample over its features: layer norm.

loses: q7b-forward

says: This is one variance for each sample: over which index do (7.3) and (7.4) sum?
"""


# %% q7b-forward
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    s = X.var(axis=1, keepdims=True)
    X_hat = (X - X.mean(axis=1, keepdims=True)) / np.sqrt(s + eps)
    return gamma * X_hat + beta, X_hat, s
