"""Transposes the output weights by reshape.

loses: q2c-hidden
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    H, K = W2.shape
    dA2 = dZ3 @ W2.reshape(K, H)
    dA2[Z2 <= 0] = 0
    return dA2
