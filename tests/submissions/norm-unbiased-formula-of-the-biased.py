"""Uses the formula for the variance with N, as a report did.

loses: mistake-unbiased

says: This is (7.8) word for word, which was derived for (7.4): which of its terms comes from the variance?
"""


# %% mistake-unbiased
def unbiased_backward(G, X, gamma, eps):
    std = np.sqrt(X.var(axis=0, ddof=1) + eps)
    X_hat = (X - X.mean(axis=0)) / std
    return gamma / std * (G - G.mean(axis=0) - X_hat * (G * X_hat).mean(axis=0))
