"""Multiplies by Jacobians, projects on ones and on the normalised feature, and standardises in PyTorch with std.

loses: nothing
"""


# %% q7a-relu
class ReLU:
    def forward(self, X):
        self.slope = np.heaviside(X, 0.0)
        return X * self.slope

    def backward(self, G):
        return self.slope * G


# %% q7a-linear
class Linear:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, X):
        self.extended = np.c_[X, np.ones(len(X))]
        return self.extended @ np.r_[self.W, self.b[None]]

    def backward(self, G):
        both = self.extended.T @ G
        self.dW, self.db = both[:-1], both[-1]
        return G.dot(self.W.T)


# %% q7a-softmax
class Softmax:
    def forward(self, Z):
        self.P = np.exp(Z - scipy.special.logsumexp(Z, axis=1)[:, None])
        return self.P

    def backward(self, G):
        jacobians = np.einsum("nk,kl->nkl", self.P, np.eye(self.P.shape[1])) - np.einsum("nk,nl->nkl", self.P, self.P)
        return np.einsum("nkl,nl->nk", jacobians, G)


# %% q7a-loss
class CrossEntropy:
    def forward(self, P, y):
        self.shape, self.places = P.shape, (np.arange(len(y)), y)
        self.chosen = P[self.places]
        return -np.log(self.chosen).sum() / len(y)

    def backward(self):
        G = np.zeros(self.shape)
        G[self.places] = -1 / self.chosen
        return G / len(G)


# %% q7a-chain
class Chain:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, X):
        signals = [X]
        for layer in self.layers:
            signals.append(layer.forward(signals[-1]))
        return signals[-1]

    def backward(self, G):
        waiting = list(self.layers)
        while waiting:
            G = waiting.pop().backward(G)
        return G


# %% q7b-forward
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    centred = X - np.average(X, axis=0)
    s = np.square(centred).mean(axis=0)
    X_hat = np.divide(centred, np.sqrt(np.add(s, eps)))
    return np.multiply(X_hat, gamma) + beta, X_hat, s


# %% q7b-parameters
def parameter_gradients(G, X_hat):
    return np.diag(X_hat.T @ G), G.T @ np.ones(len(G))


# %% q7b-ways
def three_ways(G, X, gamma, eps):
    N = len(X)
    averaging = np.full((N, N), 1 / N)
    signal = gamma * G
    centred = X - averaging @ X
    inverse = 1 / (averaging[0] @ centred**2 + eps)
    direct = signal * np.sqrt(inverse)
    along = averaging[0] @ (signal * centred)
    return direct, -averaging @ direct, -centred * along * inverse**1.5


# %% q7b-backward
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    N, D = G.shape
    dX = np.empty((N, D))
    for feature in range(D):
        x_hat = X_hat[:, feature]
        jacobian = np.eye(N) - 1 / N - np.outer(x_hat, x_hat) / N
        dX[:, feature] = gamma[feature] / np.sqrt(s[feature] + eps) * (jacobian @ G[:, feature])
    return dX


# %% mistake-unbiased
def unbiased_backward(G, X, gamma, eps):
    N = len(G)
    std = np.sqrt(np.array([np.cov(column) for column in X.T]) + eps)
    X_hat = (X - X.mean(axis=0)) / std
    jacobians = np.eye(N) - 1 / N - np.einsum("id,jd->dij", X_hat, X_hat) / (N - 1)
    return np.einsum("dij,jd->id", jacobians, G) * gamma / std


# %% q7c-functional
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    m, s = mean, variance
    if training:
        N = X.shape[0]
        m = X.sum(dim=0) / N
        s = (X - m).pow(2).sum(dim=0) / N
        mean = mean + momentum * (m.detach() - mean)
        variance = variance + momentum * (N * s.detach() / (N - 1) - variance)
    return torch.addcmul(beta, gamma, (X - m) / torch.sqrt(s + eps)), mean, variance


# %% q7c-module
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(D)), nn.Parameter(torch.zeros(D))
        self.register_buffer("running_mean", torch.zeros(D))
        self.register_buffer("running_var", torch.ones(D))
        self.options = dict(momentum=momentum, eps=eps)

    def forward(self, X):
        new = batch_norm(
            X, self.gamma, self.beta, self.running_mean, self.running_var, training=self.training, **self.options
        )
        if self.training:
            self.running_mean, self.running_var = new[1], new[2]
        return new[0]


# %% q7c-function
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        centred = X - X.mean(dim=0, keepdim=True)
        inverse = torch.rsqrt(centred.square().mean(dim=0) + eps)
        ctx.save_for_backward(centred * inverse, gamma, inverse)
        return torch.addcmul(beta, gamma, centred * inverse)

    @staticmethod
    def backward(ctx, G):
        X_hat, gamma, inverse = ctx.saved_tensors
        along = (G * X_hat).mean(dim=0)
        return gamma * inverse * (G - G.mean(dim=0) - X_hat * along), along * len(G), G.sum(0), None
