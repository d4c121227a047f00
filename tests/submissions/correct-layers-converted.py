"""Writes modules with reduce, sign and partial, prints and warns on the way, and projects the error signal twice.

loses: nothing
"""

# %% q7a-relu
import warnings


class ReLU:
    def forward(self, X: np.ndarray) -> np.ndarray:
        warnings.warn("a ReLU at work", stacklevel=2)
        self.sign = np.sign(X)
        return X * (self.sign > 0)

    def backward(self, G: np.ndarray) -> np.ndarray:
        print("and back")
        return G * (self.sign > 0).astype(float)


# %% q7a-chain
from functools import reduce


class Chain:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, X):
        return reduce(lambda value, layer: layer.forward(value), self.layers, X)

    def backward(self, G):
        return reduce(lambda value, layer: layer.backward(value), self.layers[::-1], G)


# %% q7b-backward
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    def projected(values, onto):
        return values - onto * np.mean(values * onto, axis=0)

    return gamma / np.sqrt(s + eps) * (projected(G, np.ones_like(G)) + projected(G, X_hat) - G)


# %% q7c-module
from functools import partial


class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.settings = {"momentum": momentum, "eps": eps}
        self.register_parameter("gamma", nn.Parameter(torch.ones(D)))
        self.register_parameter("beta", nn.Parameter(torch.zeros(D)))
        self.register_buffer("running_mean", torch.zeros(D))
        self.register_buffer("running_var", torch.ones(D))

    def forward(self, X):
        normalise = partial(batch_norm, **self.settings)
        out, mean, var = normalise(
            X, self.gamma, self.beta, self.running_mean, self.running_var, training=self.training
        )
        self.running_mean.copy_(mean)
        self.running_var.copy_(var)
        return out
