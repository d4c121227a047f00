"""Puts a ½ before the penalty.

loses: q1b-loss

says: The penalty is half as large as in (1.6): is there a factor that does not belong?
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + 0.5 * reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
