"""Shares the error signal among all pixels of a window, as a mean would.

loses: q8b-pool-backward

says: Every pixel of a window gets a share: on which of them does the output depend?
"""


# %% q8b-pool-backward
def max_pool_backward(G, X, size=2):
    dX = np.zeros_like(X)
    big = np.repeat(np.repeat(G, size, axis=2), size, axis=3) / size**2
    dX[:, :, : big.shape[2], : big.shape[3]] = big
    return dX
