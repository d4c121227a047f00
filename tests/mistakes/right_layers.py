"""Right answers to notebook 05 that look different: each must keep its marks.

loses: nothing
"""


# %% q5a-centering · copied-and-shifted
# Copies the batch and subtracts in place.
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        Y = X.copy()
        Y -= self.mean
        return Y

    def backward(self, dY):
        return dY


# %% q5a-centering · row
# Keeps the mean as a matrix of one row.
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = np.asarray(mean).reshape(1, -1)

    def forward(self, X):
        return np.add(X, -self.mean)

    def backward(self, dY):
        return dY * 1.0


# %% q5a-centering · row-by-row
# Subtracts from one row after the other.
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        return np.array([row - self.mean for row in X])

    def backward(self, dY):
        return np.array([row for row in dY])


# %% q5a-centering · column-by-column
# Subtracts from one column after the other.
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        Y = np.empty(X.shape)
        for d in range(self.input_size):
            Y[:, d] = X[:, d] - self.mean[d]
        return Y

    def backward(self, dY):
        dX = np.empty(dY.shape)
        dX[:] = dY
        return dX


# %% q5a-centering · repeated-mean
# Repeats the mean for each row.
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        N = X.shape[0]
        return X - np.tile(self.mean, (N, 1))

    def backward(self, dY):
        return np.positive(dY)


# %% q5a-centering · identity-matrix
# Takes the layer for a linear one with the identity for its weights.
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean
        self._identity = np.eye(len(mean))

    def forward(self, X):
        return X @ self._identity - self.mean

    def backward(self, dY):
        return dY @ self._identity.T


# %% q5a-centering · along-the-axis
# Applies a function to every row.
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        return np.apply_along_axis(self._centred, 1, X)

    def _centred(self, row):
        return row - self.mean

    def backward(self, dY):
        return dY[...]


# %% q5a-centering · type-hints-and-prints
# Annotates everything, copies the mean, and prints.
class Centering(Layer):
    """Subtracts a mean."""

    def __init__(self, name: str, mean: np.ndarray) -> None:
        super().__init__(name=name, input_size=mean.shape[0], output_size=mean.shape[0])
        self.mean: np.ndarray = mean.copy()
        self.mean.setflags(write=False)

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Equation (5.1)."""
        Y: np.ndarray = X - self.mean[np.newaxis, :]
        print(f"{self.name}: {len(X)} rows, the largest entry {Y.max():.3f}")
        return Y

    def backward(self, dY: np.ndarray) -> np.ndarray:
        assert dY.shape[1] == self.output_size
        return dY.copy()


# %% q5a-centering · property
# Makes the mean a property.
class Centering(Layer):
    def __init__(self, name, mean):
        Layer.__init__(self, name, len(mean), len(mean))
        self._mean = mean

    @property
    def mean(self):
        return self._mean

    def forward(self, X):
        return np.subtract(X, self.mean[None])

    def backward(self, dY):
        return np.multiply(dY, np.ones_like(dY))


# %% q5a-centering · einsum
# Counts rows with a vector of ones.
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.mean = mean

    def forward(self, X):
        return X - np.einsum("n,d->nd", np.ones(len(X)), self.mean)

    backward = staticmethod(np.array)


# %% q5a-linear · loops
# Writes every sum as a loop.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg = reg
        self.params = {"W": weights(input_size, output_size, rng), "b": np.zeros(output_size)}

    def forward(self, X):
        self.X, W, b = X, self.params["W"], self.params["b"]
        Y = np.zeros((len(X), self.output_size))
        for n in range(len(X)):
            for h in range(self.output_size):
                Y[n, h] = b[h] + sum(X[n, d] * W[d, h] for d in range(self.input_size))
        return Y

    def backward(self, dY):
        W, N = self.params["W"], len(dY)
        dW, db, dX = np.zeros(W.shape), np.zeros(self.output_size), np.zeros((N, self.input_size))
        for n in range(N):
            for h in range(self.output_size):
                db[h] += dY[n, h]
                for d in range(self.input_size):
                    dW[d, h] += self.X[n, d] * dY[n, h]
                    dX[n, d] += dY[n, h] * W[d, h]
        for d in range(self.input_size):
            for h in range(self.output_size):
                dW[d, h] += 2 * self.reg * W[d, h]
        self.grads = {"W": dW, "b": db}
        return dX

    def penalty(self):
        total = 0.0
        for w in self.params["W"].ravel():
            total += w * w
        return self.reg * total


# %% q5a-linear · outer-products
# Adds up an outer product for every row.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg = reg
        self.params["W"] = weights(input_size, output_size, rng)
        self.params["b"] = np.zeros(output_size)

    def forward(self, X):
        self.inputs = X.copy()
        return np.array([x @ self.params["W"] for x in X]) + self.params["b"]

    def backward(self, dY):
        self.grads["b"] = sum(dY)
        self.grads["W"] = sum(np.outer(x, dy) for x, dy in zip(self.inputs, dY))
        self.grads["W"] = self.grads["W"] + 2 * self.reg * self.params["W"]
        return np.stack([self.params["W"] @ dy for dy in dY])

    def penalty(self):
        return self.reg * (self.params["W"] ** 2).sum()


# %% q5a-linear · tensordot
# Lets tensordot multiply, and sums over an axis.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.lam = reg
        self.params.update(W=weights(input_size, output_size, rng), b=np.zeros(output_size))

    def forward(self, X):
        self.X = X
        return np.tensordot(X, self.params["W"], axes=1) + self.params["b"][None, :]

    def backward(self, dY):
        self.grads = {
            "b": np.add.reduce(dY, axis=0),
            "W": np.tensordot(self.X, dY, axes=(0, 0)) + 2 * self.lam * self.params["W"],
        }
        return np.tensordot(dY, self.params["W"], axes=(1, 1))

    def penalty(self):
        return self.lam * np.square(self.params["W"]).sum()


# %% q5a-linear · columns-inside
# Transposes at both ends and remembers columns.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.params["W"], self.params["b"] = weights(input_size, output_size, rng), np.zeros(output_size)
        self.reg = reg

    def forward(self, X):
        self.columns = X.T
        return (self.params["W"].T @ self.columns + self.params["b"].reshape(-1, 1)).T

    def backward(self, dY):
        dW = (dY.T @ self.columns.T).T
        dW = dW + self.reg * 2 * self.params["W"]
        self.grads = dict(W=dW, b=dY.T.sum(axis=1))
        return (self.params["W"] @ dY.T).T

    def penalty(self):
        return self.reg * np.trace(self.params["W"].T @ self.params["W"])


# %% q5a-linear · nothing-to-penalise
# Returns early where nothing is penalised.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg = reg
        self.params["W"] = weights(input_size, output_size, rng)
        self.params["b"] = np.zeros(output_size)

    def forward(self, X):
        self.X = X
        return np.matmul(X, self.params["W"]) + self.params["b"]

    def backward(self, dY):
        self.grads = {"W": np.matmul(self.X.T, dY), "b": np.sum(dY, axis=0)}
        if self.reg:
            self.grads["W"] += 2 * self.reg * self.params["W"]
        return np.matmul(dY, self.params["W"].T)

    def penalty(self):
        if not self.reg:
            return super().penalty()
        return float(self.reg * np.linalg.norm(self.params["W"], "fro") ** 2)


# %% q5a-linear · properties
# Reads its parameters through properties, and keeps the batch in a list.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg, self.seen = reg, []
        self.params = {"W": np.array(weights(input_size, output_size, rng)), "b": np.zeros(output_size)}

    @property
    def W(self):
        return self.params["W"]

    @property
    def b(self):
        return self.params["b"]

    def forward(self, X):
        self.seen[:] = [X]
        return X.dot(self.W) + self.b

    def backward(self, dY):
        (X,) = self.seen
        self.grads["W"] = X.T.dot(dY) + 2 * self.reg * self.W
        self.grads["b"] = dY.sum(0)
        return dY.dot(self.W.T)

    def penalty(self):
        return self.reg * np.sum(self.W * self.W)


# %% q5a-linear · way-back-as-a-function
# Makes the way back on the way up, as a function.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.penalty = lambda: reg * np.einsum("dh,dh->", self.params["W"], self.params["W"])
        self.penalty_slope = lambda: 2 * reg * self.params["W"]
        self.params = {"W": weights(input_size, output_size, rng), "b": np.zeros(output_size)}

    def forward(self, X):
        def way_back(dY):
            self.grads = {"W": X.T @ dY + self.penalty_slope(), "b": dY.sum(axis=0)}
            return dY @ self.params["W"].T

        self.way_back = way_back
        return X @ self.params["W"] + self.params["b"]

    def backward(self, dY):
        return self.way_back(dY)


# %% q5a-linear · filled-gradients
# Makes room for the gradients, and fills it.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg = float(reg)
        self.params["W"] = weights(input_size, output_size, rng)
        self.params["b"] = np.zeros((output_size,))
        self.grads = {name: np.zeros_like(value) for name, value in self.params.items()}

    def forward(self, X):
        self._X = X
        Y = np.dot(X, self.params["W"])
        Y += self.params["b"]
        return Y

    def backward(self, dY):
        self.grads = {name: np.zeros(value.shape) for name, value in self.params.items()}
        self.grads["W"] += np.dot(self._X.T, dY)
        self.grads["W"] += 2.0 * self.reg * self.params["W"]
        self.grads["b"] += np.mean(dY, axis=0) * len(dY)
        return np.dot(dY, self.params["W"].T)

    def penalty(self):
        W = self.params["W"].reshape(-1)
        return self.reg * W @ W


# %% q5a-linear · singular-values
# Takes the penalty from the singular values, and writes products with einsum's own optimiser.
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.reg = reg
        self.params["b"] = np.zeros(output_size)
        self.params["W"] = weights(input_size, output_size, rng)

    def forward(self, X):
        self.cache = (X,)
        return np.einsum("nd,dh->nh", X, self.params["W"], optimize=True) + self.params["b"]

    def backward(self, dY):
        X, W = *self.cache, self.params["W"]
        gradient = {"data": np.einsum("nd,nh->dh", X, dY, optimize=True), "penalty": 2 * self.reg * W}
        self.grads = {"b": np.einsum("nh->h", dY), "W": gradient["data"] + gradient["penalty"]}
        return np.einsum("nh,dh->nd", dY, W, optimize=True)

    def penalty(self):
        return self.reg * np.sum(np.linalg.svd(self.params["W"], compute_uv=False) ** 2)


# %% q5a-relu · output-remembered
# Remembers its output and not its input.
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        self.Y = np.maximum(0.0, X)
        return self.Y.copy()

    def backward(self, dY):
        return dY * np.sign(self.Y)


# %% q5a-relu · zeroed
# Copies, and sets entries to zero.
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        self.off = X <= 0
        Y = X.copy()
        Y[self.off] = 0
        return Y

    def backward(self, dY):
        dX = dY.copy()
        dX[self.off] = 0
        return dX


# %% q5a-relu · clip
# Clips from below, and divides the entries among two arrays.
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        self.positive = np.greater(X, 0)
        return np.clip(X, 0, None)

    def backward(self, dY):
        return np.select([self.positive, ~self.positive], [dY, np.zeros_like(dY)])


# %% q5a-relu · half-of-the-sum
# Halves the sum of an entry and its size.
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        self.input = np.array(X)
        return 0.5 * (X + np.abs(X))

    def backward(self, dY):
        return np.where(self.input > 0, dY, np.zeros(dY.shape))


# %% q5a-relu · entry-by-entry
# Goes through all entries.
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        self.X = X
        return np.array([[x if x > 0 else 0.0 for x in row] for row in X])

    def backward(self, dY):
        dX = np.zeros_like(dY)
        for n in range(dY.shape[0]):
            for d in range(dY.shape[1]):
                if self.X[n, d] > 0:
                    dX[n, d] = dY[n, d]
        return dX


# %% q5a-relu · indices
# Remembers where its input was positive, as indices.
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)
        self.where = None

    def forward(self, X):
        self.where = np.nonzero(X > 0)
        Y = np.zeros_like(X)
        Y[self.where] = X[self.where]
        return Y

    def backward(self, dY):
        dX = np.zeros_like(dY)
        dX[self.where] = dY[self.where]
        return dX


# %% q5a-relu · number-for-a-mask
# Keeps the mask as numbers.
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        self.mask = (X > 0).astype(X.dtype)
        return np.multiply(self.mask, X)

    def backward(self, dY):
        return np.einsum("nd,nd->nd", self.mask, dY)


# %% q5a-relu · vectorised-functions
# Writes the function and its slope for one number.
@np.vectorize(otypes=[float])
def _relu(x):
    return max(x, 0.0)


@np.vectorize(otypes=[float])
def _slope(x):
    return 1.0 if x > 0 else 0.0


class ReLU(Layer):
    def __init__(self, name: str, size: int):
        super().__init__(name, size, size)

    def forward(self, X: np.ndarray) -> np.ndarray:
        self.X = X
        return _relu(X)

    def backward(self, dY: np.ndarray) -> np.ndarray:
        return dY * _slope(self.X)


# %% q5a-relu · masked-multiplication
# Multiplies where the input was positive, and keeps zeros elsewhere.
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        self._on = X > 0
        return np.add(X, 0, out=np.zeros_like(X), where=self._on)

    def backward(self, dY):
        return np.add(dY, 0, out=np.zeros_like(dY), where=self._on)


# %% q5a-relu · way-back-in-forward
# Makes the way back in forward, and warns about units that are off.
import warnings


class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        on = X > 0
        if not on.any(axis=0).all():
            warnings.warn("a unit is off for the whole batch", stacklevel=2)
        self.backward_of_this = lambda dY: dY * on
        return np.fmax(X, 0)

    def backward(self, dY):
        return self.backward_of_this(dY)


# %% q5a-softmax · logarithms-first
# Takes the exponentials of SciPy's logarithms, and compares for the one-hot vectors.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        self.log_P = scipy.special.log_softmax(Z, axis=1)
        return np.exp(self.log_P)

    def backward(self, y):
        one_hot = np.arange(self.input_size) == y[:, None]
        return (np.exp(self.log_P) - one_hot) / len(y)


# %% q5a-softmax · softmax-row-by-row
# Goes through the rows.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        rows = []
        for z in Z:
            e = np.exp(z - max(z))
            rows.append(e / sum(e))
        self.P = np.array(rows)
        return self.P

    def backward(self, y):
        dZ = np.zeros(self.P.shape)
        for n, label in enumerate(y):
            for k in range(dZ.shape[1]):
                dZ[n, k] = (self.P[n, k] - (1 if k == label else 0)) / len(y)
        return dZ


# %% q5a-softmax · computed-again
# Remembers the scores, and computes the probabilities again on the way back.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        self.Z = np.copy(Z)
        return self._probabilities()

    def _probabilities(self):
        E = np.exp(self.Z - np.amax(self.Z, axis=1)[:, np.newaxis])
        return E / np.sum(E, axis=1)[:, np.newaxis]

    def backward(self, y):
        return (self._probabilities() - np.eye(self.Z.shape[1])[y]) / y.size


# %% q5a-softmax · softmax-columns-inside
# Works with a column for each sample.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        E = np.exp(Z.T - Z.max(axis=1))
        self.columns = E / E.sum(axis=0)
        return self.columns.T

    def backward(self, y):
        N = len(y)
        dZ = self.columns / N
        dZ[y, np.arange(N)] -= 1 / N
        return dZ.T


# %% q5a-softmax · sums-of-logarithms
# Subtracts the logarithm of the sum, made by logaddexp.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        self.P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
        return self.P

    def backward(self, y):
        dZ = np.array(self.P)
        own = np.take_along_axis(dZ, y[:, None], axis=1)
        np.put_along_axis(dZ, y[:, None], own - 1, axis=1)
        return dZ / dZ.shape[0]


# %% q5a-softmax · more-than-the-maximum
# Subtracts a little more than the maximum, and divides by N times the mean.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        E = np.exp(Z - Z.max(1).reshape(-1, 1) - 1.0)
        self.P = np.divide(E, Z.shape[1] * E.mean(1).reshape(-1, 1))
        return self.P

    def backward(self, y):
        N, K = self.P.shape
        flat = self.P.ravel() / N
        flat[np.arange(N) * K + y] -= 1 / N
        return flat.reshape(N, K)


# %% q5a-softmax · softmax-identity-matrix
# Keeps the identity matrix for the labels.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)
        self.one_hot = np.identity(size)

    def forward(self, Z):
        self.P = scipy.special.softmax(Z, axis=-1)
        return self.P

    def backward(self, y):
        return np.subtract(self.P, self.one_hot[y]) * (1 / len(y))


# %% q5a-softmax · tuple-of-what-it-needs
# Remembers exponentials and their sums, and annotates.
class Softmax(Layer):
    def __init__(self, name: str, size: int) -> None:
        super().__init__(name, size, size)
        self._memory: tuple[np.ndarray, np.ndarray] | None = None

    def forward(self, Z: np.ndarray) -> np.ndarray:
        raised = np.exp(Z - np.max(Z, axis=1, keepdims=True))
        self._memory = raised, np.einsum("nk->n", raised)[:, None]
        return raised / self._memory[1]

    def backward(self, y: np.ndarray) -> np.ndarray:
        assert self._memory is not None
        raised, sums = self._memory
        labels = np.zeros(raised.shape, dtype=bool)
        labels[np.arange(len(y)), y] = True
        return np.where(labels, raised / sums - 1, raised / sums) / len(y)


# %% q5a-softmax · list-of-labels
# Takes the labels for a list.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        shifted = Z - np.max(Z, axis=1, keepdims=True)
        self.P = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)
        return self.P

    def backward(self, y):
        N = len(y)
        T = np.array([[float(k == label) for k in range(self.output_size)] for label in list(y)])
        return self.P / N - T / N


# %% q5a-softmax · powers-of-two
# Raises 2 instead of e.
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)
        self.P = np.full((1, size), 1 / size)

    def forward(self, Z):
        bits = (Z - Z.max(axis=1, keepdims=True)) / np.log(2)
        E = np.exp2(bits)
        self.P = E * (1 / E.sum(axis=1, keepdims=True))
        return self.P

    def backward(self, y):
        dZ = self.P.copy()
        np.add.at(dZ, (np.arange(len(dZ)), y), -1)
        return dZ / len(dZ)


# %% q5b-network · reduce
# Folds forward and backward with reduce.
from functools import reduce


class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        """The parameters of all layers: a dict with names such as hidden.W."""
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X):
        return reduce(lambda signal, layer: layer.forward(signal), self.layers, X)

    def cost(self, X, y):
        P = self.forward(X)
        return -np.log(P[range(len(y)), y]).sum() / len(y) + sum(layer.penalty() for layer in self.layers)

    def accuracy(self, X, y):
        return np.mean(self.forward(X).argmax(axis=1) == y)

    def gradients(self, X, y):
        self.forward(X)
        reduce(lambda signal, layer: layer.backward(signal), self.layers[::-1], y)
        return {f"{layer.name}.{key}": g for layer in self.layers for key, g in layer.grads.items()}


# %% q5b-network · recursion
# Hands the gradient down by calling itself.
class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X, start=0):
        if start == len(self.layers):
            return X
        return self.forward(self.layers[start].forward(X), start + 1)

    def _back(self, signal, number):
        if number < 0:
            return {}
        layer = self.layers[number]
        signal = layer.backward(signal)
        own = {f"{layer.name}.{key}": value for key, value in layer.grads.items()}
        return self._back(signal, number - 1) | own

    def cost(self, X, y):
        P = self.forward(X)
        cost = -np.mean([np.log(P[n, y[n]]) for n in range(len(y))])
        for layer in self.layers:
            cost = cost + layer.penalty()
        return cost

    def accuracy(self, X, y):
        return float(sum(self.forward(X).argmax(axis=1) == y) / len(y))

    def gradients(self, X, y):
        self.forward(X)
        return self._back(y, len(self.layers) - 1)


# %% q5b-network · probabilities-remembered
# Remembers the probabilities, and divides the work among methods.
class Network:
    def __init__(self, layers):
        self.layers = list(layers)
        self.P = None

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X):
        self.P = X
        for layer in self.layers:
            self.P = layer.forward(self.P)
        return self.P

    def penalty(self):
        return sum([layer.penalty() for layer in self.layers], start=0.0)

    def data_cost(self, y):
        return -np.log(np.take_along_axis(self.P, y.reshape(-1, 1), axis=1)).mean()

    def cost(self, X, y):
        self.forward(X)
        return self.data_cost(y) + self.penalty()

    def predict(self, X):
        return np.argmax(self.forward(X), axis=1)

    def accuracy(self, X, y):
        return (self.predict(X) == y).mean()

    def backward(self, y):
        signal = y
        for layer in self.layers[::-1]:
            signal = layer.backward(signal)

    def gradients(self, X, y):
        self.forward(X)
        self.backward(y)
        return {f"{layer.name}.{key}": layer.grads[key] for layer in self.layers for key in layer.params}


# %% q5b-network · one-hot
# Multiplies by one-hot vectors.
class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X):
        signal = X.copy()
        for layer in self.layers:
            signal = layer.forward(signal)
        return signal

    def cost(self, X, y):
        P = self.forward(X)
        one_hot = np.eye(P.shape[1])[y]
        chosen = (one_hot * P).sum(axis=1)
        return np.mean(-np.log(chosen)) + np.sum([layer.penalty() for layer in self.layers])

    def accuracy(self, X, y):
        wrong = np.count_nonzero(np.argmax(self.forward(X), axis=1) - y)
        return 1 - wrong / len(y)

    def gradients(self, X, y):
        _ = self.forward(X)
        error = self.layers[-1].backward(y)
        for layer in self.layers[-2::-1]:
            error = layer.backward(error)
        grads = {}
        for layer in self.layers:
            grads.update({layer.name + "." + key: value for key, value in layer.grads.items()})
        return grads


# %% q5b-network · stack
# Pops layers from a stack on the way back.
class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X):
        for layer in iter(self.layers):
            X = layer.forward(X)
        return X

    def cost(self, X, y):
        probabilities = self.forward(X)
        mask = np.arange(probabilities.shape[1]) == np.expand_dims(y, 1)
        total = -np.log(probabilities[mask]).sum()
        return total / y.shape[0] + sum(map(lambda layer: layer.penalty(), self.layers))

    def accuracy(self, X, y):
        hits = [int(np.argmax(p) == label) for p, label in zip(self.forward(X), y)]
        return sum(hits) / len(hits)

    def gradients(self, X, y):
        self.forward(X)
        stack, signal, grads = list(self.layers), y, {}
        while stack:
            layer = stack.pop()
            signal = layer.backward(signal)
            for key in layer.params:
                grads[f"{layer.name}.{key}"] = layer.grads[key].copy()
        return grads


# %% q5b-network · names-of-params
# Goes through the names of the parameters.
class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X):
        A = X
        for i in range(len(self.layers)):
            A = self.layers[i].forward(A)
        return A

    def cost(self, X, y):
        log_P = np.log(self.forward(X))
        J = 0
        for n in range(len(y)):
            J -= log_P[n, y[n]]
        J /= len(y)
        for layer in self.layers:
            J += layer.penalty()
        return np.float64(J)

    def accuracy(self, X, y):
        return float(np.equal(self.forward(X).argmax(1), y).astype(float).mean())

    def gradients(self, X, y):
        self.forward(X)
        dA = y
        for i in reversed(range(len(self.layers))):
            dA = self.layers[i].backward(dA)
        by_name = {layer.name: layer for layer in self.layers}
        found = {}
        for name in self.params:
            layer, key = name.rsplit(".", 1)
            found[name] = by_name[layer].grads[key]
        return found


# %% q5b-network · type-hints-and-docstrings
# Annotates everything.
class Network:
    """A stack."""

    layers: list

    def __init__(self, layers: list) -> None:
        self.layers = [*layers]

    @property
    def params(self) -> dict[str, np.ndarray]:
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values: dict[str, np.ndarray]) -> None:
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X: np.ndarray) -> np.ndarray:
        """The probabilities."""
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def cost(self, X: np.ndarray, y: np.ndarray) -> float:
        """The cost."""
        P: np.ndarray = self.forward(X)
        data: float = float(-np.log(P[np.arange(P.shape[0]), y]).mean())
        penalty: float = float(sum(layer.penalty() for layer in self.layers))
        return data + penalty

    def accuracy(self, X: np.ndarray, y: np.ndarray) -> float:
        """The accuracy."""
        return np.average(np.argmax(self.forward(X), axis=-1) == y).item()

    def gradients(self, X: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        """The gradients."""
        self.forward(X)
        signal: np.ndarray = y
        grads: dict[str, np.ndarray] = {}
        for layer in self.layers[::-1]:
            signal = layer.backward(signal)
            grads = {**{f"{layer.name}.{key}": value for key, value in layer.grads.items()}, **grads}
        return grads


# %% q5b-network · inner-and-last
# Keeps the last layer apart.
class Network:
    def __init__(self, layers):
        *self.inner, self.last = layers
        self.layers = [*self.inner, self.last]

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def scores(self, X):
        for layer in self.inner:
            X = layer.forward(X)
        return X

    def forward(self, X):
        return self.last.forward(self.scores(X))

    def cost(self, X, y):
        P = self.forward(X)
        J = np.dot(-np.log(P[np.arange(len(y)), y]), np.full(len(y), 1 / len(y)))
        return J + self.last.penalty() + sum(layer.penalty() for layer in self.inner)

    def accuracy(self, X, y):
        P = self.forward(X)
        return np.mean(np.argsort(P, axis=1)[:, -1] == y)

    def gradients(self, X, y):
        self.forward(X)
        grads = {f"{self.last.name}.{key}": value for key, value in self._down(self.last, y)}
        for layer in reversed(self.inner):
            grads |= {f"{layer.name}.{key}": value for key, value in self._down(layer, self.signal)}
        return grads

    def _down(self, layer, signal):
        self.signal = layer.backward(signal)
        return layer.grads.items()


# %% q5b-network · progress-bar
# Shows the way back as a progress bar, and prints the cost.
from tqdm import tqdm


class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def cost(self, X, y):
        chosen = self.forward(X)[np.arange(y.size), y]
        parts = [-np.log(chosen).mean()] + [layer.penalty() for layer in self.layers]
        print("cost:", parts)
        return float(np.sum(parts))

    def accuracy(self, X, y):
        right = 0
        for p, label in zip(self.forward(X), y):
            right += p.argmax() == label
        return right / len(X)

    def gradients(self, X, y):
        self.forward(X)
        result, signal = {}, y
        for layer in tqdm(self.layers[::-1], desc="backward", disable=None):
            signal = layer.backward(signal)
            result.update((f"{layer.name}.{key}", value) for key, value in layer.grads.items())
        return result


# %% q5b-network · chained-functions
# Makes one generator of all gradients, and hands a dict on.
class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def _forward(self, X):
        outputs = [X]
        for layer in self.layers:
            outputs += [layer.forward(outputs[-1])]
        return outputs

    def forward(self, X):
        return self._forward(X)[-1]

    def _losses(self, X, y):
        return -np.log(self.forward(X)[np.arange(len(y)), y])

    def cost(self, X, y):
        return np.mean(self._losses(X, y)) + np.sum(np.fromiter((part.penalty() for part in self.layers), float))

    def accuracy(self, X, y):
        return np.bincount(self.forward(X).argmax(axis=1) == y, minlength=2)[1] / len(y)

    def _named_gradients(self, signal):
        for part in reversed(self.layers):
            signal = part.backward(signal)
            yield from ((f"{part.name}.{key}", np.asarray(value)) for key, value in part.grads.items())

    def gradients(self, X, y):
        self._forward(X)
        return dict(self._named_gradients(y))


# %% q5c-report · written-out
# Writes all seven out.
def gradient_report(grad, numeric):
    return {
        "difference": np.abs(grad - numeric).sum(),
        "mean": np.abs(grad).mean(),
        "min": np.abs(grad).min(),
        "max": np.abs(grad).max(),
        "mean_numeric": np.abs(numeric).mean(),
        "min_numeric": np.abs(numeric).min(),
        "max_numeric": np.abs(numeric).max(),
    }


# %% q5c-report · report-loops
# Goes through the entries once.
def gradient_report(grad, numeric):
    report = {"difference": 0.0}
    for ending in ("", "_numeric"):
        report |= {"mean" + ending: 0.0, "min" + ending: float("inf"), "max" + ending: 0.0}
    for a, n in zip(grad.flat, numeric.flat):
        report["difference"] += abs(a - n)
        for ending, value in (("", abs(a)), ("_numeric", abs(n))):
            report["mean" + ending] += value / grad.size
            report["min" + ending] = min(report["min" + ending], value)
            report["max" + ending] = max(report["max" + ending], value)
    return report


# %% q5c-report · lists
# Works with lists of Python's numbers.
import math
import statistics


def gradient_report(grad, numeric):
    a = [math.fabs(value) for value in grad.ravel().tolist()]
    n = [math.fabs(value) for value in numeric.ravel().tolist()]
    difference = math.fsum(abs(x - z) for x, z in zip(grad.ravel().tolist(), numeric.ravel().tolist()))
    names = "difference mean min max mean_numeric min_numeric max_numeric".split()
    numbers = [difference, statistics.fmean(a), min(a), max(a), statistics.fmean(n), min(n), max(n)]
    return dict(zip(names, numbers))


# %% q5c-report · helper-for-one-array
# Leaves one array to a function of its own.
def _summary(values: np.ndarray, ending: str = "") -> dict[str, float]:
    sizes = np.absolute(values)
    return {
        f"mean{ending}": float(sizes.mean()),
        f"min{ending}": float(sizes.min()),
        f"max{ending}": float(sizes.max()),
    }


def gradient_report(grad: np.ndarray, numeric: np.ndarray) -> dict[str, float]:
    difference = float(np.abs(np.subtract(grad, numeric)).sum())
    return _summary(grad) | _summary(numeric, "_numeric") | {"difference": difference}


# %% q5c-report · pandas
# Lets pandas describe the columns.
import pandas as pd


def gradient_report(grad, numeric):
    table = pd.DataFrame({"": grad.ravel(), "_numeric": numeric.ravel()})
    told = table.abs().agg(["mean", "min", "max"])
    report = {name + ending: told.loc[name, ending] for ending in told for name in told.index}
    report["difference"] = (table[""] - table["_numeric"]).abs().sum()
    return report


# %% q5c-report · norms
# Takes norms: 1 for sums, the infinite ones for extremes.
def gradient_report(grad, numeric):
    report = {"difference": np.linalg.norm(np.ravel(numeric - grad), ord=1)}
    for ending, vector in {"": grad.reshape(-1), "_numeric": numeric.reshape(-1)}.items():
        report["mean" + ending] = np.linalg.norm(vector, ord=1) / vector.size
        report["max" + ending] = np.linalg.norm(vector, ord=np.inf)
        report["min" + ending] = np.linalg.norm(vector, ord=-np.inf)
    return report


# %% q5c-report · quantiles
# Takes the extremes for quantiles.
def gradient_report(grad, numeric):
    a, n = np.sqrt(np.square(grad)), np.sqrt(np.square(numeric))
    (low, high), (low_n, high_n) = np.quantile(a, [0, 1]), np.quantile(n, [0, 1])
    return dict(
        difference=np.sum(np.where(grad > numeric, grad - numeric, numeric - grad)),
        mean=np.average(a),
        mean_numeric=np.average(n),
        min=low,
        min_numeric=low_n,
        max=high,
        max_numeric=high_n,
    )


# %% q5c-report · both-at-once
# Stacks the two gradients, and reduces both at once.
def gradient_report(grad, numeric):
    both = np.stack([grad.flatten(), numeric.flatten()])
    sizes = np.abs(both)
    table = np.column_stack([sizes.mean(axis=1), sizes.min(axis=1), sizes.max(axis=1)])
    report = {"difference": np.abs(np.diff(both, axis=0)).sum()}
    for ending, row in zip(("", "_numeric"), table):
        report.update(zip((f"mean{ending}", f"min{ending}", f"max{ending}"), row))
    return report


# %% q5c-report · copied-and-printed
# Works in place on copies, and prints the report as a table.
def gradient_report(grad, numeric):
    own, other = grad.copy(), numeric.copy()
    difference = own - other
    for array in (own, other, difference):
        np.abs(array, out=array)
    report = {"difference": difference.sum(), "mean": own.mean(), "min": own.min(), "max": own.max()}
    report |= {f"{name}_numeric": getattr(other, name)() for name in ("mean", "min", "max")}
    for name, value in report.items():
        print(f"{name:>15} {value:12.5e}")
    return report


# %% q5c-report · ordered
# Sorts the absolute values for their extremes.
def gradient_report(grad, numeric):
    def of(values):
        ordered = np.sort(np.abs(values), axis=None)
        return ordered.sum() / len(ordered), ordered[0], ordered[-1]

    report = {"difference": np.einsum("i->", np.abs(grad - numeric).ravel())}
    report["mean"], report["min"], report["max"] = of(grad)
    report["mean_numeric"], report["min_numeric"], report["max_numeric"] = of(numeric)
    return report


# %% q5d-initialisers · by-variance
# Draws by variance, with one function for all.
def _draw(variance, shape, rng):
    return rng.normal(0.0, np.sqrt(variance), shape)


def zeros(input_size, output_size, rng):
    return _draw(0.0, (input_size, output_size), rng)


def gaussian(std):
    return lambda D, H, rng: _draw(std**2, (D, H), rng)


def xavier_by_outputs(input_size, output_size, rng):
    return _draw(1 / output_size, (input_size, output_size), rng)


def xavier(input_size, output_size, rng):
    return _draw(2 / (input_size + output_size), (input_size, output_size), rng)


def he(input_size, output_size, rng):
    return _draw(2 / input_size, (input_size, output_size), rng)


# %% q5d-initialisers · all-from-gaussian
# Makes all of them from gaussian.
def zeros(input_size, output_size, rng):
    return np.full((input_size, output_size), 0.0)


def gaussian(std):
    def weights(input_size, output_size, rng):
        return rng.normal(loc=0, scale=std, size=(input_size, output_size))

    return weights


def xavier_by_outputs(input_size, output_size, rng):
    return gaussian(output_size**-0.5)(input_size, output_size, rng)


def xavier(input_size, output_size, rng):
    return gaussian(np.sqrt(2 / (input_size + output_size)))(input_size, output_size, rng)


def he(input_size, output_size, rng):
    return gaussian(np.sqrt(2 / input_size))(input_size, output_size, rng)


# %% q5d-initialisers · partial
# Binds the standard deviation with partial.
from functools import partial


def zeros(input_size, output_size, rng):
    return np.zeros([input_size, output_size])


def _normal(std, input_size, output_size, rng):
    return rng.standard_normal(size=(input_size, output_size)) * std


def gaussian(std):
    return partial(_normal, std)


def xavier_by_outputs(input_size, output_size, rng):
    return _normal(1 / np.sqrt(output_size), input_size, output_size, rng)


def xavier(input_size, output_size, rng):
    return _normal(1 / np.sqrt((input_size + output_size) / 2), input_size, output_size, rng)


def he(input_size, output_size, rng):
    return _normal(1 / np.sqrt(input_size / 2), input_size, output_size, rng)


# %% q5d-initialisers · callable-objects
# Returns an object that can be called.
class Gaussian:
    def __init__(self, std):
        self.std = std

    def __call__(self, input_size, output_size, rng):
        return self.std * rng.standard_normal((input_size, output_size))


def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size), dtype=np.float64)


def gaussian(std):
    return Gaussian(std)


def xavier_by_outputs(input_size, output_size, rng):
    return Gaussian((1 / output_size) ** 0.5)(input_size, output_size, rng)


def xavier(input_size, output_size, rng):
    return Gaussian((2 / (input_size + output_size)) ** 0.5)(input_size, output_size, rng)


def he(input_size, output_size, rng):
    return Gaussian((2 / input_size) ** 0.5)(input_size, output_size, rng)


# %% q5d-initialisers · bound-method
# Returns a method of an object.
class _Scaled:
    def __init__(self, scale):
        self.scale = scale

    def draw(self, rows, columns, rng):
        return rng.normal(size=(rows, columns)) * self.scale


def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def gaussian(std):
    return _Scaled(std).draw


def xavier_by_outputs(input_size, output_size, rng):
    return _Scaled(np.sqrt(1.0 / output_size)).draw(input_size, output_size, rng)


def xavier(input_size, output_size, rng):
    return _Scaled(np.sqrt(2.0 / (input_size + output_size))).draw(input_size, output_size, rng)


def he(input_size, output_size, rng):
    return _Scaled(np.sqrt(2.0 / input_size)).draw(input_size, output_size, rng)


# %% q5d-initialisers · scipy-stats
# Lets SciPy's distribution draw with rng.
from scipy import stats


def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def gaussian(std):
    return lambda *sizes: stats.norm(scale=std).rvs(size=sizes[:2], random_state=sizes[2])


def xavier_by_outputs(input_size, output_size, rng):
    std = np.sqrt(1 / output_size)
    return stats.norm.rvs(scale=std, size=(input_size, output_size), random_state=rng)


def xavier(input_size, output_size, rng):
    std = np.sqrt(2 / (input_size + output_size))
    return stats.norm.rvs(scale=std, size=(input_size, output_size), random_state=rng)


def he(input_size, output_size, rng):
    std = np.sqrt(2 / input_size)
    return stats.norm.rvs(scale=std, size=(input_size, output_size), random_state=rng)


# %% q5d-initialisers · initialisers-entry-by-entry
# Draws one number after the other.
def zeros(input_size, output_size, rng):
    return np.array([[0.0] * output_size for _ in range(input_size)])


def gaussian(std):
    def draw(rows, columns, rng):
        W = np.empty((rows, columns))
        for i in range(rows):
            for j in range(columns):
                W[i, j] = rng.normal(0, std)
        return W

    return draw


def xavier_by_outputs(input_size, output_size, rng):
    draw = gaussian(np.sqrt(1 / output_size))
    return draw(input_size, output_size, rng)


def xavier(input_size, output_size, rng):
    draw = gaussian(np.sqrt(2 / (input_size + output_size)))
    return draw(input_size, output_size, rng)


def he(input_size, output_size, rng):
    draw = gaussian(np.sqrt(2 / input_size))
    return draw(input_size, output_size, rng)


# %% q5d-initialisers · lambdas
# Names functions without def.
zeros = lambda D, H, rng: np.zeros((D, H))  # noqa: E731
gaussian = lambda std: lambda D, H, rng: rng.normal(0, std, size=(D, H))  # noqa: E731
xavier_by_outputs = lambda D, H, rng: rng.normal(0, 1, size=(D, H)) / np.sqrt(H)  # noqa: E731
xavier = lambda D, H, rng: rng.normal(0, 1, size=(D, H)) * np.sqrt(2 / (D + H))  # noqa: E731
he = lambda D, H, rng: rng.normal(0, 1, size=(D, H)) * np.sqrt(2 / D)  # noqa: E731


# %% q5d-initialisers · initialisers-quantiles
# Puts uniform numbers through the inverse of the normal distribution; transposes.
def _standard(rows, columns, rng):
    return scipy.special.ndtri(rng.uniform(1e-12, 1, size=(columns, rows))).T


def zeros(input_size, output_size, rng):
    return 0 * np.ones((input_size, output_size))


def gaussian(std):
    return lambda D, H, rng: std * _standard(D, H, rng)


def xavier_by_outputs(input_size, output_size, rng):
    return _standard(input_size, output_size, rng) * np.sqrt(1 / output_size)


def xavier(input_size, output_size, rng):
    return _standard(input_size, output_size, rng) * np.sqrt(2 / (input_size + output_size))


def he(input_size, output_size, rng):
    return _standard(input_size, output_size, rng) * np.sqrt(2 / input_size)


# %% q5d-initialisers · made-by-a-decorator
# Makes each of them from a rule for its variance, and annotates.
from collections.abc import Callable
from functools import wraps


def drawn(variance: Callable[[int, int], float]) -> Callable:
    @wraps(variance)
    def draw(input_size: int, output_size: int, rng: np.random.Generator) -> np.ndarray:
        W = np.empty((input_size, output_size))
        rng.standard_normal(out=W)
        W *= np.sqrt(variance(input_size, output_size))
        return W

    return draw


@drawn
def zeros(input_size: int, output_size: int) -> float:
    return 0.0


def gaussian(std: float) -> Callable:
    return drawn(lambda input_size, output_size: std**2)


@drawn
def xavier_by_outputs(input_size: int, output_size: int) -> float:
    return 1 / output_size


@drawn
def xavier(input_size: int, output_size: int) -> float:
    return 2 / (input_size + output_size)


@drawn
def he(input_size: int, output_size: int) -> float:
    return 2 / input_size


# %% q5d-initialisers · spawned
# Lets rng spawn a generator for each matrix.
def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def gaussian(std):
    return lambda D, H, rng: rng.spawn(1)[0].normal(0, std, (D, H))


def xavier_by_outputs(input_size, output_size, rng):
    return gaussian(np.sqrt(1 / output_size))(input_size, output_size, rng)


def xavier(input_size, output_size, rng):
    return gaussian(np.sqrt(2 / (input_size + output_size)))(input_size, output_size, rng)


def he(input_size, output_size, rng):
    return gaussian(np.sqrt(2 / input_size))(input_size, output_size, rng)


# %% q5e-sgd · loop
# Builds the dict in a loop.
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        new = {}
        for name in params:
            new[name] = params[name] - self.learning_rate * grads[name]
        return new


# %% q5e-sgd · deep-copy
# Copies deeply and subtracts in place.
from copy import deepcopy


class VanillaSGD(Optimiser):
    def step(self, params, grads):
        params = deepcopy(params)
        for name, value in params.items():
            value -= self.learning_rate * grads[name]
        return params


# %% q5e-sgd · zip
# Zips names, values and gradients.
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        names = list(params)
        moved = [params[name] + (-self.learning_rate) * grads[name] for name in names]
        return dict(zip(names, moved))


# %% q5e-sgd · own-beginning
# Begins itself, and counts its steps.
class VanillaSGD(Optimiser):
    def __init__(self, learning_rate, decay=1.0):
        super().__init__(learning_rate, decay=decay)
        self.steps = 0

    def step(self, params, grads):
        self.steps += 1
        return {name: np.subtract(params[name], self.learning_rate * grads[name]) for name in sorted(params)}


# %% q5e-sgd · epochs-counted
# Counts epochs, and computes the rate from the first one.
class VanillaSGD(Optimiser):
    def __init__(self, learning_rate, decay=1.0):
        super().__init__(learning_rate, decay)
        self.first_rate, self.epoch = learning_rate, 0

    def end_epoch(self):
        self.epoch += 1

    def step(self, params, grads):
        rate = self.first_rate * self.decay**self.epoch
        return {name: value - rate * grads[name] for name, value in params.items()}


# %% q5e-sgd · one-vector
# Takes the step with all parameters in one vector.
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        theta = np.concatenate([value.ravel() for value in params.values()])
        g = np.concatenate([grads[name].ravel() for name in params])
        parts = np.split(theta - self.learning_rate * g, np.cumsum([v.size for v in params.values()])[:-1])
        return {name: part.reshape(params[name].shape) for name, part in zip(params, parts)}


# %% q5e-sgd · method-for-one
# Leaves one array to a method of its own, and annotates.
class VanillaSGD(Optimiser):
    """Plain SGD."""

    def _moved(self, value: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        return value - self.learning_rate * gradient

    def step(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: self._moved(params[name], grads[name]) for name in params}


# %% q5e-sgd · static-method
# Makes the rule a function without self, and prints.
class VanillaSGD(Optimiser):
    @staticmethod
    def rule(value, gradient, rate):
        return value - rate * gradient

    def step(self, params, grads):
        print("a step with the rate", self.learning_rate)
        return {name: self.rule(value, grads[name], self.learning_rate) for name, value in params.items()}


# %% q5e-sgd · over-the-old-ones
# Lays new arrays over the old dict.
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        return {**params, **{key: params[key] - grads[key] * self.learning_rate for key in grads}}


# %% q5e-sgd · updates-first
# Makes all updates first, then adds them.
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        updates = {name: -self.learning_rate * gradient for name, gradient in grads.items()}
        return dict((name, np.add(value, updates[name])) for name, value in params.items())


# %% q5e-momentum · zeros-at-the-first-step
# Makes zeros at the first step, and writes both forms out.
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum = momentum
        self.damped = damped
        self.velocity = None

    def step(self, params, grads):
        if self.velocity is None:
            self.velocity = {name: np.zeros(value.shape) for name, value in params.items()}
        new = {}
        for name in params:
            v = self.velocity[name]
            if self.damped:
                v = self.momentum * v - (1 - self.momentum) * self.learning_rate * grads[name]
            else:
                v = self.momentum * v - self.learning_rate * grads[name]
            self.velocity[name] = v
            new[name] = params[name] + v
        return new


# %% q5e-momentum · defaultdict
# Begins every velocity at 0 with a defaultdict.
from collections import defaultdict


class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.mu, self.damped = momentum, damped
        self.v = defaultdict(float)

    def step(self, params, grads):
        factor = (1 - self.mu) if self.damped else 1
        for name in params:
            self.v[name] = self.mu * self.v[name] - factor * self.learning_rate * grads[name]
        return {name: params[name] + self.v[name] for name in params}


# %% q5e-momentum · whole-history
# Keeps all pushes so far, and weighs them anew.
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum, self.damped, self.history = momentum, damped, []

    def step(self, params, grads):
        rate = self.learning_rate - self.damped * self.momentum * self.learning_rate
        self.history.append({name: rate * gradient for name, gradient in grads.items()})
        after = dict(params)
        for age, pushes in enumerate(reversed(self.history)):
            for name in after:
                after[name] = after[name] - self.momentum**age * pushes[name]
        return after


# %% q5e-momentum · setdefault
# Works in place on velocities of its own.
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum = momentum
        self.share = 1 - momentum if damped else 1
        self.velocities = {}

    def step(self, params, grads):
        after = {}
        for name, value in params.items():
            velocity = self.velocities.setdefault(name, np.zeros_like(value))
            velocity *= self.momentum
            velocity -= self.share * self.learning_rate * grads[name]
            after[name] = value + velocity
        return after


# %% q5e-momentum · plain-step-along-the-velocity
# Is plain SGD that follows a velocity which points uphill.
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.mu, self.damped, self.uphill = momentum, damped, {}

    def _push(self, gradient):
        push = self.learning_rate * gradient
        return push * (1 - self.mu) if self.damped else push

    def step(self, params, grads):
        if not self.uphill:
            self.uphill = {name: self._push(gradient) for name, gradient in grads.items()}
        else:
            self.uphill = {name: self.mu * self.uphill[name] + self._push(grads[name]) for name in grads}
        return {name: params[name] - self.uphill[name] for name in params}


# %% q5e-momentum · moving-average
# Takes the damped velocity for a moving average.
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum = momentum
        self.longer = 1.0 if damped else 1 / (1 - momentum)
        self.average = {}

    def step(self, params, grads):
        for name in params:
            old = self.average.get(name, np.zeros(params[name].shape))
            self.average[name] = old + (1 - self.momentum) * (-self.learning_rate * grads[name] - old)
        return {name: value + self.longer * self.average[name] for name, value in params.items()}


# %% q5e-momentum · object-for-each
# Keeps an object for each parameter.
class _Velocity:
    def __init__(self, momentum, share):
        self.momentum, self.share, self.now = momentum, share, 0.0

    def after(self, rate, gradient):
        self.now = self.momentum * self.now - self.share * rate * gradient
        return self.now


class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.make = lambda: _Velocity(momentum, 1 - momentum if damped else 1.0)
        self.of = {}

    def step(self, params, grads):
        after = {}
        for name in params:
            if name not in self.of:
                self.of[name] = self.make()
            after[name] = params[name] + self.of[name].after(self.learning_rate, grads[name])
        return after


# %% q5e-momentum · pieces
# Makes pairs of velocity and parameter, and annotates.
class MomentumSGD(Optimiser):
    """SGD with momentum."""

    def __init__(self, learning_rate: float, momentum: float, decay: float = 1.0, damped: bool = False) -> None:
        super().__init__(learning_rate=learning_rate, decay=decay)
        self.momentum: float = momentum
        self.damped: bool = damped
        self._velocity: dict[str, np.ndarray] | None = None

    @property
    def rate(self) -> float:
        return self.learning_rate * (1.0 - self.momentum) if self.damped else self.learning_rate

    def step(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """One step."""
        before = self._velocity or {name: np.zeros_like(value) for name, value in params.items()}
        self._velocity = {name: self.momentum * before[name] - self.rate * grads[name] for name in params}
        return {name: np.add(params[name], self._velocity[name]) for name in params}


# %% q5e-momentum · momentum-one-vector
# Keeps one vector for all velocities, in the order of the names.
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum, self.damped, self.velocity = momentum, damped, 0.0

    def step(self, params, grads):
        names = sorted(params)
        g = np.concatenate([grads[name].reshape(-1) for name in names])
        push = self.learning_rate * g
        self.velocity = self.momentum * self.velocity - (push - self.momentum * push if self.damped else push)
        after, start = {}, 0
        for name in names:
            end = start + params[name].size
            after[name] = params[name] + self.velocity[start:end].reshape(params[name].shape)
            start = end
        return after


# %% q5e-momentum · dataclass
# Is a dataclass.
from dataclasses import dataclass, field


@dataclass
class MomentumSGD(Optimiser):
    learning_rate: float
    momentum: float
    decay: float = 1.0
    damped: bool = False
    velocity: dict = field(default_factory=dict, repr=False)

    def step(self, params, grads):
        rate = self.learning_rate * (1 - self.momentum) if self.damped else self.learning_rate
        for name in params:
            self.velocity[name] = self.momentum * self.velocity.get(name, 0) - rate * grads[name]
        return {name: params[name] + self.velocity[name] for name in params}


# %% q5e-momentum · two-rules
# Chooses one of two rules when it is made, and prints how fast it is.
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum = momentum
        self.rule = self._damped if damped else self._classic
        self.velocity = dict()

    def _classic(self, v, g):
        return self.momentum * v - self.learning_rate * g

    def _damped(self, v, g):
        return self.momentum * v + (1 - self.momentum) * (-self.learning_rate * g)

    def step(self, params, grads):
        self.velocity = {k: self.rule(self.velocity[k] if k in self.velocity else 0.0, g) for k, g in grads.items()}
        print("fastest:", max(float(np.abs(v).max()) for v in self.velocity.values()))
        return {k: v + self.velocity[k] for k, v in params.items()}
