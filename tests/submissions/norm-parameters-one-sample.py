"""Takes one sample's normalised features for all: the index that a report lost.

loses: q7b-parameters

says: One sample's normalised features are used for all: which index do both factors of (7.7) have?
"""


# %% q7b-parameters
def parameter_gradients(G, X_hat):
    return np.sum(G * X_hat[0], axis=0), np.sum(G, axis=0)
