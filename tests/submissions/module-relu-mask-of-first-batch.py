"""Keeps the mask of the first batch.

loses: q7a-relu
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
