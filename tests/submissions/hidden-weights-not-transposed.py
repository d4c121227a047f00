"""Multiplies by W2 as it stands, which does not fit.

loses: q2c-hidden
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    return (dZ3 @ W2) * (Z2 > 0)
