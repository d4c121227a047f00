"""Centres the gradient, too.

loses: q5a-centering

says: Something is subtracted from the gradient, too: how does Y in (5.1) change when X does?
"""


# %% q5a-centering
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        return X - self.mean

    def backward(self, dY):
        return dY - self.mean
