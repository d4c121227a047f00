"""Adds a penalty term to the bias gradients.

loses: q2d-backward

says: There is a penalty in the gradients of the biases: which parameters are in the penalty of (1.6)?
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    N = len(y)
    dZ3 = cache["P"].copy()
    dZ3[range(N), y] -= 1
    dZ3 /= N
    dZ2 = (dZ3 @ params["W2"].T) * (cache["Z2"] > 0)
    grads = {
        "W1": cache["X"].T @ dZ2,
        "b1": dZ2.sum(axis=0),
        "W2": cache["A2"].T @ dZ3,
        "b2": dZ3.sum(axis=0),
    }
    for name in grads:
        grads[name] = grads[name] + 2 * reg * params[name]
    return grads
