"""Starts the largest value at 0, and asks that function on the way back for what was the largest.

loses: q8b-pool

says: Windows without a positive pixel give 0: where does the search for the largest begin?
"""


# %% q8b-pool
def max_pool(X, size=2):
    N, C, height, width = X.shape
    Y = np.zeros((N, C, height // size, width // size))
    for u, v in np.ndindex(size, size):
        down, across = Y.shape[2] * size, Y.shape[3] * size
        Y = np.maximum(Y, X[:, :, u:down:size, v:across:size])
    return Y


# %% q8b-pool-backward
def max_pool_backward(G, X, size=2):
    largest, dX = max_pool(X, size), np.zeros_like(X)
    given = np.zeros(G.shape, dtype=bool)
    for u, v in np.ndindex(size, size):
        part = np.s_[:, :, u : G.shape[2] * size : size, v : G.shape[3] * size : size]
        chosen = (X[part] == largest) & ~given
        dX[part] = chosen * G
        given |= chosen
    return dX
