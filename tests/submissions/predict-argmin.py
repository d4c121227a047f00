"""Takes the least probable class.

loses: q3a-predict
"""


# %% q3a-predict
def predict(forward, params, X):
    return forward(params, X)["P"].argmin(axis=1)
