"""Makes the ReLU of a NumPy function with functools.partial.

loses: nothing
"""

# %% q1a-relu
from functools import partial

relu = partial(np.maximum, 0)
