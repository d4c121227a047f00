"""Forgets the factor 2 of the square.

loses: q7b-ways

says: It is half of what it should be: which power of the deviations does (7.4) have?
"""


# %% q7b-ways
def three_ways(G, X, gamma, eps):
    N = len(X)
    centred = X - X.mean(axis=0)
    std = np.sqrt(X.var(axis=0) + eps)
    dX_hat = gamma * G
    dvar = np.sum(dX_hat * centred * -0.5 / std**3, axis=0)
    dmean = np.sum(-dX_hat / std, axis=0)
    return dX_hat / std, np.ones((N, 1)) * dmean / N, dvar * centred / N
