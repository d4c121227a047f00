"""Takes the window at the output's place, whatever the stride.

loses: q8a-loops

says: The windows move by single pixels: where does S stand in (8.1)?
"""


# %% q8a-loops
def convolve_by_loops(X, W, b, stride=1, padding=0):
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = W.shape[2]
    H, V = (X.shape[2] - k) // stride + 1, (X.shape[3] - k) // stride + 1
    Y = np.zeros((len(X), len(W), H, V))
    for n, f, i, j in np.ndindex(*Y.shape):
        Y[n, f, i, j] = np.sum(X[n, :, i : i + k, j : j + k] * W[f]) + b[f]
    return Y
