"""Takes exponentials of scores as they are.

loses: q7a-softmax

says: NumPy warned: overflow encountered in exp.
"""


# %% q7a-softmax
class Softmax:
    def forward(self, Z):
        self.P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
        return self.P

    def backward(self, G):
        return self.P * (G - np.sum(self.P * G, axis=1, keepdims=True))
