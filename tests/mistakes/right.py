"""Right answers that look different: each must keep its marks.

Left out: the row mean in place of the maximum, which is right for the scores of small problems only, and overflows where one score is
far above the others.

loses: nothing
"""


# %% q1a-affine · columns
# Multiplies columns and transposes at both ends.
def affine(X, W, b):
    return (W.T @ X.T + b[:, None]).T


# %% q1a-affine · bias-as-a-weight
# Appends a column of ones to the input and the biases to the weights.
def affine(X, W, b):
    return np.hstack([X, np.ones((len(X), 1))]) @ np.vstack([W, b])


# %% q1a-affine · tensordot
# Lets tensordot multiply.
def affine(X, W, b):
    return np.add(np.tensordot(X, W, axes=1), b[np.newaxis, :])


# %% q1a-relu · half-of-the-sum
# Halves the sum of an entry and its size.
def relu(Z):
    return 0.5 * (Z + np.abs(Z))


# %% q1a-relu · mask
# Multiplies by a mask that is on at 0.
def relu(Z):
    return Z * (Z >= 0)


# %% q1a-relu · clip
# Clips at 0 from below.
def relu(Z):
    return np.clip(Z, 0, None)


# %% q1a-softmax · scipy
# Leaves it to SciPy.
def softmax(Z):
    return scipy.special.softmax(Z, axis=1)


# %% q1a-softmax · exponential-of-the-logarithm
# Takes the exponentials of SciPy's logarithms.
def softmax(Z):
    return np.exp(scipy.special.log_softmax(Z, axis=-1))


# %% q1a-softmax · differences
# Adds the exponentials of all differences; an infinite sum makes a probability 0.
def softmax(Z):
    return 1 / np.exp(Z[:, np.newaxis, :] - Z[:, :, np.newaxis]).sum(axis=2)


# %% q1a-softmax · more-than-the-maximum
# Subtracts a little more than the maximum.
def softmax(Z):
    E = np.exp(Z - np.amax(Z, axis=1)[:, None] - 1.5)
    return np.divide(E, np.sum(E, 1)[:, None])


# %% q1a-softmax · long-double
# Computes with more digits and returns float64.
def softmax(Z):
    Z = Z.astype(np.longdouble)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return (E / E.sum(axis=1, keepdims=True)).astype(np.float64)


# %% q1a-softmax · mean-of-the-exponentials
# Divides by N times the mean of the exponentials.
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1).reshape(-1, 1))
    return E / (Z.shape[1] * E.mean(axis=1).reshape(-1, 1))


# %% q1a-forward · where
# Lets a unit pass at 0, too, and builds the dict key by key.
def forward(params, X):
    cache = {"X": X}
    cache["Z2"] = X.dot(params["W1"]) + params["b1"]
    cache["A2"] = np.where(cache["Z2"] >= 0, cache["Z2"], 0.0)
    cache["Z3"] = cache["A2"].dot(params["W2"]) + params["b2"]
    cache["P"] = scipy.special.softmax(cache["Z3"], axis=1)
    return cache


# %% q1a-forward · copies
# Copies whatever it returns.
def forward(params, X):
    Z2 = affine(X, params["W1"], params["b1"])
    A2 = relu(Z2.copy())
    Z3 = affine(A2, params["W2"], params["b2"])
    return {"P": softmax(Z3), "Z3": Z3.copy(), "A2": A2, "Z2": Z2, "X": X.copy()}


# %% q1b-cross-entropy · log-softmax
# Picks from SciPy's logarithms of the probabilities.
def cross_entropy(Z, y):
    return -scipy.special.log_softmax(Z, axis=1)[np.arange(len(Z)), y].mean()


# %% q1b-cross-entropy · differences-to-the-label
# Takes the logarithm of the sum of the differences to the label's score.
def cross_entropy(Z, y):
    own = np.take_along_axis(Z, y[:, np.newaxis], axis=1)
    return np.average(scipy.special.logsumexp(Z - own, axis=1))


# %% q1b-cross-entropy · mask-of-booleans
# Picks the labels' entries with a mask, and divides the sum by N.
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.sum(log_P[np.eye(Z.shape[1], dtype=bool)[y]]) / Z.shape[0]


# %% q1b-cross-entropy · choose
# Lets choose pick.
def cross_entropy(Z, y):
    return np.mean(np.logaddexp.reduce(Z, axis=1)) - np.mean(np.choose(y, Z.T))


# %% q1b-cross-entropy · maximum-added-back
# Adds the maximum to the logarithm of the shifted sum.
def cross_entropy(Z, y):
    top = np.max(Z, axis=1)
    log_sums = top + np.log(np.sum(np.exp(Z.T - top), axis=0))
    return np.sum(log_sums - Z[np.arange(y.size), y]) / y.size


# %% q1b-loss · inner-products
# Takes the inner product of each matrix with itself.
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    return cross_entropy(forward(params, X)["Z3"], y) + reg * np.vdot(W1, W1) + reg * np.vdot(W2, W2)


# %% q1b-loss · traces
# Takes traces of products.
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    penalty = np.trace(W1.T @ W1) + np.trace(W2 @ W2.T)
    return cross_entropy(forward(params, X)["Z3"], y) + reg * penalty


# %% q1b-loss · one-long-vector
# Puts all weights into one vector.
def compute_loss(params, X, y, reg):
    weights = np.concatenate([params["W1"].ravel(), params["W2"].ravel()])
    return cross_entropy(forward(params, X)["Z3"], y) + reg * weights @ weights


# %% q1b-loss · frobenius
# Names the norm.
def compute_loss(params, X, y, reg):
    norms = np.array([np.linalg.norm(params["W1"], "fro"), np.linalg.norm(params["W2"], "fro")])
    return reg * np.sum(norms**2) + cross_entropy(forward(params, X)["Z3"], y)


# %% q1b-loss · singular-values
# Adds the squares of the singular values, which is the same.
def compute_loss(params, X, y, reg):
    first = np.linalg.svd(params["W1"], compute_uv=False)
    second = np.linalg.svd(params["W2"], compute_uv=False)
    return cross_entropy(forward(params, X)["Z3"], y) + reg * (np.sum(first**2) + np.sum(second**2))


# %% q1b-loss · loss-with-unit-on-at-0
# Writes the network out, with a unit on at 0.
def compute_loss(params, X, y, reg):
    Z2 = X @ params["W1"] + params["b1"]
    Z3 = np.where(Z2 >= 0, Z2, 0) @ params["W2"] + params["b2"]
    data_loss = np.mean(scipy.special.logsumexp(Z3, axis=1) - Z3[np.arange(len(y)), y])
    return data_loss + reg * (np.square(params["W1"]).sum() + np.square(params["W2"]).sum())


# %% q1b-loss · from-probabilities
# Takes the logarithm of the probabilities, which is exact enough for scores of this size.
def compute_loss(params, X, y, reg):
    P = forward(params, X)["P"]
    chosen = P[np.arange(len(y)), y]
    return -np.mean(np.log(chosen)) + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q2a-scores · subtract-at
# Lets subtract.at take the ones away.
def scores_gradient(P, y):
    dZ3 = P / len(y)
    np.subtract.at(dZ3, (np.arange(len(y)), y), 1 / len(y))
    return dZ3


# %% q2a-scores · comparison
# Makes the one-hot vectors by comparing.
def scores_gradient(P, y):
    return (P - (np.arange(P.shape[1]) == y[:, None])) / P.shape[0]


# %% q2b-weights · sum-of-outer-products
# Adds an outer product for each sample, as (2.8) says.
def weight_gradient(A, dZ, W, reg):
    return np.sum(A[:, :, None] * dZ[:, None, :], axis=0) + 2 * reg * W


# %% q2b-weights · transposed-product
# Transposes the sheet's product.
def weight_gradient(A, dZ, W, reg):
    return (dZ.T @ A).T + reg * (W + W)


# %% q2c-bias · ones
# Multiplies by a vector of ones.
def bias_gradient(dZ):
    return np.ones(len(dZ)) @ dZ


# %% q2c-hidden · hidden-with-unit-on-at-0
# Lets the error through at 0, too.
def hidden_gradient(dZ3, W2, Z2):
    return np.where(Z2 < 0, 0.0, (W2 @ dZ3.T).T)


# %% q2c-hidden · heaviside
# Takes one half at the kink.
def hidden_gradient(dZ3, W2, Z2):
    return np.heaviside(Z2, 0.5) * np.tensordot(dZ3, W2, axes=(1, 1))


# %% q2d-backward · mask-of-activations
# Makes the mask of the activations.
def backward(params, cache, y, reg):
    dZ3 = cache["P"].copy()
    dZ3[np.arange(len(y)), y] -= 1
    dZ3 /= len(y)
    dZ2 = dZ3 @ params["W2"].T
    dZ2[cache["A2"] <= 0] = 0
    return {
        "W1": cache["X"].T @ dZ2 + 2 * reg * params["W1"],
        "b1": dZ2.sum(axis=0),
        "W2": cache["A2"].T @ dZ3 + 2 * reg * params["W2"],
        "b2": dZ3.sum(axis=0),
    }


# %% q2d-backward · backward-with-unit-on-at-0
# Lets the error through at 0, too.
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = (dZ3 @ params["W2"].T) * (cache["Z2"] >= 0)
    return {
        "b2": bias_gradient(dZ3),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b1": bias_gradient(dZ2),
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
    }


# %% q2d-backward · mean-at-the-end
# Divides by N where the gradients are made, and not before.
def backward(params, cache, y, reg):
    N = len(y)
    dZ3 = cache["P"] - np.eye(cache["P"].shape[1])[y]
    dZ2 = (dZ3 @ params["W2"].T) * (cache["Z2"] > 0)
    return {
        "W1": cache["X"].T @ dZ2 / N + 2 * reg * params["W1"],
        "b1": dZ2.mean(axis=0),
        "W2": cache["A2"].T @ dZ3 / N + 2 * reg * params["W2"],
        "b2": dZ3.mean(axis=0),
    }


# %% q2d-backward · gradient-of-bias-as-a-weight
# Treats the biases as weights of an input that is 1.
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = np.sign(cache["A2"]) * np.einsum("nk,hk->nh", dZ3, params["W2"])
    ones = np.ones((len(y), 1))
    first = np.hstack([cache["X"], ones]).T @ dZ2
    second = np.hstack([cache["A2"], ones]).T @ dZ3
    return {
        "W1": first[:-1] + 2 * reg * params["W1"],
        "b1": first[-1],
        "W2": second[:-1] + 2 * reg * params["W2"],
        "b2": second[-1],
    }
