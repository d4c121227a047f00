"""Writes every product with einsum, and remembers inputs in other ways.

loses: nothing
"""


# %% q5a-linear
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg = reg
        self.params["W"] = weights(input_size, output_size, rng)
        self.params["b"] = np.zeros(output_size)

    def forward(self, X):
        self.seen = np.array(X)
        return np.einsum("nd,dh->nh", X, self.params["W"]) + self.params["b"]

    def backward(self, dY):
        W = self.params["W"]
        self.grads = dict(W=np.einsum("nd,nh->dh", self.seen, dY), b=np.einsum("nh->h", dY))
        self.grads["W"] += 2 * self.reg * W
        return np.einsum("nh,dh->nd", dY, W)

    def penalty(self):
        return self.reg * np.linalg.norm(self.params["W"]) ** 2


# %% q5a-relu
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)
        self.mask = None

    def forward(self, X):
        self.mask = X > 0
        return X * self.mask

    def backward(self, dY):
        return np.where(self.mask, dY, 0.0)


# %% q5a-softmax
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        self.P = np.exp(Z - scipy.special.logsumexp(Z, axis=1, keepdims=True))
        return self.P

    def backward(self, y):
        one_hot = np.zeros_like(self.P)
        one_hot[range(len(y)), y] = 1
        return (self.P - one_hot) / len(y)


# %% q5a-centering
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = np.array(mean)

    def forward(self, X):
        return np.subtract(X, self.mean)

    def backward(self, dY):
        return 1 * dY
