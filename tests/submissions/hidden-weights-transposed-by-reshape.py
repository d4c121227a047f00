"""Transposes the output weights by reshape.

loses: q2c-hidden

says: W2 was turned by a reshape, which is no transpose: what does (2.9) ask for?
"""


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    H, K = W2.shape
    dA2 = dZ3 @ W2.reshape(K, H)
    dA2[Z2 <= 0] = 0
    return dA2
