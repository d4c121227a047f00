"""Uses the spectral norm of the weights.

loses: q1b-loss

says: This uses the spectral norm, the largest singular value: which numbers does (1.7) add?
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * (np.linalg.norm(params["W1"], 2) ** 2 + np.linalg.norm(params["W2"], 2) ** 2)
