"""Divides by the standard deviation of the batch, too.

loses: q5a-centering

says: Nothing is divided by a standard deviation.
"""


# %% q5a-centering
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        return (X - self.mean) / X.std(axis=0)

    def backward(self, dY):
        return dY
