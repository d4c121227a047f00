"""Uses the mask of the first sample for all.

loses: q2c-hidden

says: One sample's mask is used for all: is a unit on for every sample, or for some?
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    mask = Z2[0] > 0
    return np.dot(dZ3, W2.T) * mask
