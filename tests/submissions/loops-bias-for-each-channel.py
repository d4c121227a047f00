"""Adds the bias once for every channel.

loses: q8a-loops

says: The bias is added more than once: is it inside the sums of (8.1)?
"""


# %% q8a-loops
def convolve_by_loops(X, W, b, stride=1, padding=0):
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = W.shape[2]
    H, V = (X.shape[2] - k) // stride + 1, (X.shape[3] - k) // stride + 1
    Y = np.zeros((len(X), len(W), H, V))
    for n, f, i, j in np.ndindex(*Y.shape):
        for c in range(X.shape[1]):
            window = X[n, c, i * stride : i * stride + k, j * stride : j * stride + k]
            Y[n, f, i, j] += np.sum(window * W[f, c]) + b[f]
    return Y
