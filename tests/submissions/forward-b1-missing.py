"""Leaves out the first biases in the network.

loses: q1a-forward

says: The first biases are missing: what does the second line of (1.3) add?
"""


# %% q1a-forward
def forward(params, X):
    Z2 = X @ params["W1"]
    A2 = relu(Z2)
    Z3 = affine(A2, params["W2"], params["b2"])
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": softmax(Z3)}
