"""Misspells a variable in the backward pass.

loses: q2d-backward

says: NameError: name 'dz2' is not defined
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dW2 = weight_gradient(cache["A2"], dZ3, params["W2"], reg)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    dW1 = weight_gradient(cache["X"], dz2, params["W1"], reg)
    return {"W1": dW1, "b1": bias_gradient(dZ2), "W2": dW2, "b2": bias_gradient(dZ3)}
