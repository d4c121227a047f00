"""Writes zeros into the gradient it was given.

loses: q5a-relu

says: backward changed its argument dY.
"""


# %% q5a-relu
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)
        self.mask = None

    def forward(self, X):
        self.X = X
        return np.maximum(X, 0)

    def backward(self, dY):
        dY[self.X <= 0] = 0
        return dY
