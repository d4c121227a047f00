"""Uses Python's max, which cannot compare arrays.

loses: q1a-relu
"""


# %% q1a-relu
def relu(Z):
    return max(0, Z)
