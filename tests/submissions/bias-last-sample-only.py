"""Overwrites the gradient in a loop instead of adding to it.

loses: q2c-bias

says: This is the error of the last sample alone: what about the others?
"""


# %% q2c-bias
def bias_gradient(dZ):
    db = np.zeros(dZ.shape[1])
    for i in range(len(dZ)):
        db = dZ[i]
    return db
