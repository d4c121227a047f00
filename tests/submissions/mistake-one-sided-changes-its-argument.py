"""Moves the entries of x and does not put them back.

loses: mistake-one-sided

says: central_differences changed its argument x.
"""


# %% mistake-one-sided
def central_differences(f, x, h):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient
