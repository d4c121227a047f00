"""Penalises the biases too.

loses: q1b-loss

says: The biases are penalised too; (1.6) penalises weights only.
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    squares = [
        np.sum(params["W1"] ** 2),
        np.sum(params["b1"] ** 2),
        np.sum(params["W2"] ** 2),
        np.sum(params["b2"] ** 2),
    ]
    return data_loss + reg * sum(squares)
