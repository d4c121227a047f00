"""Writes the sigmoid with exponentials that overflow for large z.

loses: q6a-sigmoid

says: NumPy warned: overflow encountered in exp.
"""


# %% q6a-sigmoid
def sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))


def sigmoid_slope(h):
    return h * (1 - h)
