"""Divides every sum by N - 1.

loses: mistake-unbiased

says: Every sum is divided by N - 1: which of the means in (7.8) comes from the variance, and which from m?
"""


# %% mistake-unbiased
def unbiased_backward(G, X, gamma, eps):
    n = len(X) - 1
    std = np.sqrt(X.var(axis=0, ddof=1) + eps)
    X_hat = (X - X.mean(axis=0)) / std
    return gamma / std * (G - G.sum(axis=0) / n - X_hat * (G * X_hat).sum(axis=0) / n)
