"""Turns the filter round, as mathematicians do.

loses: q8a-loops

says: The filter is turned round, as mathematicians do: in which direction do u and v run in (8.1)?
"""


# %% q8a-loops
def convolve_by_loops(X, W, b, stride=1, padding=0):
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = W.shape[2]
    H, V = (X.shape[2] - k) // stride + 1, (X.shape[3] - k) // stride + 1
    Y = np.zeros((len(X), len(W), H, V))
    for n, f, i, j in np.ndindex(*Y.shape):
        window = X[n, :, i * stride : i * stride + k, j * stride : j * stride + k]
        Y[n, f, i, j] = np.sum(window * W[f, :, ::-1, ::-1]) + b[f]
    return Y
