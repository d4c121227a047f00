"""Lets one hundredth of the negative entries through.

loses: q1a-relu

says: A little of each negative entry comes through: what does (1.1) say about them?
"""


# %% q1a-relu
def relu(Z):
    return np.where(Z > 0, Z, 0.01 * Z)
