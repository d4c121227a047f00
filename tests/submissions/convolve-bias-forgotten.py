"""Forgets the bias.

loses: q8a-convolve

says: Something is missing everywhere: what does (8.3) add to the product?
"""


# %% q8a-convolve
def convolve(X, W, b, stride=1, padding=0):
    k = W.shape[2]
    H, V = ((side + 2 * padding - k) // stride + 1 for side in X.shape[2:])
    Y = columns(X, k, stride, padding) @ W.reshape(len(W), -1).T
    return Y.reshape(len(X), H, V, len(W)).transpose(0, 3, 1, 2)
