"""Computes the gradients in float32.

loses: q2d-backward

says: grads["W1"] has the wrong dtype.
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    P, A2, X = (cache[name].astype(np.float32) for name in ("P", "A2", "X"))
    W1, W2 = params["W1"].astype(np.float32), params["W2"].astype(np.float32)
    dZ3 = P.copy()
    dZ3[np.arange(len(y)), y] -= 1
    dZ3 /= len(y)
    dZ2 = dZ3 @ W2.T * (A2 > 0)
    return {
        "W1": X.T @ dZ2 + 2 * np.float32(reg) * W1,
        "b1": dZ2.sum(axis=0),
        "W2": A2.T @ dZ3 + 2 * np.float32(reg) * W2,
        "b2": dZ3.sum(axis=0),
    }
