"""Leaves out the penalty of the first weights.

loses: q2d-backward

says: This is the gradient of W1 without the penalty: which weights are in the penalty of (1.6)?
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    grads = {}
    grads["W2"] = weight_gradient(cache["A2"], dZ3, params["W2"], reg)
    grads["b2"] = bias_gradient(dZ3)
    grads["W1"] = np.dot(cache["X"].T, dZ2)
    grads["b1"] = bias_gradient(dZ2)
    return grads
