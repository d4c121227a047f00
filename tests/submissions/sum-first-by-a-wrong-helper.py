"""Uses a hidden_gradient without a mask, in both exercises that need it.

loses: q2c-hidden
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    return dZ3 @ W2.T


# %% mistake-sum-first
def first_bias_gradient(dZ3, W2, Z2):
    return hidden_gradient(dZ3, W2, Z2).sum(axis=0)
