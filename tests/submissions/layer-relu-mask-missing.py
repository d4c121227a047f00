"""Passes the whole gradient.

loses: q5a-relu

says: The whole gradient passes: at which inputs has the ReLU the slope 0?
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
        return dY
