"""Puts h through the sigmoid again.

loses: q6a-sigmoid

says: h is σ(z) already: it is not put through σ once more.
"""


# %% q6a-sigmoid
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(h):
    return sigmoid(h) * (1 - sigmoid(h))
