"""Returns one-hot rows.

loses: q3a-predict

says: Each row has a number for every class: which one number says where its largest entry is?
"""


# %% q3a-predict
def predict(forward, params, X):
    P = forward(params, X)["P"]
    return (P == P.max(axis=1, keepdims=True)).astype(int)
