"""Returns 1 where an entry is positive: the derivative of the ReLU.

loses: q1a-relu

says: This is 1 wherever an entry is positive: that is the slope of (1.1). What is its value?
"""


# %% q1a-relu
def relu(Z):
    return (Z > 0).astype(float)
