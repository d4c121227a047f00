"""Divides the penalty by the number of samples.

loses: q1b-loss

says: The penalty is divided by N: is it inside the mean over the samples in (1.6)?
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    N = X.shape[0]
    data_loss = N * cross_entropy(forward(params, X)["Z3"], y)
    penalty = reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    return (data_loss + penalty) / N
