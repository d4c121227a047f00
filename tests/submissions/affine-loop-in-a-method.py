"""Loops over the rows in a method of a class of its own.

loses: q1c-vectorised

says: has a Python loop in its line
"""


# %% q1a-affine
class Layer:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, X):
        Z = np.zeros((len(X), len(self.b)))
        for i in range(len(X)):
            Z[i] = X[i] @ self.W + self.b
        return Z


def affine(X, W, b):
    return Layer(W, b)(X)
