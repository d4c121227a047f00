"""Keeps the one-sided difference.

loses: mistake-one-sided

says: This difference looks to one side only: where else can f be computed?
"""


# %% mistake-one-sided
def central_differences(f, x, h):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        moved = x.copy()
        moved[i] += h
        gradient[i] = (f(moved) - f(x)) / h
    return gradient
