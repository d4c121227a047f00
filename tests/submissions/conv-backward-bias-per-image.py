"""Sums the bias's gradient over places and not over images.

loses: q8a-backward

says: dL/db knows one image only: over which rows does the product with 1 in (8.4) sum?
"""


# %% q8a-backward
def convolve_backward(G, X, W, stride=1, padding=0):
    F, k = len(W), W.shape[2]
    G_rows = G.transpose(0, 2, 3, 1).reshape(-1, F)
    dW = (G_rows.T @ columns(X, k, stride, padding)).reshape(W.shape)
    dX = fold_back(G_rows @ W.reshape(F, -1), X.shape, k, stride, padding)
    return dX, dW, G[0].sum(axis=(1, 2))
