"""Adds the norms of the weights, not their squares.

loses: q1b-loss

says: The norms in the penalty are not squared: look at (1.6) again.
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * (np.linalg.norm(params["W1"]) + np.linalg.norm(params["W2"]))
