"""Loops over the rows in a function under a decorator that hides its name.

loses: q1c-vectorised

says: has a Python loop in its line
"""


# %% q1a-softmax
def logged(function):
    def inner(*args):
        return function(*args)

    return inner


@logged
def softmax(Z):
    return np.stack([scipy.special.softmax(z) for z in Z])
