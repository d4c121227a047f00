"""Lets one hundredth of the negative entries through.

loses: q1a-relu
"""


# %% q1a-relu
def relu(Z):
    return np.where(Z > 0, Z, 0.01 * Z)
