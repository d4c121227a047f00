"""Forgets what the layers add to the cost.

loses: q5b-network

says: The cost includes what each layer's penalty() gives.
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
        return -np.mean(np.log(P[np.arange(len(y)), y]))

    def accuracy(self, X, y):
        return np.mean(self.forward(X).argmax(axis=1) == y)

    def gradients(self, X, y):
        self.forward(X)
        signal, grads = y, {}
        for layer in self.layers[::-1]:
            signal = layer.backward(signal)
            for key in layer.grads:
                grads[f"{layer.name}.{key}"] = layer.grads[key]
        return grads
