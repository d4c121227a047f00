"""Adds the gradients of every batch to those before, as PyTorch does.

loses: q7a-linear

says: Something of the batch before is still in dW: does the exercise want a sum over batches?
"""


# %% q7a-linear
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, G):
        self.dW += self.X.T @ G
        self.db += G.sum(axis=0)
        return G @ self.W.T
