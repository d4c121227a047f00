"""Right answers to notebook 07 that look different: each must keep its marks.

loses: nothing
"""


# %% q7a-relu · maximum
# Remembers the output, which is positive where the input was.
class ReLU:
    def forward(self, X):
        self.out = np.maximum(0, X)
        return self.out

    def backward(self, G):
        return G * (self.out > 0)


# %% q7a-relu · boolean-index
# Copies, and sets what is off to 0 by a boolean index.
class ReLU:
    def __init__(self):
        self.off = None

    def forward(self, X):
        self.off = X < 0
        A = X.copy()
        A[self.off] = 0
        return A

    def backward(self, G):
        dX = np.array(G)
        dX[self.off] = 0
        return dX


# %% q7a-relu · clip-and-multiply
# Clips, and multiplies by zeros and ones.
class ReLU:
    def forward(self, X):
        self._mask = (X > 0).astype(np.float64)
        return np.clip(X, 0, np.inf)

    def backward(self, G):
        return np.multiply(G, self._mask)


# %% q7a-relu · relu-number-by-number
# Loops over all numbers.
class ReLU:
    def forward(self, X):
        self.X = X
        A = np.zeros_like(X)
        for place, x in np.ndenumerate(X):
            A[place] = max(x, 0.0)
        return A

    def backward(self, G):
        dX = np.zeros_like(G)
        for place in np.argwhere(self.X > 0):
            dX[tuple(place)] = G[tuple(place)]
        return dX


# %% q7a-relu · half-of-the-sum
# Halves sums, of X and its size, and of 1 and its sign.
class ReLU:
    """max(0, X)"""

    def forward(self, X):
        self.slope = (1 + np.sign(X)) / 2
        return (X + abs(X)) / 2

    def backward(self, G):
        return self.slope * G


# %% q7a-relu · copyto
# Copies where it is on.
class ReLU:
    def forward(self, X):
        self.on = np.greater(X, 0)
        out = np.zeros(X.shape)
        np.copyto(out, X, where=self.on)
        return out

    def backward(self, G):
        return np.multiply(G, 1.0, where=self.on, out=np.zeros(G.shape))


# %% q7a-relu · closure
# Keeps the way back as a function.
class ReLU:
    def forward(self, X):
        on = X >= 0
        self.back = lambda G: np.where(on, G, 0)
        return np.where(on, X, 0)

    def backward(self, G):
        return self.back(G)


# %% q7a-relu · annotated-with-a-list
# Has type hints, and keeps all masks in a list, of which the last counts.
class ReLU:
    masks: list[np.ndarray]

    def __init__(self) -> None:
        self.masks = []

    def forward(self, X: np.ndarray) -> np.ndarray:
        self.masks.append(X > 0)
        return X * self.masks[-1]

    def backward(self, G: np.ndarray) -> np.ndarray:
        return G * self.masks[-1]


# %% q7a-relu · relu-base-class
# Inherits from a base class of its own.
class Activation:
    def forward(self, X):
        self.cache = X.copy()
        return self.value(X)

    def backward(self, G):
        return G * self.slope(self.cache)


class ReLU(Activation):
    def value(self, X):
        return np.fmax(X, 0)

    def slope(self, X):
        return np.heaviside(X, 1)


# %% q7a-linear · dot
# Multiplies with dot, and keeps a copy of X.
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.X = self.dW = self.db = None

    def forward(self, X):
        self.X = X.copy()
        return X.dot(self.W) + self.b[np.newaxis, :]

    def backward(self, G):
        self.dW = np.dot(self.X.T, G)
        self.db = np.sum(G, axis=0)
        return np.dot(G, self.W.T)


# %% q7a-linear · linear-transposed
# Transposes all products.
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.XT = X.T
        return (self.W.T @ self.XT).T + self.b

    def backward(self, G):
        self.dW = (G.T @ self.XT.T).T
        self.db = G.T.sum(axis=1)
        return (self.W @ G.T).T


# %% q7a-linear · linear-einsum
# Lets einsum do all sums.
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.cache = (X,)
        return np.einsum("nd,dh->nh", X, self.W) + self.b

    def backward(self, G):
        (X,) = self.cache
        self.dW = np.einsum("nd,nh->dh", X, G)
        self.db = np.einsum("nh->h", G)
        return np.einsum("nh,dh->nd", G, self.W)


# %% q7a-linear · outer-products
# Sums the outer products of all samples.
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.X = X
        return np.array([x @ self.W + self.b for x in X])

    def backward(self, G):
        self.dW = sum(np.outer(x, g) for x, g in zip(self.X, G))
        self.db = sum(g for g in G)
        return np.stack([self.W @ g for g in G])


# %% q7a-linear · entry-by-entry
# Loops over all indices of (2.9).
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.X = X
        Z = np.zeros((X.shape[0], self.W.shape[1]))
        for i, h in np.ndindex(Z.shape):
            Z[i, h] = np.sum(X[i] * self.W[:, h]) + self.b[h]
        return Z

    def backward(self, G):
        self.dW = np.empty(self.W.shape)
        for d, h in np.ndindex(self.W.shape):
            self.dW[d, h] = self.X[:, d] @ G[:, h]
        self.db = np.array([np.sum(G[:, h]) for h in range(G.shape[1])])
        dX = np.empty(self.X.shape)
        for i, d in np.ndindex(dX.shape):
            dX[i, d] = G[i] @ self.W[d]
        return dX


# %% q7a-linear · gradients-in-place
# Allocates the gradients once, sets them to 0, and adds.
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def zero_grad(self):
        self.dW[...] = 0
        self.db[...] = 0

    def forward(self, X):
        self.input = X
        return np.matmul(X, self.W) + self.b

    def backward(self, G):
        self.zero_grad()
        self.dW += self.input.T @ G
        self.db += G.sum(axis=0)
        return np.matmul(G, np.transpose(self.W))


# %% q7a-linear · properties
# Keeps input and error signal, and computes dW and db when they are asked for.
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    @property
    def dW(self):
        return self._X.T @ self._G

    @property
    def db(self):
        return np.ones(len(self._G)) @ self._G

    def forward(self, X):
        self._X = X.copy()
        return X @ self.W + self.b

    def backward(self, G):
        self._G = G.copy()
        return G @ self.W.T


# %% q7a-linear · parameters-in-a-dict
# Keeps parameters and gradients in dicts as well, with type hints.
class Linear:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b
        self.params: dict[str, np.ndarray] = {"W": W, "b": b}
        self.grads: dict[str, np.ndarray] = {}

    def forward(self, X: np.ndarray) -> np.ndarray:
        self.X = X
        return X @ self.params["W"] + self.params["b"]

    def backward(self, G: np.ndarray) -> np.ndarray:
        self.grads = {"W": self.X.T @ G, "b": G.sum(axis=0)}
        self.dW, self.db = self.grads["W"], self.grads["b"]
        return G @ self.params["W"].T


# %% q7a-linear · broadcast-and-sum
# Makes an array of three indices, and sums one away.
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.X = X
        return (X[:, :, None] * self.W[None]).sum(axis=1) + self.b

    def backward(self, G):
        self.dW = (self.X[:, :, None] * G[:, None, :]).sum(axis=0)
        self.db = np.add.reduce(G, axis=0)
        return (G[:, None, :] * self.W[None]).sum(axis=2)


# %% q7a-linear · dataclass
# Is a dataclass, with slots for what it remembers.
from dataclasses import dataclass, field


@dataclass
class Linear:
    W: np.ndarray
    b: np.ndarray
    X: np.ndarray = field(init=False, default=None)
    dW: np.ndarray = field(init=False, default=None)
    db: np.ndarray = field(init=False, default=None)

    def forward(self, X):
        self.X = X
        return np.add(X @ self.W, self.b)

    def backward(self, G):
        self.dW, self.db = np.tensordot(self.X, G, axes=(0, 0)), np.sum(G, 0)
        return np.tensordot(G, self.W, axes=(1, 1))


# %% q7a-softmax · row-by-row
# Goes row by row, forward and backward.
class Softmax:
    def forward(self, Z):
        self.P = np.zeros_like(Z)
        for i, z in enumerate(Z):
            e = np.exp(z - z.max())
            self.P[i] = e / e.sum()
        return self.P

    def backward(self, G):
        dZ = np.zeros_like(G)
        for i in range(len(G)):
            p, g = self.P[i], G[i]
            dZ[i] = p * (g - p @ g)
        return dZ


# %% q7a-softmax · log-softmax
# Takes exponentials of SciPy's logarithms.
class Softmax:
    def forward(self, Z):
        self.out = np.exp(scipy.special.log_softmax(Z, axis=1))
        return self.out

    def backward(self, G):
        PG = self.out * G
        return PG - self.out * PG.sum(axis=1).reshape(-1, 1)


# %% q7a-softmax · einsum-along
# Gets the scalar products of the rows by einsum.
class Softmax:
    def forward(self, Z):
        Z = Z - np.amax(Z, axis=1)[:, None]
        np.exp(Z, out=Z)
        Z /= Z.sum(axis=1)[:, None]
        self.cache = Z
        return Z.copy()

    def backward(self, G):
        along = np.einsum("nk,nk->n", self.cache, G)
        return self.cache * (G - along[:, np.newaxis])


# %% q7a-softmax · stack-of-jacobians
# Stores the Jacobians forward, and multiplies backward.
class Softmax:
    def forward(self, Z):
        P = scipy.special.softmax(Z, axis=-1)
        self.J = P[:, :, None] * (np.eye(Z.shape[1])[None] - P[:, None, :])
        return P

    def backward(self, G):
        return (self.J @ G[:, :, None])[:, :, 0]


# %% q7a-softmax · jacobian-entry-by-entry
# Fills each Jacobian, case by case, as (2.2) and (2.3).
class Softmax:
    def forward(self, Z):
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        self.P = E / E.sum(axis=1, keepdims=True)
        return self.P

    def backward(self, G):
        N, K = G.shape
        dZ = np.zeros((N, K))
        for i in range(N):
            for j in range(K):
                for k in range(K):
                    if j == k:
                        dZ[i, j] += G[i, k] * self.P[i, k] * (1 - self.P[i, k])
                    else:
                        dZ[i, j] -= G[i, k] * self.P[i, k] * self.P[i, j]
        return dZ


# %% q7a-softmax · columns-inside
# Transposes at both ends.
class Softmax:
    def forward(self, Z):
        T = np.exp(Z.T - Z.max(axis=1))
        self.PT = T / T.sum(axis=0)
        return self.PT.T

    def backward(self, G):
        return (self.PT * (G.T - (self.PT * G.T).sum(axis=0))).T


# %% q7a-softmax · softmax-helper-and-hints
# Has a function for the softmax, type hints, and a print.
def softmax_of(Z: np.ndarray) -> np.ndarray:
    """P (N, K)"""
    shifted = Z - np.max(Z, axis=1, keepdims=True)
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


class Softmax:
    def forward(self, Z: np.ndarray) -> np.ndarray:
        print("scores", Z.shape)
        self.P = softmax_of(Z)
        return self.P

    def backward(self, G: np.ndarray) -> np.ndarray:
        return np.multiply(self.P, np.subtract(G, np.sum(G * self.P, axis=1, keepdims=True)))


# %% q7a-softmax · average-of-the-signal
# Takes the sum as an average with the probabilities as weights.
class Softmax:
    def forward(self, Z):
        self.P = scipy.special.softmax(Z, 1)
        return self.P

    def backward(self, G):
        mean = np.average(G, axis=1, weights=self.P)
        return self.P * (G - mean[:, None])


# %% q7a-softmax · diagonal-of-a-product
# Takes the scalar products from the diagonal of a matrix product.
class Softmax:
    def __init__(self):
        self.P = None

    def forward(self, Z):
        E = np.exp(Z - Z.max(1)[:, None])
        self.P = np.divide(E, E.sum(1)[:, None])
        return self.P

    def backward(self, G):
        return self.P * G - np.diag(self.P @ G.T)[:, None] * self.P


# %% q7a-softmax · scores-remembered
# Remembers the scores, and computes the probabilities again on the way back.
class Softmax:
    def forward(self, Z):
        self.Z = Z.copy()
        return self._probabilities()

    def _probabilities(self):
        return scipy.special.softmax(self.Z, axis=1)

    def backward(self, G):
        P = self._probabilities()
        return P * (G - (P[:, None, :] @ G[:, :, None])[:, 0])


# %% q7a-loss · zip-and-loop
# Loops over the samples.
class CrossEntropy:
    def forward(self, P, y):
        self.P, self.y = P.copy(), y.copy()
        total = 0.0
        for p, t in zip(P, y):
            total -= np.log(p[t])
        return total / len(y)

    def backward(self):
        G = np.zeros(self.P.shape)
        for i, t in enumerate(self.y):
            G[i, t] = -1 / self.P[i, t] / len(self.y)
        return G


# %% q7a-loss · take-along-axis
# Takes and puts along the axis of classes.
class CrossEntropy:
    def forward(self, P, y):
        self.P, self.labels = P, y[:, None]
        self.chosen = np.take_along_axis(P, self.labels, axis=1)
        return -np.log(self.chosen).mean()

    def backward(self):
        G = np.zeros_like(self.P)
        np.put_along_axis(G, self.labels, -1 / (self.chosen * len(self.chosen)), axis=1)
        return G


# %% q7a-loss · mask-of-booleans
# Compares the labels with the numbers of the classes.
class CrossEntropy:
    def forward(self, P, y):
        self.P = P
        self.mask = y[:, None] == np.arange(P.shape[1])
        return -np.log(P[self.mask]).mean()

    def backward(self):
        return np.where(self.mask, -1 / self.P, 0) / len(self.P)


# %% q7a-loss · gradient-in-advance
# Makes the gradient on the way forward.
class CrossEntropy:
    def forward(self, P, y):
        N = len(y)
        rows = range(N)
        self.G = np.zeros((N, P.shape[1]))
        self.G[rows, y] = -1 / (N * P[rows, y])
        return np.sum(-np.log(P[rows, y])) / N

    def backward(self):
        return self.G


# %% q7a-loss · one-hot-helper
# Makes the one-hot rows of (2.6) in a method, and divides by P with care.
class CrossEntropy:
    @staticmethod
    def one_hot(y, K):
        rows = np.zeros((y.size, K))
        rows[np.arange(y.size), y] = 1.0
        return rows

    def forward(self, P, y):
        self.P, self.delta = P, self.one_hot(y, P.shape[1])
        return float(-np.mean(np.log(np.sum(P * self.delta, axis=1))))

    def backward(self):
        return -np.divide(self.delta, self.P) / self.P.shape[0]


# %% q7a-loss · subtract-at
# Subtracts at the labels' places.
class CrossEntropy:
    def forward(self, P, y):
        self.P, self.y = P, y
        return np.log(1 / P[np.arange(y.shape[0]), y]).mean()

    def backward(self):
        N = self.y.shape[0]
        rows = np.arange(N)
        dP = np.zeros(self.P.shape)
        np.subtract.at(dP, (rows, self.y), 1 / (N * self.P[rows, self.y]))
        return dP


# %% q7a-loss · flat-indices
# Counts places in one long row.
class CrossEntropy:
    def forward(self, P, y):
        self.shape = P.shape
        self.at = np.ravel_multi_index((np.arange(len(y)), y), P.shape)
        self.p = P.ravel()[self.at]
        return -np.average(np.log(self.p))

    def backward(self):
        flat = np.zeros(self.shape[0] * self.shape[1])
        flat[self.at] = -1 / self.p
        return flat.reshape(self.shape) / self.shape[0]


# %% q7a-loss · xlogy
# Sums SciPy's xlogy of one-hot rows, with type hints.
class CrossEntropy:
    P: np.ndarray
    T: np.ndarray

    def forward(self, P: np.ndarray, y: np.ndarray) -> float:
        self.P, self.T = P, np.identity(P.shape[1])[y]
        return -scipy.special.xlogy(self.T, P).sum() / len(P)

    def backward(self) -> np.ndarray:
        N, _ = self.P.shape
        return -(1 / N) * self.T * self.P**-1


# %% q7a-loss · choose
# Lets choose pick, and bincount place.
class CrossEntropy:
    def forward(self, P, y):
        self.N, self.K, self.y = *P.shape, y
        self.chosen = np.choose(y, P.T)
        return -np.mean(np.log(self.chosen))

    def backward(self):
        places = np.arange(self.N) * self.K + self.y
        shares = -1 / (self.N * self.chosen)
        return np.bincount(places, weights=shares, minlength=self.N * self.K).reshape(self.N, self.K)


# %% q7a-loss · product-in-one-logarithm
# Adds logarithms of rows that are masked with ones.
class CrossEntropy:
    def forward(self, P, y):
        self.cache = {"P": P, "T": np.eye(P.shape[1], dtype=bool)[y]}
        masked = np.where(self.cache["T"], P, 1.0)
        return -np.log(masked).sum(axis=1).mean(axis=0)

    def backward(self):
        P, T = self.cache["P"], self.cache["T"]
        G = np.zeros_like(P)
        G[T] = -1 / P[T]
        G /= len(P)
        return G


# %% q7a-chain · recursion
# Is a first layer and a chain of the others.
class Chain:
    def __init__(self, layers):
        self.first = layers[0]
        self.rest = Chain(layers[1:]) if len(layers) > 1 else None

    def forward(self, X):
        A = self.first.forward(X)
        return A if self.rest is None else self.rest.forward(A)

    def backward(self, G):
        if self.rest is not None:
            G = self.rest.backward(G)
        return self.first.backward(G)


# %% q7a-chain · two-halves
# Is a chain of two chains.
class Chain:
    def __init__(self, layers):
        self.layers = list(layers)
        if len(layers) > 1:
            middle = len(layers) // 2
            self.layers = [Chain(layers[:middle]), Chain(layers[middle:])]

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def backward(self, G):
        for layer in self.layers[::-1]:
            G = layer.backward(G)
        return G


# %% q7a-chain · opposite-order-kept
# Keeps the opposite order as a list of its own.
class Chain:
    def __init__(self, layers):
        self.there = list(layers)
        self.back = list(layers)
        self.back.reverse()

    def forward(self, X):
        for module in self.there:
            X = module.forward(X)
        return X

    def backward(self, G):
        for module in self.back:
            G = module.backward(G)
        return G


# %% q7a-chain · deque
# Takes layers from the end of a deque.
from collections import deque


class Chain:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, X):
        for layer in iter(self.layers):
            X = layer.forward(X)
        return X

    def backward(self, G):
        todo = deque(self.layers)
        while todo:
            G = todo.pop().backward(G)
        return G


# %% q7a-chain · ways-back-collected
# Collects the ways back while it goes forward.
class Chain:
    def __init__(self, layers):
        self.layers = layers
        self.ways_back = []

    def forward(self, X):
        self.ways_back = []
        for layer in self.layers:
            X = layer.forward(X)
            self.ways_back.insert(0, layer.backward)
        return X

    def backward(self, G):
        for way_back in self.ways_back:
            G = way_back(G)
        return G


# %% q7a-chain · accumulate
# Keeps all signals, by accumulate, with type hints.
from itertools import accumulate


class Chain:
    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, X: np.ndarray) -> np.ndarray:
        *_, last = accumulate(self.layers, lambda A, layer: layer.forward(A), initial=X)
        return last

    def backward(self, G: np.ndarray) -> np.ndarray:
        *_, last = accumulate(reversed(self.layers), lambda S, layer: layer.backward(S), initial=G)
        return last


# %% q7a-chain · while-with-an-index
# Counts up and down.
class Chain:
    def __init__(self, layers):
        self.layers, self.L = layers, len(layers)

    def forward(self, X):
        A, l = X, 0
        while l < self.L:
            A = self.layers[l].forward(A)
            l += 1
        return A

    def backward(self, G):
        S, l = G, self.L
        while l > 0:
            l -= 1
            S = self.layers[l].backward(S)
        return S


# %% q7a-chain · one-walk-for-both
# Has one method for both directions, and counts the layers on the way.
class Chain:
    def __init__(self, layers):
        self.layers = layers

    def _walk(self, layers, method, signal):
        for number, layer in enumerate(layers):
            print(number, type(layer).__name__, method)
            signal = getattr(layer, method)(signal)
        return signal

    def forward(self, X):
        return self._walk(self.layers, "forward", X)

    def backward(self, G):
        return self._walk(reversed(self.layers), "backward", G)


# %% q7a-chain · list-of-modules
# Is a list itself.
class Chain(list):
    def __init__(self, layers):
        super().__init__(layers)

    def forward(self, X):
        for layer in self:
            X = layer.forward(X)
        return X

    def backward(self, G):
        for layer in self[::-1]:
            G = layer.backward(G)
        return G


# %% q7b-forward · forward-mean-of-squares
# Takes the variance as the mean of squares less the square of the mean, about a first sample.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    shifted = X - X[0]
    m = shifted.mean(axis=0)
    s = (shifted**2).mean(axis=0) - m**2
    X_hat = (shifted - m) / np.sqrt(s + eps)
    return gamma * X_hat + beta, X_hat, s


# %% q7b-forward · mean-of-squares-unshifted
# Takes the mean of squares as it stands, exact enough where the spread is not far below the mean.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    m = X.mean(axis=0)
    s = np.mean(X * X, axis=0) - m * m
    X_hat = (X - m) / np.sqrt(s + eps)
    return X_hat * gamma + beta, X_hat, s


# %% q7b-forward · two-passes-in-loops
# Loops over features and samples.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    N, D = X.shape
    O, X_hat, s = np.zeros((N, D)), np.zeros((N, D)), np.zeros(D)
    for d in range(D):
        m = sum(X[:, d]) / N
        for i in range(N):
            s[d] += (X[i, d] - m) ** 2 / N
        for i in range(N):
            X_hat[i, d] = (X[i, d] - m) / (s[d] + eps) ** 0.5
            O[i, d] = gamma[d] * X_hat[i, d] + beta[d]
    return O, X_hat, s


# %% q7b-forward · running-sums
# Updates mean and variance sample by sample, in Welford's way.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    m, squares = np.zeros(X.shape[1]), np.zeros(X.shape[1])
    for count, x in enumerate(X, 1):
        before = x - m
        m = m + before / count
        squares = squares + before * (x - m)
    s = squares / len(X)
    X_hat = (X - m) / np.sqrt(s + eps)
    return gamma * X_hat + beta, X_hat, s


# %% q7b-forward · standard-deviation-squared
# Squares the standard deviation, with type hints.
def batch_norm_forward(
    X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    s = np.std(X, axis=0) ** 2
    centred = X - np.mean(X, axis=0)
    X_hat = centred / np.sqrt(s + eps)
    return X_hat * gamma + beta, X_hat, s


# %% q7b-forward · forward-transposed
# Has a feature in each row.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    features = X.T
    m = features.mean(axis=1, keepdims=True)
    s = features.var(axis=1, keepdims=True)
    normed = (features - m) / np.sqrt(s + eps)
    O = gamma[:, None] * normed + beta[:, None]
    return O.T, normed.T, s.ravel()


# %% q7b-forward · forward-torch-inside
# Lets PyTorch take mean and variance.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    T = torch.from_numpy(X)
    s, m = torch.var_mean(T, dim=0, correction=0)
    X_hat = ((T - m) * torch.rsqrt(s + eps)).numpy()
    return gamma * X_hat + beta, X_hat, s.numpy()


# %% q7b-forward · covariance
# Takes the variances from the diagonal of the covariance matrix.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    s = np.diag(np.atleast_2d(np.cov(X, rowvar=False, bias=True))).copy()
    X_hat = np.subtract(X, np.average(X, axis=0)) / np.sqrt(s + eps)
    O = X_hat @ np.diag(gamma) + beta
    return O, X_hat, s


# %% q7b-forward · forward-centring-matrix
# Centres by a matrix, and sums squares by einsum.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    N = len(X)
    centred = (np.eye(N) - np.ones((N, N)) / N) @ X
    s = np.einsum("nd,nd->d", centred, centred) / N
    X_hat = np.einsum("nd,d->nd", centred, 1 / np.sqrt(s + eps))
    return np.einsum("nd,d->nd", X_hat, gamma) + beta, X_hat, s


# %% q7b-forward · in-place-on-copies
# Works in place on copies, and says what it sees.
def batch_norm_forward(X, gamma, beta, eps=1e-5):
    X_hat = X.copy()
    X_hat -= X_hat.mean(axis=0)
    s = np.square(X_hat).sum(axis=0)
    s /= X.shape[0]
    print("variances", s)
    X_hat /= np.sqrt(s + eps)
    O = X_hat.copy()
    O *= gamma
    O += beta
    return O, X_hat, s


# %% q7b-parameters · loop-over-samples
# Adds sample by sample.
def parameter_gradients(G, X_hat):
    dgamma, dbeta = np.zeros(G.shape[1]), np.zeros(G.shape[1])
    for g, x_hat in zip(G, X_hat):
        dgamma += g * x_hat
        dbeta += g
    return dgamma, dbeta


# %% q7b-parameters · loop-over-features
# Takes a scalar product for each feature.
def parameter_gradients(G, X_hat):
    dgamma = np.array([G[:, d] @ X_hat[:, d] for d in range(G.shape[1])])
    dbeta = np.array([column.sum() for column in G.T])
    return dgamma, dbeta


# %% q7b-parameters · means-times-n
# Multiplies means by N.
def parameter_gradients(G, X_hat):
    N, _ = G.shape
    return N * (G * X_hat).mean(axis=0), N * G.mean(axis=0)


# %% q7b-parameters · products-with-ones
# Multiplies by a row of ones.
def parameter_gradients(G, X_hat):
    ones = np.ones(G.shape[0])
    return ones @ np.multiply(G, X_hat), ones @ G


# %% q7b-parameters · batched-products
# Multiplies rows by columns for all features at once.
def parameter_gradients(G: np.ndarray, X_hat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    dgamma = (G.T[:, None, :] @ X_hat.T[:, :, None]).reshape(-1)
    return dgamma, np.add.reduce(G, axis=0)


# %% q7b-parameters · both-at-once
# Stacks X_hat and ones, and sums once.
def parameter_gradients(G, X_hat):
    dgamma, dbeta = (np.stack([X_hat, np.ones_like(X_hat)]) * G).sum(axis=1)
    return dgamma, dbeta


# %% q7b-parameters · keepdims-and-squeeze
# Keeps the dimension, and takes it away.
def parameter_gradients(G, X_hat):
    dgamma = np.sum(np.multiply(X_hat, G), axis=0, keepdims=True)
    dbeta = np.sum(G, axis=0, keepdims=True)
    return np.squeeze(dgamma, axis=0), np.squeeze(dbeta, axis=0)


# %% q7b-parameters · named-tuple
# Returns a named tuple.
from collections import namedtuple

Gradients = namedtuple("Gradients", "gamma beta")


def parameter_gradients(G, X_hat):
    return Gradients(gamma=np.einsum("ij,ij->j", G, X_hat), beta=G.sum(0))


# %% q7b-parameters · trace-of-products
# Takes the diagonal of a product of matrices, and the last of running sums.
def parameter_gradients(G, X_hat):
    return np.einsum("dd->d", G.T @ X_hat).copy(), np.cumsum(G, axis=0)[-1]


# %% q7b-parameters · parameters-torch-inside
# Lets PyTorch sum.
def parameter_gradients(G, X_hat):
    G, X_hat = torch.from_numpy(G), torch.from_numpy(X_hat)
    return (G * X_hat).sum(dim=0).numpy(), G.sum(dim=0).numpy()


# %% q7b-ways · the-derivatives-of-q7b-derivation
# Writes down the solution of the derivation, one derivative after the other.
def three_ways(G, X, gamma, eps):
    N = len(X)
    m = X.mean(axis=0)
    s = X.var(axis=0)
    dX_hat = gamma * G
    dx_hat_dx = 1 / np.sqrt(s + eps)
    dx_hat_dm = -1 / np.sqrt(s + eps)
    dx_hat_ds = -0.5 * (X - m) * (s + eps) ** -1.5
    dm = (dX_hat * dx_hat_dm).sum(axis=0)
    ds = (dX_hat * dx_hat_ds).sum(axis=0)
    return dX_hat * dx_hat_dx, np.ones((N, 1)) * dm / N, ds * 2 * (X - m) / N


# %% q7b-ways · from-the-normalised-feature
# Writes all three with the normalised feature.
def three_ways(G, X, gamma, eps):
    scale = gamma / np.sqrt(X.var(axis=0) + eps)
    X_hat = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps)
    direct = scale * G
    mean = np.zeros_like(X) - scale * G.mean(axis=0)
    variance = -scale * X_hat * np.mean(G * X_hat, axis=0)
    return direct, mean, variance


# %% q7b-ways · broadcast-to
# Returns a read-only view where all rows are the same.
def three_ways(G, X, gamma, eps):
    N = X.shape[0]
    xmu = X - np.mean(X, axis=0)
    ivar = 1.0 / np.sqrt(np.mean(xmu**2, axis=0) + eps)
    signal = G * gamma
    first = signal * ivar
    second = np.broadcast_to(-np.mean(first, axis=0), X.shape)
    third = -xmu * ivar**3 * np.sum(signal * xmu, axis=0) / N
    return first, second, third


# %% q7b-ways · ways-feature-by-feature
# Loops over the features.
def three_ways(G, X, gamma, eps):
    ways = np.zeros((3, *X.shape))
    N = len(X)
    for d in range(X.shape[1]):
        x, g = X[:, d], gamma[d] * G[:, d]
        centred = x - x.mean()
        v = centred @ centred / N + eps
        ways[0, :, d] = g / v**0.5
        ways[1, :, d] = -g.sum() / v**0.5 / N
        ways[2, :, d] = -(g @ centred) / v**1.5 * centred / N
    return tuple(ways)


# %% q7b-ways · ways-number-by-number
# Loops over samples and features, with sums written out.
def three_ways(G, X, gamma, eps):
    N, D = X.shape
    direct, mean, variance = np.zeros((N, D)), np.zeros((N, D)), np.zeros((N, D))
    for j in range(D):
        m = sum(X[:, j]) / N
        s = sum((X[i, j] - m) ** 2 for i in range(N)) / N
        dm, ds = 0.0, 0.0
        for i in range(N):
            g_hat = gamma[j] * G[i, j]
            direct[i, j] = g_hat / np.sqrt(s + eps)
            dm -= g_hat / np.sqrt(s + eps)
            ds -= g_hat * (X[i, j] - m) / 2 / (s + eps) ** (3 / 2)
        for i in range(N):
            mean[i, j] = dm / N
            variance[i, j] = ds * 2 * (X[i, j] - m) / N
    return direct, mean, variance


# %% q7b-ways · jacobians-of-each-way
# Multiplies by a Jacobian for each way and feature.
def three_ways(G, X, gamma, eps):
    N = len(X)
    X_hat = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps)
    scaled = gamma / np.sqrt(X.var(axis=0) + eps) * G
    directly = np.eye(N)
    by_mean = -np.ones((N, N)) / N
    by_variance = -np.einsum("id,jd->dij", X_hat, X_hat) / N
    return directly @ scaled, by_mean @ scaled, np.einsum("dij,jd->id", by_variance, scaled)


# %% q7b-ways · helpers-for-the-parts
# Has functions inside, type hints, and a named list.
def three_ways(G: np.ndarray, X: np.ndarray, gamma: np.ndarray, eps: float) -> tuple[np.ndarray, ...]:
    N = len(X)
    centred = X - X.mean(axis=0)
    spread = np.square(centred).mean(axis=0) + eps

    def direct() -> np.ndarray:
        return gamma * G * spread**-0.5

    def by_mean() -> np.ndarray:
        return np.repeat(-direct().sum(axis=0)[None, :] / N, N, axis=0)

    def by_variance() -> np.ndarray:
        slope = -0.5 * np.sum(gamma * G * centred, axis=0) * spread**-1.5
        return slope * 2 * centred / N

    return direct(), by_mean(), by_variance()


# %% q7b-ways · difference-to-the-whole
# Takes the way through the variance as what (7.8) has left.
def three_ways(G, X, gamma, eps):
    root = np.sqrt(X.var(axis=0) + eps)
    X_hat = (X - X.mean(axis=0)) / root
    whole = gamma / root * (G - G.mean(axis=0) - X_hat * (G * X_hat).mean(axis=0))
    direct = G * (gamma / root)
    mean = -np.full_like(X, 1 / len(X)) * direct.sum(axis=0)
    return direct, mean, whole - direct - mean


# %% q7b-ways · ways-step-by-step-backward
# Goes back through a graph of small steps, as blogs do.
def three_ways(G, X, gamma, eps):
    N, D = X.shape
    mu = 1.0 / N * np.sum(X, axis=0)
    xmu = X - mu
    sqrtvar = np.sqrt(1.0 / N * np.sum(xmu**2, axis=0) + eps)
    ivar = 1.0 / sqrtvar
    dxhat = G * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / sqrtvar**2 * divar
    dvar = 0.5 * ivar * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    return dxmu1, dx2, dxmu2


# %% q7b-ways · ways-transposed
# Has features in rows, and sums by einsum.
def three_ways(G, X, gamma, eps):
    N, g, x = len(X), (G * gamma).T, X.T
    c = x - x.mean(axis=1, keepdims=True)
    v = np.einsum("dn,dn->d", c, c)[:, None] / N + eps
    direct = g / np.sqrt(v)
    mean = np.tile(-direct.mean(axis=1)[:, None], (1, N))
    variance = -np.einsum("dn,dn->d", g, c)[:, None] * c / (N * v * np.sqrt(v))
    return direct.T, mean.T, variance.T


# %% q7b-backward · with-parameter-gradients
# Uses (7.7).
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    N = len(G)
    dgamma, dbeta = parameter_gradients(G, X_hat)
    return gamma * (s + eps) ** -0.5 * (G - dbeta / N - X_hat * dgamma / N)


# %% q7b-backward · over-n-at-the-end
# Takes 1/N out of the bracket.
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    N = len(G)
    bracket = N * G - np.sum(G, axis=0) - X_hat * np.sum(G * X_hat, axis=0)
    return (1.0 / N) * gamma * np.reciprocal(np.sqrt(s + eps)) * bracket


# %% q7b-backward · sum-of-three-ways
# Adds the three ways, each written with the normalised feature.
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    N = len(G)
    dX_hat = gamma * G
    root = np.sqrt(s + eps)
    deviations = X_hat * root
    ds = -0.5 * (dX_hat * deviations).sum(axis=0) / root**3
    dm = -dX_hat.sum(axis=0) / root
    return dX_hat / root + dm / N + ds * 2 * deviations / N


# %% q7b-backward · backward-number-by-number
# Loops over samples and features.
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    N, D = G.shape
    dX = np.zeros((N, D))
    for j in range(D):
        sum_g = sum(G[i, j] for i in range(N))
        sum_gx = sum(G[i, j] * X_hat[i, j] for i in range(N))
        for i in range(N):
            dX[i, j] = gamma[j] / (s[j] + eps) ** 0.5 * (G[i, j] - sum_g / N - X_hat[i, j] / N * sum_gx)
    return dX


# %% q7b-backward · in-place
# Subtracts in place from a copy.
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    dX = G.copy()
    dX -= np.mean(G, axis=0, keepdims=True)
    dX -= X_hat * np.mean(np.multiply(G, X_hat), axis=0, keepdims=True)
    dX *= gamma
    dX /= np.sqrt(s + eps)
    return dX


# %% q7b-backward · backward-einsum
# Lets einsum do all sums, with type hints.
def batch_norm_backward(
    G: np.ndarray, X_hat: np.ndarray, s: np.ndarray, gamma: np.ndarray, eps: float = 1e-5
) -> np.ndarray:
    N = float(len(G))
    sums = np.einsum("nd->d", G) / N
    along = np.einsum("nd,nd->d", G, X_hat) / N
    return np.einsum("d,nd->nd", gamma / np.sqrt(s + eps), G - sums - np.einsum("nd,d->nd", X_hat, along))


# %% q7b-backward · backward-transposed
# Has a feature in each row.
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    signals, features = G.T, X_hat.T
    scale = (gamma / np.sqrt(s + eps)).reshape(-1, 1)
    along = (signals * features).mean(axis=1).reshape(-1, 1)
    return (scale * (signals - signals.mean(axis=1).reshape(-1, 1) - features * along)).T


# %% q7b-backward · backward-centring-matrix
# Centres the error signal by a matrix.
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    N = G.shape[0]
    centre = np.eye(N) - np.full((N, N), 1 / N)
    along = np.diag(G.T @ X_hat) / N
    return (centre @ G - X_hat * along) @ np.diag(gamma / np.sqrt(s + eps))


# %% q7b-backward · centred-signal-twice
# Takes the scalar product with the centred error signal, which is the same.
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    centred = G - np.average(G, axis=0)
    return (centred - X_hat * (centred * X_hat).mean(axis=0)) * (gamma / np.sqrt(s + eps))[None, :]


# %% mistake-unbiased · formula-with-a-factor
# Puts (N - 1)/N of the sum's mean into (7.8).
def unbiased_backward(G, X, gamma, eps):
    N = len(X)
    u = X.var(axis=0, ddof=1)
    X_hat = (X - X.mean(axis=0)) / np.sqrt(u + eps)
    along = N / (N - 1) * np.mean(G * X_hat, axis=0)
    return gamma / np.sqrt(u + eps) * (G - np.mean(G, axis=0) - along * X_hat)


# %% mistake-unbiased · unbiased-three-ways
# Adds the three ways, each in a line.
def unbiased_backward(G, X, gamma, eps):
    N = X.shape[0]
    deviations = X - np.mean(X, axis=0)
    u = np.sum(deviations**2, axis=0) / (N - 1)
    root = np.sqrt(u + eps)
    direct = gamma * G / root
    by_mean = -np.mean(direct, axis=0)
    by_variance = -deviations * np.sum(gamma * G * deviations, axis=0) / ((N - 1) * root**3)
    return direct + by_mean + by_variance


# %% mistake-unbiased · other-gamma-and-epsilon
# Calls (7.8) with the scale and the ε for which the two forward passes are the same.
def unbiased_backward(G, X, gamma, eps):
    N = len(X)
    share = (N - 1) / N
    s = X.var(axis=0)
    # (x - m) / sqrt(s N / (N - 1) + eps) = sqrt(share) (x - m) / sqrt(s + share eps)
    X_hat = (X - X.mean(axis=0)) / np.sqrt(s + share * eps)
    return batch_norm_backward(G, X_hat, s, np.sqrt(share) * gamma, share * eps)


# %% mistake-unbiased · unbiased-feature-by-feature
# Loops over the features, with a Jacobian for each.
def unbiased_backward(G, X, gamma, eps):
    N, D = X.shape
    dX = np.zeros((N, D))
    for d in range(D):
        centred = X[:, d] - X[:, d].mean()
        v = centred @ centred / (N - 1) + eps
        jacobian = (np.eye(N) - 1 / N) / np.sqrt(v) - np.outer(centred, centred) / ((N - 1) * v**1.5)
        dX[:, d] = gamma[d] * jacobian @ G[:, d]
    return dX


# %% mistake-unbiased · unbiased-number-by-number
# Loops over everything.
def unbiased_backward(G, X, gamma, eps):
    N, D = X.shape
    dX = np.empty((N, D))
    for j in range(D):
        m = sum(X[:, j]) / N
        u = sum((x - m) ** 2 for x in X[:, j]) / (N - 1)
        x_hat = [(x - m) / np.sqrt(u + eps) for x in X[:, j]]
        mean_g = sum(G[:, j]) / N
        along = sum(g * x for g, x in zip(G[:, j], x_hat)) / (N - 1)
        for i in range(N):
            dX[i, j] = gamma[j] / np.sqrt(u + eps) * (G[i, j] - mean_g - x_hat[i] * along)
    return dX


# %% mistake-unbiased · unbiased-step-by-step-backward
# Goes back through a graph of small steps.
def unbiased_backward(G, X, gamma, eps):
    N = len(X)
    m = X.mean(axis=0)
    c = X - m
    u = (c**2).sum(axis=0) / (N - 1)
    i = (u + eps) ** -0.5
    dc = gamma * G * i
    di = (gamma * G * c).sum(axis=0)
    du = di * -0.5 * (u + eps) ** -1.5
    dc = dc + 2 * c * du / (N - 1)
    dm = -dc.sum(axis=0)
    return dc + dm / N


# %% mistake-unbiased · unbiased-standard-deviation
# Takes the standard deviation of PyTorch's default, with type hints.
def unbiased_backward(G: np.ndarray, X: np.ndarray, gamma: np.ndarray, eps: float) -> np.ndarray:
    N = len(X)
    deviation = torch.from_numpy(X).std(dim=0).numpy()
    root = np.sqrt(deviation**2 + eps)
    X_hat = (X - X.mean(axis=0, keepdims=True)) / root
    bracket = N * G - G.sum(axis=0) - N / (N - 1) * X_hat * (G * X_hat).sum(axis=0)
    return gamma * bracket / (N * root)


# %% mistake-unbiased · unbiased-einsum
# Lets einsum do all sums.
def unbiased_backward(G, X, gamma, eps):
    N = X.shape[0]
    c = X - np.einsum("nd->d", X) / N
    root = np.sqrt(np.einsum("nd,nd->d", c, c) / (N - 1) + eps)
    along = np.einsum("nd,nd->d", G, c) / (root**2 * (N - 1))
    return np.einsum("d,nd->nd", gamma / root, G - np.einsum("nd->d", G) / N - c * along)


# %% mistake-unbiased · unbiased-transposed
# Has features in rows.
def unbiased_backward(G, X, gamma, eps):
    g, x = G.T, X.T
    N = x.shape[1]
    c = x - x.mean(axis=1, keepdims=True)
    v = np.var(x, axis=1, ddof=1, keepdims=True) + eps
    centred = g - g.mean(axis=1, keepdims=True)
    dx = gamma[:, None] / np.sqrt(v) * (centred - c * (g * c).sum(axis=1, keepdims=True) / (v * (N - 1)))
    return dx.T


# %% mistake-unbiased · covariances
# Takes the sums over N - 1 as covariances.
def unbiased_backward(G, X, gamma, eps):
    D = X.shape[1]
    pairs = [np.cov(X[:, d], G[:, d]) for d in range(D)]
    v = np.array([pair[0, 0] for pair in pairs]) + eps
    both = np.array([pair[0, 1] for pair in pairs])
    centred = X - X.mean(axis=0)
    return gamma / np.sqrt(v) * (G - G.mean(axis=0) - centred * both / v)


# %% q7c-functional · unbiased-false
# Uses the older names of the options.
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if not training:
        X_hat = (X - mean) / torch.sqrt(variance + eps)
        return gamma * X_hat + beta, mean, variance
    batch_mean = torch.mean(X, 0)
    batch_var = torch.var(X, 0, unbiased=False)
    X_hat = (X - batch_mean) / torch.sqrt(batch_var + eps)
    N = X.size(0)
    mean = (1 - momentum) * mean + momentum * batch_mean.data
    variance = (1 - momentum) * variance + momentum * batch_var.data * N / (N - 1)
    return gamma * X_hat + beta, mean, variance


# %% q7c-functional · no-grad-block
# Updates clones of the averages in place, without gradients.
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    new_mean, new_variance = mean.clone(), variance.clone()
    m, s = mean, variance
    if training:
        m = X.mean(dim=0)
        s = torch.square(X - m).mean(dim=0)
        with torch.no_grad():
            new_mean.mul_(1 - momentum).add_(m, alpha=momentum)
            new_variance.mul_(1 - momentum).add_(X.var(dim=0), alpha=momentum)
    return (X - m) / (s + eps).sqrt() * gamma + beta, new_mean, new_variance


# %% q7c-functional · functional-standard-deviation
# Squares the standard deviation.
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if training:
        std, m = torch.std_mean(X, dim=0, correction=0)
        output = gamma * ((X - m) / torch.sqrt(std**2 + eps)) + beta
        N = X.shape[0]
        mean = torch.add(mean * (1 - momentum), m.detach() * momentum)
        variance = torch.add(variance * (1 - momentum), std.detach() ** 2 * (momentum * N / (N - 1)))
        return output, mean, variance
    return gamma * ((X - mean) / torch.sqrt(variance + eps)) + beta, mean, variance


# %% q7c-functional · functional-helper-and-hints
# Has a function for (7.5) and (7.6), with type hints.
Tensor = torch.Tensor


def normalised(X: Tensor, m: Tensor, s: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """Equations (7.5) and (7.6)."""
    return gamma * (X - m) * torch.rsqrt(s + eps) + beta


def batch_norm(
    X: Tensor,
    gamma: Tensor,
    beta: Tensor,
    mean: Tensor,
    variance: Tensor,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    if not training:
        return normalised(X, mean, variance, gamma, beta, eps), mean, variance
    m, s, u = X.mean(0), X.var(0, correction=0), X.var(0, correction=1)
    averages = [(1 - momentum) * old + momentum * new.detach() for old, new in ((mean, m), (variance, u))]
    return normalised(X, m, s, gamma, beta, eps), *averages


# %% q7c-functional · keepdim-and-einsum
# Keeps the dimension of the batch, and multiplies by einsum.
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    N = len(X)
    if training:
        m = torch.sum(X, dim=0, keepdim=True) / N
        centred = X - m
        s = torch.einsum("nd,nd->d", centred, centred) / N
        new_mean = mean + momentum * (m.detach().squeeze(0) - mean)
        new_variance = variance + momentum * (s.detach() * N / (N - 1) - variance)
    else:
        centred, s = X - mean, variance
        new_mean, new_variance = mean, variance
    return torch.einsum("d,nd->nd", gamma / torch.sqrt(s + eps), centred) + beta, new_mean, new_variance


# %% q7c-functional · functional-mean-of-squares
# Takes the variance as the mean of squares less the squared mean, exact enough for features of this size.
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if training:
        N = len(X)
        m = X.mean(dim=0)
        s = (X * X).mean(dim=0) - m * m
        old = torch.tensor(1 - momentum, dtype=mean.dtype)
        mean = old * mean + momentum * m.detach()
        variance = old * variance + momentum * N * s.detach() / (N - 1)
        return (X - m) / torch.sqrt(s + eps) * gamma + beta, mean, variance
    return (X - mean) / torch.sqrt(variance + eps) * gamma + beta, mean, variance


# %% q7c-functional · scale-and-shift
# Makes one scale and one shift, and applies them to X.
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if training:
        s, m = torch.var_mean(X, 0, correction=0)
    else:
        s, m = variance, mean
    scale = gamma / torch.sqrt(s + eps)
    shift = beta - scale * m
    if training:
        correction = len(X) / (len(X) - 1)
        mean = torch.lerp(mean, m.detach(), momentum)
        variance = torch.lerp(variance, correction * s.detach(), momentum)
    return scale * X + shift, mean, variance


# %% q7c-functional · functional-transposed
# Has features in rows.
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    F = X.T
    m, s = mean[:, None], variance[:, None]
    if training:
        m = F.mean(dim=1, keepdim=True)
        s = ((F - m) ** 2).mean(dim=1, keepdim=True)
    out = (gamma[:, None] * (F - m) / torch.sqrt(s + eps) + beta[:, None]).T
    if not training:
        return out, mean.clone(), variance.clone()
    u = F.detach().var(dim=1)
    return out, (1 - momentum) * mean + momentum * m.detach()[:, 0], (1 - momentum) * variance + momentum * u


# %% q7c-functional · functional-feature-by-feature
# Loops over the features, and stacks the columns.
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    columns, means, variances = [], [], []
    for d in range(X.shape[1]):
        x, m, s = X[:, d], mean[d], variance[d]
        new_m, new_s = m, s
        if training:
            m, s = x.mean(), ((x - x.mean()) ** 2).mean()
            new_m = (1 - momentum) * mean[d] + momentum * m.item()
            new_s = (1 - momentum) * variance[d] + momentum * x.var().item()
        columns.append(gamma[d] * (x - m) / (s + eps) ** 0.5 + beta[d])
        means.append(new_m)
        variances.append(new_s)
    return torch.stack(columns, dim=1), torch.stack(means), torch.stack(variances)


# %% q7c-functional · methods-of-tensors
# Calls methods of tensors one after the other, and prints the mode.
@torch.no_grad()
def moved(average, batch, share):
    return average + share * (batch - average)


def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    print("training" if training else "evaluation")
    if training:
        m = X.mean(axis=0)
        s = X.sub(m).pow(2).mean(axis=0)
        factor = X.shape[0] / (X.shape[0] - 1)
        new = moved(mean, m, momentum), moved(variance, factor * s, momentum)
    else:
        m, s, new = mean, variance, (mean, variance)
    return X.sub(m).div(s.add(eps).sqrt()).mul(gamma).add(beta), *new


# %% q7c-module · buffers-in-a-loop
# Registers parameters and buffers in loops.
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        for name, value in (("gamma", torch.ones(D)), ("beta", torch.zeros(D))):
            setattr(self, name, nn.Parameter(value))
        for name, value in (("running_mean", torch.zeros(D)), ("running_var", torch.ones(D))):
            self.register_buffer(name, value)
        self.rho, self.eps = momentum, eps

    def forward(self, X):
        out, m, v = batch_norm(
            X,
            self.gamma,
            self.beta,
            self.running_mean,
            self.running_var,
            self.training,
            momentum=self.rho,
            eps=self.eps,
        )
        self.running_mean, self.running_var = m, v
        return out


# %% q7c-module · nn-buffer
# Uses PyTorch's newer Buffer.
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.gamma = nn.Parameter(torch.ones(D))
        self.beta = nn.Parameter(torch.zeros(D))
        self.running_mean = nn.Buffer(torch.zeros(D))
        self.running_var = nn.Buffer(torch.ones(D))

    def forward(self, X):
        if self.training:
            s, m = torch.var_mean(X, dim=0, correction=0)
            with torch.no_grad():
                self.running_mean += self.momentum * (m - self.running_mean)
                self.running_var += self.momentum * (s * len(X) / (len(X) - 1) - self.running_var)
        else:
            m, s = self.running_mean, self.running_var
        return self.gamma * (X - m) / torch.sqrt(s + self.eps) + self.beta


# %% q7c-module · data-of-the-buffers
# Sets the buffers' data.
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.D, self.momentum, self.eps = D, momentum, eps
        self.beta = nn.Parameter(torch.full((D,), 0.0), requires_grad=True)
        self.gamma = nn.Parameter(torch.full((D,), 1.0), requires_grad=True)
        self.register_buffer("running_var", torch.full((D,), 1.0))
        self.register_buffer("running_mean", torch.full((D,), 0.0))

    def forward(self, X):
        m, s = self.running_mean, self.running_var
        if self.training:
            m, s = X.mean(0), X.var(0, unbiased=False)
            self.running_mean.data = (1 - self.momentum) * self.running_mean + self.momentum * m.data
            self.running_var.data = (1 - self.momentum) * self.running_var + self.momentum * X.data.var(0)
        return (X - m) * torch.rsqrt(s + self.eps) * self.gamma + self.beta

    def extra_repr(self):
        return f"{self.D}, momentum={self.momentum}, eps={self.eps}"


# %% q7c-module · two-methods
# Has a method for each mode.
class BatchNorm(nn.Module):
    def __init__(self, D: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__()
        self.momentum = momentum
        self.eps = eps
        self.gamma = nn.Parameter(torch.ones(D))
        self.beta = nn.Parameter(torch.zeros(D))
        self.register_buffer("running_mean", torch.zeros(D), persistent=True)
        self.register_buffer("running_var", torch.ones(D), persistent=True)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return self.in_training(X) if self.training else self.in_evaluation(X)

    def in_training(self, X: torch.Tensor) -> torch.Tensor:
        out, mean, var = batch_norm(
            X, self.gamma, self.beta, self.running_mean, self.running_var, True, self.momentum, self.eps
        )
        self.running_mean.copy_(mean)
        self.running_var.copy_(var)
        return out

    def in_evaluation(self, X: torch.Tensor) -> torch.Tensor:
        out, *_ = batch_norm(
            X, self.gamma, self.beta, self.running_mean, self.running_var, False, self.momentum, self.eps
        )
        return out


# %% q7c-module · counts-its-batches
# Counts batches in training, as PyTorch's own does.
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.register_parameter("gamma", nn.Parameter(torch.ones(D)))
        self.register_parameter("beta", nn.Parameter(torch.zeros(D)))
        self.register_buffer("running_mean", torch.zeros(D))
        self.register_buffer("running_var", torch.ones(D))
        self.register_buffer("num_batches_tracked", torch.tensor(0, dtype=torch.long))

    def forward(self, X):
        if self.training:
            self.num_batches_tracked += 1
        averages = dict(mean=self.running_mean, variance=self.running_var)
        options = dict(training=self.training, momentum=self.momentum, eps=self.eps)
        out, self.running_mean, self.running_var = batch_norm(X, self.gamma, self.beta, **averages, **options)
        return out


# %% q7c-module · lerp-in-place
# Moves the averages by lerp_.
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(D)), nn.Parameter(torch.zeros(D))
        self.register_buffer("running_mean", torch.zeros_like(self.beta))
        self.register_buffer("running_var", torch.ones_like(self.gamma))
        self.momentum, self.eps = momentum, eps

    @torch.no_grad()
    def remember(self, X):
        self.running_mean.lerp_(X.mean(dim=0), self.momentum)
        self.running_var.lerp_(X.var(dim=0), self.momentum)

    def forward(self, X):
        if self.training:
            self.remember(X)
            centred = X - X.mean(dim=0)
            return self.gamma * centred / torch.sqrt(centred.square().mean(dim=0) + self.eps) + self.beta
        return self.gamma * (X - self.running_mean) / torch.sqrt(self.running_var + self.eps) + self.beta


# %% q7c-module · module-base-class
# Inherits the memory from a module of its own.
class WithAverages(nn.Module):
    def __init__(self, D):
        super().__init__()
        self.register_buffer("running_mean", torch.zeros(D))
        self.register_buffer("running_var", torch.ones(D))


class BatchNorm(WithAverages):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__(D)
        self.hyper = (momentum, eps)
        self.gamma = nn.Parameter(torch.Tensor(D))
        self.beta = nn.Parameter(torch.Tensor(D))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.constant_(self.gamma, 1.0)
        nn.init.constant_(self.beta, 0.0)

    def forward(self, X):
        out, mean, var = batch_norm(
            X, self.gamma, self.beta, self.running_mean, self.running_var, self.training, *self.hyper
        )
        if self.training:
            self.running_mean, self.running_var = mean.detach(), var.detach()
        return out


# %% q7c-module · buffers-dict
# Looks the buffers up by name, and fills them.
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.gamma = torch.nn.parameter.Parameter(torch.ones((D,)))
        self.beta = torch.nn.parameter.Parameter(torch.zeros((D,)))
        self.register_buffer("running_mean", torch.zeros((D,)))
        self.register_buffer("running_var", torch.ones((D,)))

    def forward(self, X):
        old = dict(self.named_buffers())
        result = batch_norm(
            X, self.gamma, self.beta, old["running_mean"], old["running_var"], self.training, self.momentum, self.eps
        )
        for name, new in zip(("running_mean", "running_var"), result[1:]):
            old[name].copy_(new)
        return result[0]


# %% q7c-module · sums-written-out
# Writes the sums out, and prints the first time.
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        print(f"batch norm of {D} features")
        self.momentum, self.eps = momentum, eps
        self.gamma = nn.Parameter(torch.ones(D))
        self.beta = nn.Parameter(torch.zeros(D))
        self.register_buffer("running_mean", torch.zeros(D))
        self.register_buffer("running_var", torch.ones(D))

    def forward(self, X):
        if not self.training:
            scale = self.gamma / torch.sqrt(self.running_var + self.eps)
            return X * scale + (self.beta - self.running_mean * scale)
        N, rho = X.shape[0], self.momentum
        m = X.sum(dim=0) / N
        squares = ((X - m) ** 2).sum(dim=0)
        self.running_mean = (1 - rho) * self.running_mean + rho * m.detach()
        self.running_var = (1 - rho) * self.running_var + rho * squares.detach() / (N - 1)
        return self.gamma * (X - m) / torch.sqrt(squares / N + self.eps) + self.beta


# %% q7c-function · saves-the-input
# Saves X alone with gamma, and computes the rest again.
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        ctx.save_for_backward(X, gamma)
        ctx.eps = eps
        s, m = torch.var_mean(X, dim=0, correction=0)
        return gamma * (X - m) / torch.sqrt(s + eps) + beta

    @staticmethod
    def backward(ctx, G):
        X, gamma = ctx.saved_tensors
        root = torch.sqrt(X.var(dim=0, unbiased=False) + ctx.eps)
        X_hat = (X - X.mean(dim=0)) / root
        dX = gamma / root * (G - G.mean(dim=0) - X_hat * (G * X_hat).mean(dim=0))
        return dX, torch.sum(G * X_hat, dim=0), torch.sum(G, dim=0), None


# %% q7c-function · attributes-of-the-context
# Keeps what is no input and no output as attributes.
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        centred = X - X.mean(0)
        ctx.root = (centred.pow(2).mean(0) + eps).sqrt()
        ctx.X_hat = centred / ctx.root
        ctx.save_for_backward(gamma)
        return ctx.X_hat * gamma + beta

    @staticmethod
    def backward(ctx, G):
        (gamma,) = ctx.saved_tensors
        N, X_hat = len(G), ctx.X_hat
        dbeta = G.sum(0)
        dgamma = (G * X_hat).sum(0)
        dX = (N * G - dbeta - X_hat * dgamma) * gamma / (N * ctx.root)
        return dX, dgamma, dbeta, None


# %% q7c-function · once-differentiable
# Says that it can be differentiated once, with type hints.
from torch.autograd.function import once_differentiable


class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float) -> torch.Tensor:
        inverse = torch.rsqrt(X.var(dim=0, correction=0, keepdim=True) + eps)
        X_hat = (X - X.mean(dim=0, keepdim=True)) * inverse
        ctx.save_for_backward(X_hat, inverse, gamma)
        return torch.addcmul(beta, gamma, X_hat)

    @staticmethod
    @once_differentiable
    def backward(ctx, G: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        X_hat, inverse, gamma = ctx.saved_tensors
        g = G * gamma
        dX = inverse * (g - g.mean(dim=0, keepdim=True) - X_hat * (g * X_hat).mean(dim=0, keepdim=True))
        return dX, (G * X_hat).sum(dim=0), G.sum(dim=0), None


# %% q7c-function · context-set-up-apart
# Sets the context up in a method of its own, as newer PyTorch has it.
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(X, gamma, beta, eps):
        return gamma * (X - X.mean(dim=0)) / torch.sqrt(X.var(dim=0, correction=0) + eps) + beta

    @staticmethod
    def setup_context(ctx, inputs, output):
        X, gamma, _, ctx.eps = inputs
        ctx.save_for_backward(X, gamma)

    @staticmethod
    def backward(ctx, G):
        X, gamma = ctx.saved_tensors
        root = torch.sqrt(X.var(dim=0, correction=0) + ctx.eps)
        X_hat = (X - X.mean(dim=0)) / root
        dgamma, dbeta = (G * X_hat).sum(dim=0), G.sum(dim=0)
        return gamma / root * (G - dbeta / len(G) - X_hat * dgamma / len(G)), dgamma, dbeta, None


# %% q7c-function · numpy-inside
# Computes in NumPy, with the functions above.
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        O, X_hat, s = batch_norm_forward(*(value.detach().numpy() for value in (X, gamma, beta)), eps)
        ctx.numbers = X_hat, s, gamma.detach().numpy(), eps
        return torch.from_numpy(O)

    @staticmethod
    def backward(ctx, G):
        X_hat, s, gamma, eps = ctx.numbers
        G = G.detach().numpy()
        gradients = batch_norm_backward(G, X_hat, s, gamma, eps), *parameter_gradients(G, X_hat)
        return *(torch.from_numpy(np.ascontiguousarray(value)) for value in gradients), None


# %% q7c-function · function-three-ways
# Adds three ways, as tensors.
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        m = X.mean(dim=0)
        v = X.var(dim=0, correction=0) + eps
        ctx.save_for_backward(X - m, v, gamma)
        return gamma * (X - m) / v.sqrt() + beta

    @staticmethod
    def backward(ctx, G):
        centred, v, gamma = ctx.saved_tensors
        N = G.size(0)
        dX_hat = gamma * G
        ds = -0.5 * (dX_hat * centred).sum(dim=0) * v.pow(-1.5)
        dm = -dX_hat.sum(dim=0) * v.pow(-0.5)
        dX = dX_hat * v.pow(-0.5) + dm / N + ds * 2 * centred / N
        return dX, (G * centred / v.sqrt()).sum(dim=0), G.sum(dim=0), None


# %% q7c-function · only-what-is-needed
# Computes the gradients that are asked for.
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps=1e-5):
        root = torch.sqrt(torch.var(X, 0, correction=0) + eps)
        X_hat = (X - torch.mean(X, 0)) / root
        ctx.save_for_backward(X_hat, root, gamma)
        return gamma * X_hat + beta

    @staticmethod
    def backward(ctx, *signals):
        (G,) = signals
        X_hat, root, gamma = ctx.saved_tensors
        wanted = ctx.needs_input_grad
        along = torch.einsum("nd,nd->d", G, X_hat)
        dX = gamma / root * (G - G.mean(0) - X_hat * along / len(G)) if wanted[0] else None
        return dX, along if wanted[1] else None, G.sum(0) if wanted[2] else None, None


# %% q7c-function · function-feature-by-feature
# Loops over the features on the way back.
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        m = X.sum(0) / X.shape[0]
        s = ((X - m) ** 2).sum(0) / X.shape[0]
        X_hat = (X - m) / (s + eps) ** 0.5
        ctx.save_for_backward(X_hat, s + eps, gamma)
        return gamma * X_hat + beta

    @staticmethod
    def backward(ctx, G):
        X_hat, v, gamma = ctx.saved_tensors
        N, D = G.shape
        dX, dgamma, dbeta = torch.zeros_like(G), torch.zeros_like(gamma), torch.zeros_like(gamma)
        for d in range(D):
            g, x = G[:, d], X_hat[:, d]
            dgamma[d], dbeta[d] = g @ x, g.sum()
            dX[:, d] = gamma[d] / v[d] ** 0.5 * (g - dbeta[d] / N - x * dgamma[d] / N)
        return dX, dgamma, dbeta, None


# %% q7c-function · centring-matrices
# Projects with matrices, one for each feature.
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        scale = 1 / torch.sqrt(X.var(0, correction=0) + eps)
        X_hat = scale * (X - X.mean(0))
        ctx.save_for_backward(X_hat, scale * gamma)
        return X_hat * gamma + beta

    @staticmethod
    def backward(ctx, G):
        X_hat, scale = ctx.saved_tensors
        N = len(G)
        jacobians = torch.eye(N, dtype=G.dtype) - (1 + torch.einsum("id,jd->dij", X_hat, X_hat)) / N
        dX = torch.einsum("dij,jd->id", jacobians, G) * scale
        return dX, torch.diagonal(G.T @ X_hat).clone(), G.T @ torch.ones(N, dtype=G.dtype), None


# %% q7c-function · methods-beside
# Has the formula of the way back as a function beside it.
def back(G, X_hat, gamma, root):
    """(7.7) and (7.8)."""
    dgamma, dbeta = (G * X_hat).sum(dim=0), G.sum(dim=0)
    return gamma / root * (G - (dbeta + X_hat * dgamma) / G.shape[0]), dgamma, dbeta


class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        with torch.no_grad():
            std = X.std(dim=0, correction=0)
            root = torch.sqrt(std * std + eps)
            X_hat = (X - X.mean(dim=0)) / root
        ctx.save_for_backward(X_hat, gamma, root)
        return X_hat * gamma + beta

    @staticmethod
    def backward(ctx, G):
        return (*back(G, *ctx.saved_tensors), None)
