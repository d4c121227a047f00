"""Takes a step with the output weights before the error goes through them.

loses: q2d-backward

says: The error has come through weights that are not those of params: is anything updated in between?
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dW2 = weight_gradient(cache["A2"], dZ3, params["W2"], reg)
    W2 = params["W2"] - 1e-3 * dW2
    dZ2 = hidden_gradient(dZ3, W2, cache["Z2"])
    dW1 = weight_gradient(cache["X"], dZ2, params["W1"], reg)
    return {"W1": dW1, "b1": bias_gradient(dZ2), "W2": dW2, "b2": bias_gradient(dZ3)}
