"""Does not return the hidden activations.

loses: q1a-forward

says: cache has no key 'A2'.
"""


# %% q1a-forward
def forward(params, X):
    Z2 = affine(X, params["W1"], params["b1"])
    Z3 = affine(relu(Z2), params["W2"], params["b2"])
    return {"X": X, "Z2": Z2, "Z3": Z3, "P": softmax(Z3)}
