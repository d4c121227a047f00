"""Tests whether the activations are at least 0, which they always are.

loses: q2d-backward

says: Every unit counts as on: can the numbers that your mask compares with 0 be negative at all?
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    N = len(y)
    dZ3 = cache["P"].copy()
    dZ3[np.arange(N), y] -= 1
    dZ3 = dZ3 / N
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * (cache["A2"] >= 0)
    dW1 = cache["X"].T @ dZ2 + 2 * reg * params["W1"]
    dW2 = cache["A2"].T @ dZ3 + 2 * reg * params["W2"]
    return {"W1": dW1, "b1": dZ2.sum(axis=0), "W2": dW2, "b2": dZ3.sum(axis=0)}
