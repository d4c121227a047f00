"""Loops over rows, goes backward by index, keeps one-hot rows, and adds up the three ways.

loses: nothing
"""


# %% q7a-relu
class ReLU:
    def forward(self, X):
        self.X = X.copy()
        return np.maximum(X, 0)

    def backward(self, G):
        dX = G.copy()
        dX[self.X <= 0] = 0
        return dX


# %% q7a-linear
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.cache = X
        return np.dot(X, self.W) + self.b

    def backward(self, G):
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        for x, g in zip(self.cache, G):
            self.dW += np.outer(x, g)
            self.db += g
        return np.einsum("nh,dh->nd", G, self.W)


# %% q7a-softmax
class Softmax:
    def forward(self, Z):
        self.P = scipy.special.softmax(Z, axis=1)
        return self.P.copy()

    def backward(self, G):
        return np.array([(np.diag(p) - np.outer(p, p)) @ g for p, g in zip(self.P, G)])


# %% q7a-loss
class CrossEntropy:
    def forward(self, P, y):
        self.P = P
        self.T = np.eye(P.shape[1])[y]
        return float(-(self.T * np.log(P)).sum() / P.shape[0])

    def backward(self):
        return -self.T / self.P / self.P.shape[0]


# %% q7a-chain
class Chain:
    def __init__(self, layers):
        self.layers = tuple(layers)

    def forward(self, X):
        out = X
        for i in range(len(self.layers)):
            out = self.layers[i].forward(out)
        return out

    def backward(self, G):
        for i in range(len(self.layers) - 1, -1, -1):
            G = self.layers[i].backward(G)
        return G


# %% q7b-forward
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    N = X.shape[0]
    mu = X.sum(axis=0, keepdims=True) / N
    s = ((X - mu) ** 2).sum(axis=0) / N
    X_hat = (X - mu) * (s + eps) ** -0.5
    return X_hat * gamma[None, :] + beta[None, :], X_hat, s


# %% q7b-parameters
def parameter_gradients(G, X_hat):
    return np.einsum("nd,nd->d", G, X_hat), np.einsum("nd->d", G)


# %% q7b-ways
def three_ways(G, X, gamma, eps):
    N, D = X.shape
    m = X.mean(axis=0)
    s = X.var(axis=0)
    std = (s + eps) ** 0.5
    dX_hat = G * gamma
    direct = dX_hat / std
    ds = (dX_hat * (X - m)).sum(axis=0) * -0.5 * (s + eps) ** -1.5
    dm = -(dX_hat / std).sum(axis=0) + ds * (-2 * (X - m)).mean(axis=0)
    return direct, np.ones((N, D)) * dm / N, ds * 2 * (X - m) / N


# %% q7b-backward
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    N = G.shape[0]
    dX_hat = G * gamma
    total = N * dX_hat - dX_hat.sum(axis=0) - X_hat * (dX_hat * X_hat).sum(axis=0)
    return total / (N * np.sqrt(s + eps))


# %% mistake-unbiased
def unbiased_backward(G, X, gamma, eps):
    N = len(X)
    m, u = X.mean(axis=0), X.var(axis=0, ddof=1)
    dX_hat = gamma * G
    du = -0.5 * ((X - m) * dX_hat).sum(axis=0) * (u + eps) ** -1.5
    dm = -dX_hat.sum(axis=0) / np.sqrt(u + eps)
    return dX_hat / np.sqrt(u + eps) + dm / N + du * 2 / (N - 1) * (X - m)


# %% q7c-functional
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if not training:
        scale = gamma * torch.rsqrt(variance + eps)
        return X * scale + (beta - mean * scale), mean.clone(), variance.clone()
    variance_of_batch, mean_of_batch = torch.var_mean(X, dim=0, unbiased=False)
    output = (X - mean_of_batch) * torch.rsqrt(variance_of_batch + eps) * gamma + beta
    with torch.no_grad():
        new_mean = torch.lerp(mean, mean_of_batch, momentum)
        new_variance = torch.lerp(variance, X.var(dim=0), momentum)
    return output, new_mean, new_variance


# %% q7c-module
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum = momentum
        self.eps = eps
        self.gamma = nn.Parameter(torch.empty(D))
        self.beta = nn.Parameter(torch.empty(D))
        self.register_buffer("running_mean", torch.empty(D))
        self.register_buffer("running_var", torch.empty(D))
        self.register_buffer("batches", torch.tensor(0))
        self.reset()

    def reset(self):
        nn.init.ones_(self.gamma)
        nn.init.zeros_(self.beta)
        self.running_mean.zero_()
        self.running_var.fill_(1)

    def forward(self, X):
        if not self.training:
            return self.gamma * (X - self.running_mean) / (self.running_var + self.eps).sqrt() + self.beta
        self.batches += 1
        mean = X.mean(0)
        var = ((X - mean) ** 2).mean(0)
        with torch.no_grad():
            self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
            self.running_var.mul_(1 - self.momentum).add_(self.momentum * X.var(0))
        return self.gamma * (X - mean) / (var + self.eps).sqrt() + self.beta


# %% q7c-function
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps=1e-5):
        mean = X.mean(0)
        var = ((X - mean) ** 2).mean(0)
        ctx.eps = eps
        ctx.save_for_backward(X, gamma, mean, var)
        return (X - mean) / (var + eps).sqrt() * gamma + beta

    @staticmethod
    def backward(ctx, grad_output):
        X, gamma, mean, var = ctx.saved_tensors
        std = (var + ctx.eps).sqrt()
        X_hat = (X - mean) / std
        N = X.shape[0]
        grad_X = grad_gamma = grad_beta = None
        if ctx.needs_input_grad[1]:
            grad_gamma = torch.einsum("nd,nd->d", grad_output, X_hat)
        if ctx.needs_input_grad[2]:
            grad_beta = grad_output.sum(0)
        if ctx.needs_input_grad[0]:
            g = grad_output * gamma
            grad_X = (N * g - g.sum(0) - X_hat * (g * X_hat).sum(0)) / (N * std)
        return grad_X, grad_gamma, grad_beta, None
