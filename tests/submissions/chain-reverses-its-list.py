"""Turns the list of layers round, and leaves it so.

loses: q7a-chain

says: not so: a second batch meets the layers in the order of the list, which stays as it is
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
        self.layers.reverse()
        for layer in self.layers:
            G = layer.backward(G)
        return G
