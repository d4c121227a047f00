"""Takes absolute values.

loses: q1a-relu
"""


# %% q1a-relu
def relu(Z):
    return np.abs(Z)
