"""Forgets that an input is only 1/N of the mean.

loses: q7b-ways

says: It is N times too large: how far does the mean (7.3) move when one input moves?
"""


# %% q7b-ways
def three_ways(G, X, gamma, eps):
    N = len(X)
    centred = X - X.mean(axis=0)
    std = np.sqrt(X.var(axis=0) + eps)
    dX_hat = gamma * G
    dvar = np.sum(dX_hat * centred * -0.5 / std**3, axis=0)
    dmean = np.sum(-dX_hat / std, axis=0)
    return dX_hat / std, np.ones((N, 1)) * dmean, dvar * 2 * centred / N
