"""Makes rows of the error signal without bringing the filters to the back.

loses: q8a-backward

says: The error signal's rows are mixed up: where must the filters' axis be before a reshape makes rows?
"""


# %% q8a-backward
def convolve_backward(G, X, W, stride=1, padding=0):
    F, k = len(W), W.shape[2]
    G_rows = G.reshape(-1, F)
    dW = (G_rows.T @ columns(X, k, stride, padding)).reshape(W.shape)
    dX = fold_back(G_rows @ W.reshape(F, -1), X.shape, k, stride, padding)
    return dX, dW, G.sum(axis=(0, 2, 3))
