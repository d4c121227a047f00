"""Multiplies by the activations instead of the mask.

loses: q2c-hidden

says: The error is multiplied by the hidden values: what is the slope of (1.1) at a unit that is on?
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    A2 = np.maximum(0, Z2)
    return (dZ3 @ W2.T) * A2
