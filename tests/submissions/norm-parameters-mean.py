"""Takes means over the batch.

loses: q7b-parameters

says: This is a mean over the batch: is there one in (7.7)?
"""


# %% q7b-parameters
def parameter_gradients(G, X_hat):
    return np.mean(G * X_hat, axis=0), np.mean(G, axis=0)
