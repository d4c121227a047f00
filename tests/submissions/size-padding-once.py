"""Counts the padding of one side only.

loses: q8a-size

says: not so: zeros are put on both sides of the image
"""


# %% q8a-size
def output_size(size, kernel, stride=1, padding=0):
    return (size + padding - kernel) // stride + 1
