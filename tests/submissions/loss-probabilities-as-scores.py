"""Gives the probabilities to the cross-entropy, which takes scores.

loses: q1b-loss

says: The softmax is applied twice: does cross_entropy take scores or probabilities?
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["P"], y)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
