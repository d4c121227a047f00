"""Puts h through the sigmoid again.

loses: q6a-sigmoid
"""


# %% q6a-sigmoid
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(h):
    return sigmoid(h) * (1 - sigmoid(h))
