"""Returns the highest probability instead of its class.

loses: q3a-predict
"""


# %% q3a-predict
def predict(forward, params, X):
    return np.max(forward(params, X)["P"], axis=1)
