"""Gives every one of equal values the whole error signal.

loses: q8b-pool-backward

says: Each of the equal pixels gets the whole signal: how much may a window pass on in all?
"""


# %% q8b-pool-backward
def max_pool_backward(G, X, size=2):
    N, C, h, v = G.shape
    dX = np.zeros_like(X)
    part = X[:, :, : h * size, : v * size].reshape(N, C, h, size, v, size)
    largest = part.max(axis=(3, 5), keepdims=True)
    dX[:, :, : h * size, : v * size] = ((part == largest) * G[:, :, :, None, :, None]).reshape(N, C, h * size, v * size)
    return dX
