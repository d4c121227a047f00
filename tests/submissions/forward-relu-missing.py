"""Goes without the ReLU.

loses: q1a-forward

says: A2 is the same as Z2: which function stands between them in (1.3)?
"""


# %% q1a-forward
def forward(params, X):
    Z2 = affine(X, params["W1"], params["b1"])
    Z3 = affine(Z2, params["W2"], params["b2"])
    return {"X": X, "Z2": Z2, "A2": Z2, "Z3": Z3, "P": softmax(Z3)}
