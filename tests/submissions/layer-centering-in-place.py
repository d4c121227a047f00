"""Subtracts the mean from the images themselves.

loses: q5a-centering

says: forward changed its argument X.
"""


# %% q5a-centering
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        X -= self.mean
        return X

    def backward(self, dY):
        return dY
