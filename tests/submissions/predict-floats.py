"""Collects the classes in an array of floats.

loses: q3a-predict

says: not so: the classes are integers
"""


# %% q3a-predict
def predict(forward, params, X):
    P = forward(params, X)["P"]
    y_pred = np.zeros(len(X))
    for i in range(len(X)):
        y_pred[i] = np.argmax(P[i])
    return y_pred
