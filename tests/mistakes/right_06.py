"""Right answers to notebook 06 that look different: each must keep its marks.

loses: nothing
"""


# %% q6a-sigmoid · two-halves
# Takes the exponential of negative numbers only.
def sigmoid(z):
    raised = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + raised), raised / (1 + raised))


def sigmoid_slope(h):
    return h * (1 - h)


# %% q6a-sigmoid · masks
# Fills two masks of an empty array.
def sigmoid(z):
    h, right = np.empty_like(z), z > 0
    h[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    h[~right] = e / (1 + e)
    return h


def sigmoid_slope(h):
    return np.multiply(h, np.subtract(1, h))


# %% q6a-sigmoid · clipped
# Clips what the exponential gets, far out.
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(np.clip(-z, -700, 700)))


def sigmoid_slope(h):
    other = 1.0 - h
    return other * h


# %% q6a-sigmoid · logarithm-first
# Takes the logarithm first, by logaddexp.
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def sigmoid_slope(h):
    return h * (1 - h)


# %% q6a-sigmoid · power
# Raises to the power -1.
def sigmoid(z):
    with np.errstate(over="ignore"):
        return np.power(1 + np.exp(-z), -1)


def sigmoid_slope(h):
    return (1 - h) * h


# %% q6a-sigmoid · in-place
# Works in place on an array of its own.
def sigmoid(z):
    h = -z
    np.exp(h, out=h)
    h += 1
    np.reciprocal(h, out=h)
    return h


def sigmoid_slope(h):
    slope = h.copy()
    slope -= h * h
    return slope


# %% q6a-sigmoid · number-by-number
# Goes through the numbers one by one, with a helper.
def of_number(number: float) -> float:
    return 1 / (1 + np.exp(-number)) if number > 0 else 1 - 1 / (1 + np.exp(number))


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.array([of_number(number) for number in z.ravel()]).reshape(z.shape)


def sigmoid_slope(h: np.ndarray) -> np.ndarray:
    slopes = np.zeros(h.shape)
    for place in np.ndindex(h.shape):
        slopes[place] = h[place] * (1 - h[place])
    return slopes


# %% q6a-sigmoid · vectorize
# Makes array functions of functions of a number.
import math

sigmoid = np.vectorize(lambda z: 1 / (1 + math.exp(-z)) if z > -700 else 0.0)
sigmoid_slope = np.vectorize(lambda h: h * (1 - h), otypes=[float])


# %% q6a-sigmoid · quarter
# Completes the square.
def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def sigmoid_slope(h):
    return 0.25 - (h - 0.5) ** 2


# %% q6a-sigmoid · softmax-of-two
# Takes it as the softmax of the score and 0.
def sigmoid(z):
    return scipy.special.softmax(np.stack([np.zeros_like(z), z]), axis=0)[1]


def sigmoid_slope(h):
    return np.prod([h, 1 - h], axis=0)


# %% q6a-slopes · zeros-and-copy
# Writes one entry of zeros, and one of a copy, in float64.
def loss_slopes(p, t):
    d = np.zeros_like(p, dtype=float)
    d[t] = -1.0 / p[t]
    return d


def score_slopes(p, t):
    d = np.array(p, dtype=np.float64)
    d[t] = d[t] - 1.0
    return d


# %% q6a-slopes · list-comprehension
# Decides for each class by itself.
def loss_slopes(p, t):
    return np.array([-1 / p[k] if k == t else 0.0 for k in range(len(p))])


def score_slopes(p, t):
    return np.array([value - (k == t) for k, value in enumerate(p)])


# %% q6a-slopes · one-hot-of-a-helper
# Has a function for one-hot vectors.
def one_hot(t, K):
    v = np.zeros(K)
    v[t] = 1
    return v


def loss_slopes(p, t):
    return -one_hot(t, len(p)) / p[t]


def score_slopes(p, t):
    return p - one_hot(t, p.size)


# %% q6a-slopes · by-the-entry
# Divides the one-hot vector entry by entry.
def loss_slopes(p, t):
    return -np.identity(p.shape[0])[t] / p


def score_slopes(p, t):
    return np.subtract(p, np.identity(p.shape[0])[:, t])


# %% q6a-slopes · put-and-at
# Lets put and subtract.at write.
def loss_slopes(p, t):
    slopes = np.zeros(p.shape)
    np.put(slopes, t, -np.reciprocal(p[t]))
    return slopes


def score_slopes(p, t):
    slopes = p.copy()
    np.subtract.at(slopes, t, 1)
    return slopes


# %% q6a-slopes · bincount
# Counts the label.
def loss_slopes(p, t):
    return -np.bincount([t], weights=[1 / p[t]], minlength=len(p))


def score_slopes(p, t):
    return p - np.bincount([t], minlength=len(p))


# %% q6a-slopes · in-three-parts
# Puts the entries before, at and after the label together.
def loss_slopes(p, t):
    return np.concatenate([np.zeros(t), [-1 / p[t]], np.zeros(len(p) - t - 1)])


def score_slopes(p, t):
    return np.concatenate([p[:t], [p[t] - 1], p[t + 1 :]])


# %% q6a-slopes · where
# Chooses by the number of the class.
def loss_slopes(p, t):
    K = p.shape[0]
    return np.where(np.arange(K) == t, -(p[t] ** -1), 0)


def score_slopes(p, t):
    return np.where(np.arange(p.shape[0]) == t, p - 1, p)


# %% q6a-slopes · sum-of-the-others
# Subtracts the others' sum, which is what is missing at 1, and prints what it does.
def loss_slopes(p, t):
    print("p of the label:", p[t])
    d = 0.0 * p
    d[t] -= p[t] ** -1.0
    return d


def score_slopes(p, t):
    d = +p
    d[t] = -(p.sum() - p[t])
    return d


# %% q6a-slopes · slopes-loops
# Loops over the classes.
def loss_slopes(p: np.ndarray, t: int) -> np.ndarray:
    K = len(p)
    result = np.empty(K)
    for k in range(K):
        result[k] = 0 if k != t else -1 / p[k]
    return result


def score_slopes(p: np.ndarray, t: int) -> np.ndarray:
    result = []
    for k in range(len(p)):
        target = 1.0 if k == t else 0.0
        result.append(p[k] - target)
    return np.array(result)


# %% q6b-forward · all-written-out
# Calls nothing of its own, and names each step.
def forward_sample(params, x, t):
    W, b, V, c = params["W"], params["b"], params["V"], params["c"]
    z = np.dot(x, W) + b
    h = 1 / (1 + np.exp(-z))
    o = np.dot(h, V) + c
    m = np.max(o)
    e = np.exp(o - m)
    p = e / np.sum(e)
    loss = m + np.log(np.sum(e)) - o[t]
    cache = {}
    cache["loss"] = loss
    cache["p"] = p
    cache["h"] = h
    return cache


# %% q6b-forward · extra-keys
# Returns more than it must.
def forward_sample(params, x, t):
    z = x @ params["W"] + params["b"]
    h = sigmoid(z)
    o = h @ params["V"] + params["c"]
    p = scipy.special.softmax(o)
    return {"x": x, "t": t, "z": z, "h": h, "o": o, "p": p, "loss": scipy.special.logsumexp(o) - o[t]}


# %% q6b-forward · a-batch-of-one
# Makes a batch of one, and takes its row.
def forward_sample(params, x, t):
    X = x[np.newaxis, :]
    H = sigmoid(X @ params["W"] + params["b"])
    O = H @ params["V"] + params["c"]
    log_P = scipy.special.log_softmax(O, axis=1)
    return dict(h=H[0], p=np.exp(log_P)[0], loss=-log_P[0, t])


# %% q6b-forward · differences-to-the-label
# Sums the exponentials of the differences to the label's score.
def forward_sample(params, x, t):
    h = scipy.special.expit(params["W"].T.dot(x) + params["b"])
    o = params["V"].T.dot(h) + params["c"]
    shifted = np.exp(o - np.max(o))
    return {"p": shifted / shifted.sum(), "h": h, "loss": float(np.logaddexp.reduce(o - o[t]))}


# %% q6b-forward · forward-loops
# Loops over units and classes, with Python's own exponential and logarithm.
import math


def forward_sample(params, x, t):
    D, H = params["W"].shape
    K = len(params["c"])
    h = np.zeros(H)
    for j in range(H):
        z = params["b"][j]
        for i in range(D):
            z += x[i] * params["W"][i, j]
        h[j] = 1 / (1 + math.exp(-z))
    o = [sum(h[j] * params["V"][j, k] for j in range(H)) + params["c"][k] for k in range(K)]
    top = max(o)
    raised = [math.exp(score - top) for score in o]
    total = math.fsum(raised)
    return {"h": h, "p": np.array(raised) / total, "loss": math.log(total) - (o[t] - top)}


# %% q6b-forward · forward-bias-as-a-weight
# Gives each layer an input that is always 1.
def extended(values):
    return np.append(values, 1.0)


def forward_sample(params, x, t):
    h = sigmoid(extended(x) @ np.vstack([params["W"], params["b"]]))
    o = extended(h) @ np.vstack([params["V"], params["c"]])
    o -= o.max()
    return {"h": h, "p": np.exp(o) / np.exp(o).sum(), "loss": np.log(np.exp(o).sum()) - o[t]}


# %% q6b-forward · log-softmax-of-its-own
# Writes a log-softmax, with type hints.
def log_softmax(o: np.ndarray) -> np.ndarray:
    """log p, stable."""
    o = o - np.amax(o)
    return o - np.log(np.exp(o).sum())


def forward_sample(params: dict[str, np.ndarray], x: np.ndarray, t: int) -> dict:
    h = sigmoid(np.matmul(x, params["W"]) + params["b"])
    log_p = log_softmax(np.matmul(h, params["V"]) + params["c"])
    return {"h": h, "p": np.exp(log_p), "loss": -log_p[t]}


# %% q6b-forward · one-hot-target
# Multiplies by a one-hot target.
def forward_sample(params, x, t):
    h = sigmoid(np.einsum("d,dh->h", x, params["W"]) + params["b"])
    o = np.einsum("h,hk->k", h, params["V"]) + params["c"]
    tau = np.zeros_like(o)
    tau[t] = 1
    log_p = o - scipy.special.logsumexp(o)
    return {"h": h, "p": scipy.special.softmax(o), "loss": -(tau @ log_p)}


# %% q6b-forward · zero-dimensional
# Returns the loss as an array of no dimension, and copies all else.
def forward_sample(params, x, t):
    h = sigmoid(np.sum(x[:, None] * params["W"], axis=0) + params["b"])
    o = np.sum(h[:, None] * params["V"], axis=0) + params["c"]
    raised = np.exp(o - np.max(o))
    total = np.sum(raised)
    return {"h": h.copy(), "p": raised / total, "loss": np.asarray(np.log(total) + np.max(o) - o[t])}


# %% q6b-backward · layers-in-turn
# Goes back layer by layer, with names for each signal.
def backward_sample(params, x, t, cache):
    h, p = cache["h"], cache["p"]
    grads = {}
    delta_o = p.copy()
    delta_o[t] -= 1
    grads["V"] = h.reshape(-1, 1) @ delta_o.reshape(1, -1)
    grads["c"] = delta_o
    delta_h = delta_o @ params["V"].T
    delta_z = delta_h * h * (1 - h)
    grads["W"] = x.reshape(-1, 1) @ delta_z.reshape(1, -1)
    grads["b"] = delta_z
    return grads


# %% q6b-backward · diagonal-of-slopes
# Multiplies by the Jacobian of the sigmoids.
def backward_sample(params, x, t, cache):
    upper = score_slopes(cache["p"], t)
    lower = np.diag(sigmoid_slope(cache["h"])) @ params["V"] @ upper
    return {"W": np.multiply.outer(x, lower), "b": lower, "V": np.multiply.outer(cache["h"], upper), "c": upper}


# %% q6b-backward · backward-loops
# Loops over both layers.
def backward_sample(params, x, t, cache):
    D, H = params["W"].shape
    K = params["V"].shape[1]
    dW, db, dV, dc = np.zeros((D, H)), np.zeros(H), np.zeros((H, K)), np.zeros(K)
    for k in range(K):
        dc[k] = cache["p"][k] - (1 if k == t else 0)
    for j in range(H):
        for k in range(K):
            dV[j, k] = cache["h"][j] * dc[k]
            db[j] += params["V"][j, k] * dc[k]
        db[j] *= cache["h"][j] * (1 - cache["h"][j])
        for i in range(D):
            dW[i, j] = x[i] * db[j]
    return {"W": dW, "b": db, "V": dV, "c": dc}


# %% q6b-backward · backward-bias-as-a-weight
# Takes the biases as weights of an input that is 1, and splits the products.
def backward_sample(params, x, t, cache):
    upper = cache["p"] - np.eye(len(cache["p"]))[t]
    lower = (params["V"] @ upper) * sigmoid_slope(cache["h"])
    first, second = np.outer(np.append(x, 1), lower), np.outer(np.append(cache["h"], 1), upper)
    return {"W": first[:-1], "b": first[-1], "V": second[:-1], "c": second[-1]}


# %% q6b-backward · batch-of-one
# Makes rows of everything, and takes a batch of one back.
def backward_sample(params, x, t, cache):
    H, dO = cache["h"][None, :], cache["p"][None, :].copy()
    dO[0, t] -= 1
    dZ = dO @ params["V"].T * sigmoid_slope(H)
    return {"W": x[None, :].T @ dZ, "b": dZ.sum(axis=0), "V": H.T @ dO, "c": dO.sum(axis=0)}


# %% q6b-backward · forward-once-more
# Computes the activations again, and leaves the cache alone.
def backward_sample(params, x, t, cache):
    h = sigmoid(x @ params["W"] + params["b"])
    do = scipy.special.softmax(h @ params["V"] + params["c"])
    do[t] -= 1.0
    dz = np.sum(do * params["V"], axis=1) * sigmoid_slope(h)
    return {"V": np.outer(h, do), "c": do, "W": np.outer(x, dz), "b": dz}


# %% q6b-backward · kron
# Lets kron and einsum multiply.
def backward_sample(params: dict, x: np.ndarray, t: int, cache: dict) -> dict:
    assert set(cache) >= {"h", "p"}
    h, do = cache["h"], score_slopes(cache["p"], t)
    dz = np.einsum("hk,k,h,h->h", params["V"], do, h, 1 - h)
    return {"W": np.kron(x[:, None], dz), "b": dz.copy(), "V": np.einsum("h,k->hk", h, do), "c": do.copy()}


# %% q6b-backward · written-into-zeros
# Writes into arrays of the parameters' shapes.
def backward_sample(params, x, t, cache):
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    grads["c"] += cache["p"]
    grads["c"][t] -= 1
    grads["V"][:] = np.tensordot(cache["h"], grads["c"], axes=0)
    grads["b"][:] = params["V"] @ grads["c"]
    grads["b"] *= cache["h"]
    grads["b"] *= 1 - cache["h"]
    grads["W"][:] = np.tensordot(x, grads["b"], axes=0)
    return grads


# %% q6b-backward · one-rule-for-both-layers
# Has one function for the way back through a linear layer.
def through_linear(inputs, weights, signal):
    return weights @ signal, {"weights": inputs[:, None] * signal[None, :], "biases": signal}


def backward_sample(params, x, t, cache):
    dh, upper = through_linear(cache["h"], params["V"], score_slopes(cache["p"], t))
    _, lower = through_linear(x, params["W"], dh * sigmoid_slope(cache["h"]))
    return {"W": lower["weights"], "b": lower["biases"], "V": upper["weights"], "c": upper["biases"]}


# %% q6b-step · key-by-key
# Writes the four lines out.
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    W = params["W"] - learning_rate * grads["W"]
    b = params["b"] - learning_rate * grads["b"]
    V = params["V"] - learning_rate * grads["V"]
    c = params["c"] - learning_rate * grads["c"]
    return {"W": W, "b": b, "V": V, "c": c}, cache["loss"]


# %% q6b-step · deep-copy
# Changes a deep copy.
from copy import deepcopy


def sgd_on_sample(params, x, t, learning_rate):
    params = deepcopy(params)
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    for key in params:
        params[key] -= learning_rate * grads[key]
    return params, cache["loss"]


# %% q6b-step · zip-of-values
# Pairs values by the order of sorted names.
def sgd_on_sample(params, x, t, learning_rate):
    names = sorted(params)
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    values = [params[n] - learning_rate * grads[n] for n in names]
    return dict(zip(names, values, strict=True)), cache["loss"]


# %% q6b-step · one-long-vector
# Takes the step in one long vector.
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    theta = np.concatenate([params[name].ravel() for name in params])
    theta = theta - learning_rate * np.concatenate([grads[name].ravel() for name in params])
    after, start = {}, 0
    for name, value in params.items():
        after[name] = theta[start : start + value.size].reshape(value.shape)
        start += value.size
    return after, cache["loss"]


# %% q6b-step · step-loss-from-probabilities
# Takes the loss from the probability, exact enough at scores of this size.
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    loss = -np.log(cache["p"][t])
    return {name: params[name] - learning_rate * grads[name] for name in ("c", "V", "b", "W")}, loss


# %% q6b-step · all-in-one
# Writes forward and backward pass out.
def sgd_on_sample(params, x, t, learning_rate):
    h = 1 / (1 + np.exp(-(x @ params["W"] + params["b"])))
    o = h @ params["V"] + params["c"]
    p = np.exp(o - o.max())
    p /= p.sum()
    loss = scipy.special.logsumexp(o) - o[t]
    p[t] -= 1
    dz = (params["V"] @ p) * h * (1 - h)
    new = {"V": params["V"] - learning_rate * np.outer(h, p), "c": params["c"] - learning_rate * p}
    new |= {"W": params["W"] - learning_rate * np.outer(x, dz), "b": params["b"] - learning_rate * dz}
    return new, loss


# %% q6b-step · a-step-of-its-own
# Has a function for the step, with type hints.
Params = dict[str, np.ndarray]


def step(params: Params, grads: Params, alpha: float) -> Params:
    """One step downhill."""
    return {k: np.subtract(v, np.multiply(alpha, grads[k])) for k, v in params.items()}


def sgd_on_sample(params: Params, x: np.ndarray, t: int, learning_rate: float) -> tuple[Params, float]:
    cache = forward_sample(params, x, t)
    return step(params, backward_sample(params, x, t, cache), learning_rate), float(cache["loss"])


# %% q6b-step · named-tuple
# Returns a named tuple, whose second entry is the loss before the step.
from collections import namedtuple

Step = namedtuple("Step", ["params", "loss"])


def sgd_on_sample(params, x, t, learning_rate):
    before = forward_sample(params, x, t)
    slopes = backward_sample(params, x, t, before)
    return Step({name: value + -learning_rate * slopes[name] for name, value in params.items()}, before["loss"])


# %% q6b-step · axpy
# Adds the scaled gradient to copies, through an iterator of pairs.
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x=x, t=t)
    grads = backward_sample(params, x, t, cache=cache)
    after = dict(params)
    for name, slope in grads.items():
        after.update({name: after[name] - learning_rate * np.asarray(slope)})
    return (after, cache["loss"])


# %% q6b-step · functional
# Maps over the names.
import functools


def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)

    def moved(name, alpha):
        return params[name] - alpha * grads[name]

    move = functools.partial(moved, alpha=learning_rate)
    return {name: move(name) for name in params}, cache["loss"]


# %% q6b-batch · log-softmax
# Keeps log-probabilities, and picks by take_along_axis.
def batch_gradients(params, X, y):
    H = sigmoid(X @ params["W"] + params["b"])
    log_P = scipy.special.log_softmax(H @ params["V"] + params["c"], axis=-1)
    loss = -np.take_along_axis(log_P, y[:, None], axis=1).mean()
    dO = np.exp(log_P)
    np.subtract.at(dO, (np.arange(len(y)), y), 1.0)
    dO /= len(y)
    dZ = dO @ params["V"].T * H * (1 - H)
    return loss, {"W": X.T @ dZ, "b": dZ.sum(0), "V": H.T @ dO, "c": dO.sum(0)}


# %% q6b-batch · mean-at-the-end
# Divides by the batch's size at the end.
def batch_gradients(params, X, y):
    B, rows = X.shape[0], np.arange(X.shape[0])
    H = sigmoid(X.dot(params["W"]) + params["b"])
    O = H.dot(params["V"]) + params["c"]
    dO = scipy.special.softmax(O, axis=1)
    losses = scipy.special.logsumexp(O, axis=1) - O[rows, y]
    dO[rows, y] -= 1
    dZ = dO.dot(params["V"].T) * sigmoid_slope(H)
    grads = {"W": X.T.dot(dZ) / B, "b": dZ.mean(axis=0), "V": H.T.dot(dO) / B, "c": dO.mean(axis=0)}
    return losses.mean(), grads


# %% q6b-batch · columns
# Has a sample in each column, as the write-up.
def batch_gradients(params, X, y):
    B = len(y)
    H = sigmoid(params["W"].T @ X.T + params["b"][:, None])
    O = params["V"].T @ H + params["c"][:, None]
    O -= O.max(axis=0)
    log_P = O - np.log(np.exp(O).sum(axis=0))
    loss = -log_P[y, np.arange(B)].sum() / B
    delta = np.exp(log_P)
    delta[y, np.arange(B)] -= 1
    delta_z = (params["V"] @ delta) * H * (1 - H)
    grads = {
        "W": (delta_z @ X).T / B,
        "b": delta_z.sum(axis=1) / B,
        "V": (delta @ H.T).T / B,
        "c": delta.sum(axis=1) / B,
    }
    return loss, grads


# %% q6b-batch · outer-products-summed
# Makes all outer products, and takes their mean.
def batch_gradients(params, X, y):
    H = sigmoid(X @ params["W"] + params["b"])
    O = H @ params["V"] + params["c"]
    target = (y[:, None] == np.arange(O.shape[1])).astype(float)
    upper = scipy.special.softmax(O, axis=1) - target
    lower = np.sum(upper[:, None, :] * params["V"][None, :, :], axis=2) * sigmoid_slope(H)
    grads = {
        "W": np.mean(X[:, :, None] * lower[:, None, :], axis=0),
        "V": np.mean(H[:, :, None] * upper[:, None, :], axis=0),
        "b": np.mean(lower, axis=0),
        "c": np.mean(upper, axis=0),
    }
    return np.mean(np.logaddexp.reduce(O, axis=1) - np.sum(O * target, axis=1)), grads


# %% q6b-batch · batch-bias-as-a-weight
# Appends a column of ones to both inputs.
def with_ones(A):
    return np.hstack([A, np.ones((A.shape[0], 1))])


def batch_gradients(params, X, y):
    H = sigmoid(with_ones(X) @ np.vstack([params["W"], params["b"]]))
    O = with_ones(H) @ np.vstack([params["V"], params["c"]])
    D = (scipy.special.softmax(O, axis=1) - np.eye(O.shape[1])[y]) / len(X)
    loss = np.average(scipy.special.logsumexp(O, axis=1) - O[np.arange(len(X)), y])
    second = with_ones(H).T @ D
    first = with_ones(X).T @ (sigmoid_slope(H) * (D @ params["V"].T))
    return loss, {"W": first[:-1], "b": first[-1], "V": second[:-1], "c": second[-1]}


# %% q6b-batch · forward-and-backward
# Splits the work into a forward and a backward function.
def forward_batch(params, X):
    H = sigmoid(X @ params["W"] + params["b"])
    return H, H @ params["V"] + params["c"]


def backward_batch(params, X, H, dO):
    dZ = (dO @ params["V"].T) * sigmoid_slope(H)
    return {"W": X.T @ dZ, "b": np.sum(dZ, axis=0), "V": H.T @ dO, "c": np.sum(dO, axis=0)}


def batch_gradients(params, X, y):
    B = y.shape[0]
    H, O = forward_batch(params, X)
    shifted = O - O.max(axis=1)[:, None]
    P = np.exp(shifted)
    totals = P.sum(axis=1)
    P /= totals[:, None]
    loss = (np.log(totals).sum() - shifted[np.arange(B), y].sum()) / B
    return loss, backward_batch(params, X, H, (P - np.eye(P.shape[1])[y]) / B)


# %% q6b-batch · batch-loss-from-probabilities
# Takes the logarithm of SciPy's probabilities, which is exact enough for scores of this size.
def batch_gradients(params, X, y):
    B = len(X)
    h = 1 / (1 + np.exp(-(X @ params["W"] + params["b"])))
    o = h @ params["V"] + params["c"]
    p = scipy.special.softmax(o, axis=1)
    loss = -np.log(p[range(B), y]).mean()
    go = p.copy()
    go[range(B), y] -= 1
    gh = go @ params["V"].T
    gz = gh * h * (1 - h)
    return float(loss), {"c": go.sum(0) / B, "b": gz.sum(0) / B, "V": h.T @ go / B, "W": X.T @ gz / B}


# %% q6b-batch · mask-of-booleans
# Marks the labels' entries in a boolean array.
def batch_gradients(params: dict, X: np.ndarray, y: np.ndarray) -> tuple[float, dict]:
    B = len(X)
    H = sigmoid(np.matmul(X, params["W"]) + params["b"])
    O = np.matmul(H, params["V"]) + params["c"]
    chosen = np.zeros(O.shape, dtype=bool)
    chosen[np.arange(B), y] = True
    loss = np.mean(scipy.special.logsumexp(O - O[chosen][:, np.newaxis], axis=1))
    dO = np.where(chosen, scipy.special.softmax(O, axis=1) - 1, scipy.special.softmax(O, axis=1)) / B
    dZ = np.matmul(dO, params["V"].T) * sigmoid_slope(H)
    return loss, {"W": np.matmul(X.T, dZ), "b": dZ.sum(axis=0), "V": np.matmul(H.T, dO), "c": dO.sum(axis=0)}


# %% q6b-batch · tensordot
# Contracts with tensordot, and sums with add.reduce.
def batch_gradients(params, X, y):
    N = float(len(X))
    H = scipy.special.expit(np.tensordot(X, params["W"], 1) + params["b"])
    O = np.tensordot(H, params["V"], 1) + params["c"]
    loss = (scipy.special.logsumexp(O, axis=1) - np.choose(y, O.T)).sum() / N
    dO = scipy.special.softmax(O, axis=1)
    np.put_along_axis(dO, y[:, None], np.take_along_axis(dO, y[:, None], 1) - 1, axis=1)
    dO = dO / N
    dZ = np.tensordot(dO, params["V"], axes=(1, 1)) * (H - H * H)
    grads = {"V": np.tensordot(H, dO, axes=(0, 0)), "c": np.add.reduce(dO)}
    grads["W"], grads["b"] = np.tensordot(X, dZ, axes=(0, 0)), np.add.reduce(dZ)
    return loss, grads


# %% q6b-batch · averaging-matrix
# Weighs each sample with 1/B from the start.
def batch_gradients(params, X, y):
    share = np.full(len(X), 1 / len(X))
    H = sigmoid(X @ params["W"] + params["b"])
    O = H @ params["V"] + params["c"]
    loss = share @ (scipy.special.logsumexp(O, axis=1) - np.einsum("bk,bk->b", O, np.eye(O.shape[1])[y]))
    dO = share[:, None] * (scipy.special.softmax(O, axis=1) - np.eye(O.shape[1])[y])
    dZ = dO @ params["V"].T * sigmoid_slope(H)
    ones = np.ones((1, len(X)))
    return loss, {"W": X.T @ dZ, "b": (ones @ dZ)[0], "V": H.T @ dO, "c": (ones @ dO)[0]}
