"""Returns one-hot rows.

loses: q3a-predict
"""


# %% q3a-predict
def predict(forward, params, X):
    P = forward(params, X)["P"]
    return (P == P.max(axis=1, keepdims=True)).astype(int)
