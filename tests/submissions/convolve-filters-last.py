"""Reshapes to images without bringing the filters forward.

loses: q8a-convolve

says: The right numbers in another order: which axis do the filters have after the product, and which in the output?
"""


# %% q8a-convolve
def convolve(X, W, b, stride=1, padding=0):
    k = W.shape[2]
    H, V = ((side + 2 * padding - k) // stride + 1 for side in X.shape[2:])
    Y = columns(X, k, stride, padding) @ W.reshape(len(W), -1).T + b
    return Y.reshape(len(X), len(W), H, V)
