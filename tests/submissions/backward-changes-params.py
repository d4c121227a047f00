"""Takes a gradient step on the parameters while computing their gradients.

loses: q2d-backward

says: backward changed its argument params.
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    grads = {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }
    for name in params:
        params[name] -= 0.1 * grads[name]
    return grads
