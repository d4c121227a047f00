"""Sets the negative entries of its argument to 0 and returns it.

loses: q1a-relu

says: relu changed its argument Z.
"""


# %% q1a-relu
def relu(Z):
    Z[Z < 0] = 0
    return Z
