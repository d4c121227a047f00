"""Has the wrong sign in the exponent.

loses: q6a-sigmoid

says: This is σ(-z), which falls: which sign has z in the exponent of (6.3)?
"""


# %% q6a-sigmoid
def sigmoid(z):
    return 1 / (1 + np.exp(z))


def sigmoid_slope(h):
    return h * (1 - h)
