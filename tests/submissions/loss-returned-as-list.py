"""Returns the loss in a list.

loses: q1b-loss

says: compute_loss(params, X, y, reg) on the toy problem has the wrong type.
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    loss = []
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    loss.append(data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)))
    return loss
