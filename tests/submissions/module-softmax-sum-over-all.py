"""Sums over the whole batch where each row has its own sum.

loses: q7a-softmax

says: One sum for the whole batch: (7.1) is about one row, so how many such sums are there?
"""


# %% q7a-softmax
class Softmax:
    def forward(self, Z):
        e = np.exp(Z - Z.max(axis=1, keepdims=True))
        self.P = e / e.sum(axis=1, keepdims=True)
        return self.P

    def backward(self, G):
        return self.P * (G - np.sum(self.P * G))
