"""Divides without rounding.

loses: q8a-size

says: not so: output_size returns an integer
"""


# %% q8a-size
def output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) / stride + 1
