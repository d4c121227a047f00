"""Starts the search for the largest value at 0.

loses: q8b-pool

says: Windows without a positive pixel give 0: where does the search for the largest begin?
"""


# %% q8b-pool
def max_pool(X, size=2):
    N, C, H, V = X.shape
    out = np.zeros((N, C, H // size, V // size))
    for i in range(size):
        for j in range(size):
            out = np.maximum(out, X[:, :, i::size, j::size][:, :, : H // size, : V // size])
    return out
