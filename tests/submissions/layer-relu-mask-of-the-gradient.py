"""Cuts off negative gradients, not those of negative inputs.

loses: q5a-relu

says: It is the sign of the layer's input that decides, not that of dY.
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
        return np.maximum(dY, 0)
