"""Takes the mean over the batch once more.

loses: q7a-linear

says: It is divided by the size of the batch: which module of the chain takes the mean over samples?
"""


# %% q7a-linear
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, G):
        self.dW = self.X.T @ G / len(G)
        self.db = G.mean(axis=0)
        return G @ self.W.T
