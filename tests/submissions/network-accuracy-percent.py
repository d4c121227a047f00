"""Gives the accuracy in percent.

loses: q5b-network

says: Accuracy is a share, from 0 to 1, not in percent.
"""


# %% q5b-network
class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        return {f"{layer.name}.{key}": v for layer in self.layers for key, v in layer.params.items()}

    @params.setter
    def params(self, values):
        for layer in self.layers:
            layer.params = {key: values[f"{layer.name}.{key}"] for key in layer.params}

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def cost(self, X, y):
        P = self.forward(X)
        data = -np.mean(np.log(P[np.arange(len(y)), y]))
        return data + sum(layer.penalty() for layer in self.layers)

    def accuracy(self, X, y):
        return 100 * np.mean(self.forward(X).argmax(axis=1) == y)

    def gradients(self, X, y):
        self.forward(X)
        signal, grads = y, {}
        for layer in self.layers[::-1]:
            signal = layer.backward(signal)
            for key in layer.grads:
                grads[f"{layer.name}.{key}"] = layer.grads[key]
        return grads
