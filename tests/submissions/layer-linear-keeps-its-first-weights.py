"""Keeps its weights under another name, where no optimiser reaches them.

loses: q5a-linear

says: It is the output of the first weights: which arrays are in params now?
"""


# %% q5a-linear
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg = reg
        self.W, self.b = weights(input_size, output_size, rng), np.zeros(output_size)
        self.params = {"W": self.W, "b": self.b}

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, dY):
        self.grads["W"] = self.X.T @ dY + 2 * self.reg * self.params["W"]
        self.grads["b"] = dY.sum(axis=0)
        return dY @ self.params["W"].T

    def penalty(self):
        return self.reg * np.sum(self.params["W"] ** 2)
