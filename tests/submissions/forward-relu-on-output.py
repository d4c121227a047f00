"""Applies the ReLU to the scores as well.

loses: q1a-forward

says: The scores have gone through the ReLU: which lines of (1.3) have one?
"""


# %% q1a-forward
def forward(params, X):
    Z2 = affine(X, params["W1"], params["b1"])
    A2 = relu(Z2)
    Z3 = relu(affine(A2, params["W2"], params["b2"]))
    P = softmax(Z3)
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": P}
