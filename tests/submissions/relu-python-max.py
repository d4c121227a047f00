"""Uses Python's max, which cannot compare arrays.

loses: q1a-relu

says: The truth value of an array with more than one element is ambiguous.
"""


# %% q1a-relu
def relu(Z):
    return max(0, Z)
