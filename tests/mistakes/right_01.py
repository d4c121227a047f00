"""Right answers to notebook 01 that look different: each must keep its marks. The other functions' are in right.py.

loses: nothing
"""


# %% q1-warmup · biases-as-weights
# Counts a bias as one more weight of each unit.
def number_of_parameters(D, H, K):
    return (D + 1) * H + (H + 1) * K


# %% q1-warmup · sum-of-shapes
# Multiplies the sizes of each array's shape.
def number_of_parameters(D, H, K):
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}
    return int(sum(np.prod(shape) for shape in shapes.values()))


# %% q1-warmup · layer-by-layer
# Goes through the layers.
def number_of_parameters(D, H, K):
    sizes = [D, H, K]
    total = 0
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        total += n_in * n_out
        total += n_out
    return total


# %% q1-warmup · layer-of-its-own
# Counts one layer in a function of its own, with type hints.
def _layer(n_in: int, n_out: int) -> int:
    return n_in * n_out + n_out


def number_of_parameters(D: int, H: int, K: int) -> int:
    return _layer(D, H) + _layer(H, K)


# %% q1-warmup · recursion
# Takes one layer away and counts the rest.
def number_of_parameters(*sizes):
    if len(sizes) < 2:
        return 0
    return (sizes[0] + 1) * sizes[1] + number_of_parameters(*sizes[1:])


# %% q1-warmup · hidden-units-factored-out
# Takes the hidden units out of the sum.
def number_of_parameters(D, H, K):
    return H * (D + K + 1) + K


# %% q1-warmup · from-the-math-module
# Multiplies with math.prod, and returns an integer of its own.
import math


def number_of_parameters(D, H, K):
    n_weights = math.prod((D, H)) + math.prod([H, K])
    n_biases = H + K
    return int(n_weights + n_biases)


# %% q1-warmup · inner-product
# Takes the inner product of inputs, with the bias, and units; NumPy's integer comes out.
def number_of_parameters(D, H, K):
    return np.dot([D + 1, H + 1], [H, K])


# %% q1-warmup · real-arrays
# Makes the arrays, joins them to one vector, and takes its length.
def number_of_parameters(D, H, K):
    params = [np.zeros((D, H)), np.zeros(H), np.zeros((H, K)), np.zeros(K)]
    return len(np.concatenate([p.ravel() for p in params]))


# %% q1-warmup · printed
# Prints a table on the way.
def number_of_parameters(D, H, K):
    counts = dict(W1=D * H, b1=H, W2=H * K, b2=K)
    for name, count in counts.items():
        print(f"{name:>4} {count:>8,}")
    print("total", sum(counts.values()))
    return sum(counts.values())


# %% q1a-relu · where-positive
# Chooses between the entry and 0.
def relu(Z):
    return np.where(Z > 0, Z, 0.0)


# %% q1a-relu · negative-part-taken-away
# Takes the negative part away.
def relu(Z):
    negative = np.minimum(Z, 0)
    return Z - negative


# %% q1a-relu · heaviside
# Multiplies by the step function.
def relu(Z):
    return np.heaviside(Z, 0) * Z


# %% q1a-relu · piecewise
# Writes both cases of (1.1) down.
def relu(Z):
    return np.piecewise(Z, [Z < 0, Z >= 0], [0.0, lambda u: u])


# %% q1a-relu · filled-from-zeros
# Puts the positive entries into zeros.
def relu(Z):
    A = np.zeros_like(Z)
    positive = Z > 0
    A[positive] = Z[positive]
    return A


# %% q1a-relu · maximum-of-a-stack
# Stacks zeros on the array, and takes the maximum over both.
def relu(Z):
    return np.max(np.stack([Z, np.zeros(Z.shape)]), axis=0)


# %% q1a-relu · maximum-into-a-copy
# Writes the maximum into a copy.
def relu(Z):
    Z = Z.copy()
    return np.maximum(Z, 0, out=Z)


# %% q1a-forward · layer-inside
# Has one layer as a function inside.
def forward(params, X):
    def layer(number, inputs):
        return inputs @ params[f"W{number}"] + params[f"b{number}"]

    Z2 = layer(1, X)
    A2 = Z2 * (Z2 > 0)
    Z3 = layer(2, A2)
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": softmax(Z3)}


# %% q1a-forward · unpacked
# Unpacks the parameters first, and checks shapes on the way.
def forward(params, X):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N, D = X.shape
    assert W1.shape[0] == D, f"W1 has {W1.shape[0]} rows for {D} features"
    Z2 = affine(X, W1, b1)
    assert Z2.shape == (N, b1.size)
    A2 = relu(Z2)
    Z3 = affine(A2, W2, b2)
    assert Z3.shape == (N, b2.size)
    P = softmax(Z3)
    assert np.allclose(np.sum(P, axis=1), 1)
    return dict(X=X, Z2=Z2, A2=A2, Z3=Z3, P=P)


# %% q1a-forward · itemgetter
# Gets all parameters at once, and zips keys and values.
from operator import itemgetter


def forward(params, X):
    W1, b1, W2, b2 = itemgetter("W1", "b1", "W2", "b2")(params)
    Z2 = np.einsum("nd,dh->nh", X, W1) + b1[None]
    A2 = Z2.clip(0)
    Z3 = np.einsum("nh,hk->nk", A2, W2) + b2[None]
    return dict(zip(["X", "Z2", "A2", "Z3", "P"], [X, Z2, A2, Z3, softmax(Z3)]))


# %% q1a-forward · forward-biases-as-weights
# Appends the biases to the weights, and ones to the inputs.
def forward(params, X):
    first = np.vstack([params["W1"], params["b1"]])
    second = np.vstack([params["W2"], params["b2"]])
    ones = np.ones((X.shape[0], 1))
    Z2 = np.hstack([X, ones]) @ first
    A2 = relu(Z2)
    Z3 = np.hstack([A2, ones]) @ second
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": softmax(Z3)}


# %% q1a-forward · arrays-made-first
# Makes the arrays first and fills them.
def forward(params, X):
    N, H, K = len(X), len(params["b1"]), len(params["b2"])
    cache = {"X": X, "Z2": np.empty((N, H)), "A2": np.empty((N, H)), "Z3": np.empty((N, K)), "P": np.empty((N, K))}
    np.matmul(X, params["W1"], out=cache["Z2"])
    cache["Z2"] += params["b1"]
    np.maximum(cache["Z2"], 0, out=cache["A2"])
    np.matmul(cache["A2"], params["W2"], out=cache["Z3"])
    cache["Z3"] += params["b2"]
    np.exp(cache["Z3"] - cache["Z3"].max(axis=1, keepdims=True), out=cache["P"])
    cache["P"] /= cache["P"].sum(axis=1, keepdims=True)
    return cache


# %% q1a-forward · ordered
# Returns an ordered dict, with the probabilities from SciPy's logarithms.
from collections import OrderedDict


def forward(params, X):
    cache = OrderedDict(X=X)
    cache["Z2"] = affine(cache["X"], params["W1"], params["b1"])
    cache["A2"] = relu(cache["Z2"])
    cache["Z3"] = affine(cache["A2"], params["W2"], params["b2"])
    cache["P"] = np.exp(scipy.special.log_softmax(cache["Z3"], axis=1))
    return cache


# %% q1a-forward · typed
# Says what the dict holds, with types.
from typing import TypedDict


class Cache(TypedDict):
    X: np.ndarray
    Z2: np.ndarray
    A2: np.ndarray
    Z3: np.ndarray
    P: np.ndarray


def forward(params: dict[str, np.ndarray], X: np.ndarray) -> Cache:
    scores = affine(hidden := relu(before := affine(X, params["W1"], params["b1"])), params["W2"], params["b2"])
    return Cache(X=X, Z2=before, A2=hidden, Z3=scores, P=softmax(scores))


# %% q1a-forward · all-local-names
# Returns all names of the function, the keys that are asked for among them.
def forward(params, X):
    Z2 = affine(X, params["W1"], params["b1"])
    A2 = relu(Z2)
    Z3 = affine(A2, params["W2"], params["b2"])
    P = softmax(Z3)
    return locals()
