"""Returns no gradient for the second biases.

loses: q2d-backward

says: grads has no key 'b2'.
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    dW1 = weight_gradient(cache["X"], dZ2, params["W1"], reg)
    dW2 = weight_gradient(cache["A2"], dZ3, params["W2"], reg)
    return {"W1": dW1, "b1": bias_gradient(dZ2), "W2": dW2}
