"""Takes the largest value over all channels.

loses: q8b-pool

says: All channels share one largest value: over which indices does (8.7) take it?
"""


# %% q8b-pool
def max_pool(X, size=2):
    N, C, H, V = X.shape
    h, v = H // size, V // size
    out = X[:, :, : h * size, : v * size].reshape(N, C, h, size, v, size).max(axis=(1, 3, 5))
    return np.repeat(out[:, None], C, axis=1)
