"""Adds the samples before the mask.

loses: mistake-sum-first

says: The samples were added before the mask: is a unit on for every sample, or for some?
"""


# %% mistake-sum-first
def first_bias_gradient(dZ3, W2, Z2):
    return (dZ3.sum(axis=0) @ W2.T) * (Z2 > 0).any(axis=0)
