"""Uses the mask of the first sample for all.

loses: q2c-hidden
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    mask = Z2[0] > 0
    return np.dot(dZ3, W2.T) * mask
