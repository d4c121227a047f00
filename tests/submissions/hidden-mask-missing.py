"""Does not go through the ReLU.

loses: q2c-hidden

says: The error has not gone through the ReLU: what is the slope of (1.1) at a unit that is off?
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    return dZ3 @ W2.T
