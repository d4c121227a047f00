"""Uses Z2 where A2 belongs in the gradient of the output weights.

loses: q2d-backward

says: This is not what the second layer gets as its input: which line of (1.3) comes between Z2 and Z3?
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dW2 = weight_gradient(cache["Z2"], dZ3, params["W2"], reg)
    db2 = bias_gradient(dZ3)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    dW1 = weight_gradient(cache["X"], dZ2, params["W1"], reg)
    db1 = bias_gradient(dZ2)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
