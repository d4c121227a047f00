"""Uses a hidden_gradient without a mask, in both exercises that need it.

loses: q2c-hidden

says: The error has not gone through the ReLU: what is the slope of (1.1) at a unit that is off?
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    return dZ3 @ W2.T


# %% mistake-sum-first
def first_bias_gradient(dZ3, W2, Z2):
    return hidden_gradient(dZ3, W2, Z2).sum(axis=0)
