"""Does not go through the ReLU.

loses: q2c-hidden
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    return dZ3 @ W2.T
