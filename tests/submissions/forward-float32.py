"""Computes the network in float32.

loses: q1a-forward

says: cache["X"] has the wrong dtype.
"""


# %% q1a-forward
def forward(params, X):
    X = X.astype(np.float32)
    Z2 = affine(X, params["W1"].astype(np.float32), params["b1"].astype(np.float32))
    A2 = relu(Z2)
    Z3 = affine(A2, params["W2"].astype(np.float32), params["b2"].astype(np.float32))
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": softmax(Z3)}
