"""Keeps the mask of the first batch.

loses: q7a-relu

says: This is the mask of an earlier batch: when must the module look anew where X is positive?
"""


# %% q7a-relu
class ReLU:
    def __init__(self):
        self.mask = None

    def forward(self, X):
        if self.mask is None:
            self.mask = X > 0
        return np.maximum(X, 0)

    def backward(self, G):
        return G * self.mask
