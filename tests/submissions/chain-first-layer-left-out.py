"""Stops before the first layer on the way back.

loses: q7a-chain

says: not so: every layer goes forward once and backward once, in the opposite order
"""


# %% q7a-chain
class Chain:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def backward(self, G):
        for i in range(len(self.layers) - 1, 0, -1):
            G = self.layers[i].backward(G)
        return G
