"""Takes the mean over the batch once more.

loses: q8a-backward

says: It is divided by the number of images: is there a mean in (8.4)?
"""


# %% q8a-backward
def convolve_backward(G, X, W, stride=1, padding=0):
    F, k = len(W), W.shape[2]
    G_rows = G.transpose(0, 2, 3, 1).reshape(-1, F)
    dW = (G_rows.T @ columns(X, k, stride, padding)).reshape(W.shape)
    dX = fold_back(G_rows @ W.reshape(F, -1), X.shape, k, stride, padding)
    return dX, dW / len(X), G_rows.sum(axis=0) / len(X)
