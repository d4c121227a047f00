"""Rounds up.

loses: q8a-size

says: not so: only places where the whole filter fits are counted
"""


# %% q8a-size
def output_size(size, kernel, stride=1, padding=0):
    return -(-(size + 2 * padding - kernel) // stride) + 1
