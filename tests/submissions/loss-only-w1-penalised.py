"""Penalises the first weights only.

loses: q1b-loss

says: Only one of the two weight matrices is penalised: which ones are in (1.6)?
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    Z3 = forward(params, X)["Z3"]
    return cross_entropy(Z3, y) + reg * np.sum(params["W1"] ** 2)
