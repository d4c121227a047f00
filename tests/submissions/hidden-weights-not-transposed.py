"""Multiplies by W2 as it stands, which does not fit.

loses: q2c-hidden

says: matmul: Input operand 1 has a mismatch in its core dimension 0
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    return (dZ3 @ W2) * (Z2 > 0)
