"""Sends the error signal through the layers from first to last.

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
        for layer in self.layers:
            G = layer.backward(G)
        return G
