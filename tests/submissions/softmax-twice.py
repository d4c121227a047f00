"""Applies the softmax twice.

loses: q1a-softmax
"""


# %% q1a-softmax
def softmax(Z):
    P = scipy.special.softmax(Z, axis=1)
    return scipy.special.softmax(P, axis=1)
