"""Subtracts the mean of the batch, as batch normalisation does.

loses: q5a-centering

says: The mean is the one that was given, not the batch's.
"""


# %% q5a-centering
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        return X - X.mean(axis=0)

    def backward(self, dY):
        return dY
