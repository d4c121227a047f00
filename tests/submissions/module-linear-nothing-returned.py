"""Keeps the gradients and passes nothing on.

loses: q7a-linear

says: Does the function end with `return ...`?
"""


# %% q7a-linear
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, G):
        self.dW = self.X.T @ G
        self.db = G.sum(axis=0)
