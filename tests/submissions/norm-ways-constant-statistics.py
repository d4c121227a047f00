"""Takes mean and variance for constants.

loses: q7b-ways

says: not so: X reaches the loss on the way through the mean, too
"""


# %% q7b-ways
def three_ways(G, X, gamma, eps):
    direct = gamma * G / np.sqrt(X.var(axis=0) + eps)
    return direct, np.zeros_like(X), np.zeros_like(X)
