"""Adds kernels up as if every stride were 1.

loses: q8c-receptive

says: Where are the strides?
"""


# %% q8c-receptive
def receptive_field(layers):
    return 1 + sum(kernel - 1 for kernel, stride in layers)
