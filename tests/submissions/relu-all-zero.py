"""Returns zeros.

loses: q1a-relu

says: Every entry is 0.
"""


# %% q1a-relu
def relu(Z):
    return np.zeros_like(Z)
