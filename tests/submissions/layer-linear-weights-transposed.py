"""Keeps the weights as the write-up does, output size first.

loses: q5a-linear

says: The weights lie the other way round, as in the write-up: which shape has W in (5.2)?
"""


# %% q5a-linear
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg = reg
        self.params["W"] = weights(input_size, output_size, rng).T
        self.params["b"] = np.zeros(output_size)

    def forward(self, X):
        self.X = X
        return X @ self.params["W"].T + self.params["b"]

    def backward(self, dY):
        self.grads["W"] = dY.T @ self.X + 2 * self.reg * self.params["W"]
        self.grads["b"] = dY.sum(axis=0)
        return dY @ self.params["W"]

    def penalty(self):
        return self.reg * np.sum(self.params["W"] ** 2)
