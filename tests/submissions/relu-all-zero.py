"""Returns zeros.

loses: q1a-relu
"""


# %% q1a-relu
def relu(Z):
    return np.zeros_like(Z)
