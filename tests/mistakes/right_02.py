"""Right answers to notebook 02 that look different: each must keep its marks. The whole backward pass's are in right.py.

loses: nothing
"""


# %% q2a-jacobian · diagonal-afterwards
# Fills everything with (2.3), and the diagonal afterwards; multiplies column by row.
def softmax_jacobian_by_cases(p):
    K = p.size
    J = np.empty((K, K))
    for i in range(K):
        for j in range(K):
            J[i, j] = -p[i] * p[j]
    for i in range(K):
        J[i, i] = p[i] * (1.0 - p[i])
    return J


def softmax_jacobian(p):
    column = p.reshape(-1, 1)
    return np.diagflat(p) - column @ column.T


# %% q2a-jacobian · upper-half
# Uses the symmetry; takes p out of the difference.
def softmax_jacobian_by_cases(p):
    K = p.shape[0]
    J = np.zeros((K, K))
    for i in range(K):
        J[i, i] = p[i] - p[i] ** 2
        for j in range(i + 1, K):
            J[i, j] = J[j, i] = -p[i] * p[j]
    return J


def softmax_jacobian(p):
    return p[:, None] * (np.eye(p.shape[0]) - p)


# %% q2a-jacobian · kronecker-delta
# Writes both cases with a Kronecker delta.
def delta(i, j):
    return 1 if i == j else 0


def softmax_jacobian_by_cases(p):
    rows = []
    for i, p_i in enumerate(p):
        row = []
        for j, p_j in enumerate(p):
            row.append(p_i * (delta(i, j) - p_j))
        rows.append(row)
    return np.array(rows)


def softmax_jacobian(p):
    return np.identity(len(p)) * p - np.multiply.outer(p, p)


# %% q2a-jacobian · pairs-of-indices
# Goes through the pairs of indices; adds p to the diagonal of the negative product.
import itertools


def softmax_jacobian_by_cases(p):
    jacobian = np.zeros((len(p), len(p)))
    for i, j in itertools.product(range(len(p)), repeat=2):
        if i == j:
            jacobian[i, j] = p[i] * (1 - p[i])
        else:
            jacobian[i, j] = -p[i] * p[j]
    return jacobian


def softmax_jacobian(p):
    J = -np.outer(p, p)
    J[np.diag_indices_from(J)] += p
    return J


# %% q2a-jacobian · ndindex
# Loops with ndindex; chooses with where.
def softmax_jacobian_by_cases(p):
    J = np.full((p.size, p.size), np.nan)
    for index in np.ndindex(J.shape):
        i, j = index
        if i != j:
            J[index] = -(p[i] * p[j])
            continue
        J[index] = p[i] * (1 - p[i])
    return J


def softmax_jacobian(p):
    return np.where(np.eye(len(p), dtype=bool), p * (1 - p), -np.outer(p, p))


# %% q2a-jacobian · while-loops
# Counts the indices up by hand; lets axes broadcast.
def softmax_jacobian_by_cases(p):
    K = len(p)
    J = np.zeros(shape=(K, K), dtype=np.float64)
    i = 0
    while i < K:
        j = 0
        while j < K:
            J[i][j] = p[i] * (1 - p[j]) if i == j else -p[i] * p[j]
            j += 1
        i += 1
    return J


def softmax_jacobian(p):
    return np.diag(p) - p[:, np.newaxis] * p[np.newaxis, :]


# %% q2a-jacobian · quotient-rule
# Goes back to the quotients of (2.2) and (2.3), with p for the exponentials; fills the diagonal in.
def softmax_jacobian_by_cases(p: np.ndarray) -> np.ndarray:
    S = p.sum()
    e = p
    K = len(e)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            numerator = (S if i == j else 0) * e[i] - e[i] * e[j]
            J[i, j] = numerator / S**2
    return J


def softmax_jacobian(p: np.ndarray) -> np.ndarray:
    J = np.outer(-p, p)
    np.fill_diagonal(J, p * (1 - p))
    return J


# %% q2a-jacobian · entry-of-its-own
# Has a function for one entry; multiplies diag(p) by what is left.
def softmax_jacobian_by_cases(p):
    def entry(i, j):
        """∂p_i/∂z_j"""
        if i == j:
            return p[i] * (1 - p[i])  # (2.2)
        return -p[i] * p[j]  # (2.3)

    return np.array([[entry(i, j) for j in range(len(p))] for i in range(len(p))])


def softmax_jacobian(p):
    ones = np.ones(len(p))
    return np.diag(p) @ (np.eye(len(p)) - np.outer(ones, p))


# %% q2a-jacobian · row-by-row
# Fills a row at once and mends its diagonal entry; uses a Kronecker product.
def softmax_jacobian_by_cases(p):
    jacobian = []
    for i in range(len(p)):
        row = [-p[i] * other for other in p]
        row[i] = p[i] * (1 - p[i])
        jacobian.append(row)
    return np.asarray(jacobian, dtype=float)


def softmax_jacobian(p):
    return np.diag(p) - np.kron(p[:, None], p)


# %% q2a-jacobian · python-floats
# Computes with Python's floats and prints; subtracts an inner product of columns.
def softmax_jacobian_by_cases(p):
    p = [float(value) for value in p]
    table = {(i, j): -p[i] * p[j] for i in range(len(p)) for j in range(len(p))}
    for i in range(len(p)):
        table[i, i] += p[i]
    print("rows add up to", [sum(table[i, j] for j in range(len(p))) for i in range(len(p))])
    return np.array(list(table.values())).reshape(len(p), len(p))


def softmax_jacobian(p):
    p = np.atleast_2d(p).T
    return np.diag(p[:, 0]) - np.inner(p, p)


# %% q2a-jacobian · function-of-indices
# Makes the matrix from a function of its indices; divides by what the softmax multiplies with.
def softmax_jacobian_by_cases(p):
    K = len(p)
    matrix = np.zeros(K * K)
    for n in range(K * K):
        i, j = divmod(n, K)
        matrix[n] = p[i] * (1 - p[i]) if i == j else -p[i] * p[j]
    return matrix.reshape((K, K))


def softmax_jacobian(p):
    return np.fromfunction(lambda i, j: (i == j) * p[i] - p[i] * p[j], (len(p), len(p)), dtype=int)


# %% q2a-scores · one-hot-of-zeros
# Fills a matrix of zeros with ones.
def scores_gradient(P, y):
    N, K = P.shape
    Delta = np.zeros((N, K))
    Delta[range(N), y] = 1
    return 1 / N * (P - Delta)


# %% q2a-scores · flat-indices
# Takes the ones away at flat indices.
def scores_gradient(P, y):
    N, K = P.shape
    flat = P.flatten()
    flat[np.arange(N) * K + y] -= 1
    return flat.reshape(N, K) / N


# %% q2a-scores · put-along-axis
# Puts the labels' entries where they belong.
def scores_gradient(P, y):
    labels = y[:, np.newaxis]
    own = np.take_along_axis(P, labels, axis=1)
    dZ3 = np.array(P, dtype=np.float64)
    np.put_along_axis(dZ3, labels, own - 1, axis=1)
    return np.divide(dZ3, P.shape[0])


# %% q2a-scores · label-by-label
# Loops over the labels.
def scores_gradient(P, y):
    dZ3 = P.copy()
    for i, label in enumerate(y):
        dZ3[i, label] = dZ3[i, label] - 1
    return dZ3 / P.shape[0]


# %% q2a-scores · two-cases
# Chooses between two cases for each entry.
def scores_gradient(P, y):
    N, K = P.shape
    is_label = np.arange(K)[None, :] == y.reshape(N, 1)
    return np.where(is_label, (P - 1) / N, P / N)


# %% q2a-scores · sample-by-sample
# Writes (2.5) for one sample and stacks the samples.
def delta(label, K):
    vector = np.zeros(K)
    vector[label] = 1.0
    return vector


def scores_gradient(P, y):
    N = len(P)
    return np.vstack([(p - delta(label, len(p))) / N for p, label in zip(P, y)])


# %% q2a-scores · through-the-jacobian
# Multiplies the Jacobian by the derivative of the logarithm, sample by sample.
def scores_gradient(P, y):
    rows = []
    for p, label in zip(P, y):
        dp = np.zeros(len(p))
        dp[label] = -1 / p[label] / len(P)
        rows.append((np.diag(p) - np.outer(p, p)) @ dp)
    return np.array(rows)


# %% q2b-weights · tensordot
# Lets tensordot sum over the samples.
def weight_gradient(A, dZ, W, reg):
    return np.tensordot(A, dZ, axes=(0, 0)) + 2.0 * reg * W


# %% q2b-weights · entry-by-entry
# Adds up every entry with three loops.
def weight_gradient(A, dZ, W, reg):
    N, D = A.shape
    H = dZ.shape[1]
    dW = np.zeros((D, H))
    for d in range(D):
        for h in range(H):
            for n in range(N):
                dW[d, h] += A[n, d] * dZ[n, h]
            dW[d, h] += 2 * reg * W[d, h]
    return dW


# %% q2b-weights · column-by-column
# Makes the columns one by one.
def weight_gradient(A, dZ, W, reg):
    columns = [A.T @ dZ[:, h] for h in range(dZ.shape[1])]
    return np.column_stack(columns) + np.multiply(2 * reg, W)


# %% q2b-weights · penalty-in-two-halves
# Copies the weights, adds the product, and skips the penalty where there is none.
def weight_gradient(A, dZ, W, reg):
    dW = np.dot(np.transpose(A), dZ)
    if reg != 0:
        pull = W.copy()
        pull *= reg
        dW += pull
        dW += pull
    return dW


# %% q2b-weights · penalty-as-samples
# Adds the penalty as samples of its own.
def weight_gradient(A, dZ, W, reg):
    inputs = np.concatenate([A, 2 * reg * np.eye(W.shape[0])])
    errors = np.concatenate([dZ, W])
    return inputs.T @ errors


# %% q2b-weights · inner
# Lets inner multiply the transposed arrays, and prints the shapes.
def weight_gradient(A, dZ, W, reg):
    data = np.inner(A.T, dZ.T)
    print("data", data.shape, "W", W.shape)
    assert data.shape == W.shape
    return data + reg * 2 * W


# %% q2b-weights · reduced-outer-products
# Reduces the outer products of the samples, from the penalty on.
from functools import reduce


def weight_gradient(A: np.ndarray, dZ: np.ndarray, W: np.ndarray, reg: float) -> np.ndarray:
    return reduce(lambda total, pair: total + np.outer(*pair), zip(A, dZ), 2 * reg * W)


# %% q2c-bias · sum-over-the-rows
# Names the axis by its place.
def bias_gradient(dZ):
    return np.sum(dZ, 0)


# %% q2c-bias · columns-of-the-transpose
# Adds up the rows of the transpose.
def bias_gradient(dZ):
    return dZ.T.sum(axis=-1)


# %% q2c-bias · mean-times-n
# Multiplies the mean by N.
def bias_gradient(dZ):
    return dZ.shape[0] * np.mean(dZ, axis=0)


# %% q2c-bias · bias-column-by-column
# Adds up each column.
def bias_gradient(dZ):
    return np.array([np.sum(dZ[:, h]) for h in range(dZ.shape[1])])


# %% q2c-bias · rows-added
# Lets Python's sum add the rows.
def bias_gradient(dZ):
    return sum(dZ)


# %% q2c-bias · running-sum
# Takes the last row of the running sum.
def bias_gradient(dZ):
    return np.cumsum(dZ, axis=0)[-1]


# %% q2c-bias · kept-axis
# Keeps the axis, and makes a vector of the row.
def bias_gradient(dZ):
    db = dZ.sum(axis=0, keepdims=True)
    return db.reshape(-1)


# %% q2c-bias · exact-sums
# Adds Python floats without rounding.
import math


def bias_gradient(dZ):
    return np.asarray([math.fsum(column) for column in dZ.T])


# %% q2c-bias · two-halves
# Adds the sums of the upper and the lower half.
def bias_gradient(dZ):
    if len(dZ) == 1:
        return dZ[0]
    middle = len(dZ) // 2
    return bias_gradient(dZ[:middle]) + bias_gradient(dZ[middle:])


# %% q2c-hidden · unit-by-unit
# Goes through the hidden units.
def hidden_gradient(dZ3, W2, Z2):
    dZ2 = np.empty_like(Z2)
    for h in range(Z2.shape[1]):
        on = Z2[:, h] > 0
        dZ2[:, h] = (dZ3 @ W2[h]) * on
    return dZ2


# %% q2c-hidden · jacobian-of-each-sample
# Multiplies by the Jacobian of the ReLU, a diagonal matrix, for each sample.
def hidden_gradient(dZ3, W2, Z2):
    return np.array([np.diag(np.where(z > 0, 1.0, 0.0)) @ W2 @ dz for z, dz in zip(Z2, dZ3)])


# %% q2c-hidden · slope-of-its-own
# Has a function for the slope of the ReLU.
def relu_slope(Z: np.ndarray) -> np.ndarray:
    return (Z > 0).astype(np.float64)


def hidden_gradient(dZ3: np.ndarray, W2: np.ndarray, Z2: np.ndarray) -> np.ndarray:
    return np.multiply(np.inner(dZ3, W2), relu_slope(Z2))


# %% q2c-hidden · only-units-that-are-on
# Copies the errors of the units that are on into zeros.
def hidden_gradient(dZ3, W2, Z2):
    dA2 = np.matmul(dZ3, W2.swapaxes(0, 1))
    dZ2 = np.zeros(Z2.shape)
    on = np.nonzero(Z2 > 0)
    dZ2[on] = dA2[on]
    return dZ2


# %% q2c-hidden · sign-of-the-activations
# Takes the sign of the activations for the mask.
def hidden_gradient(dZ3, W2, Z2):
    A2 = np.maximum(Z2, 0)
    return np.sign(A2) * np.dot(dZ3, W2.T)


# %% q2c-hidden · masked-array
# Masks the units that are off and fills them with 0.
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return np.ma.masked_where(Z2 < 0, dA2).filled(0.0)


# %% mistake-norm · frobenius
# Names the norm, and squares it.
def penalty(W1, W2, reg):
    return reg * np.linalg.norm(W1, "fro") ** 2 + reg * np.linalg.norm(W2, "fro") ** 2


# %% mistake-norm · long-vectors
# Takes the inner product of each matrix, as a vector, with itself.
def penalty(W1, W2, reg):
    w1, w2 = W1.flatten(), W2.flatten()
    return reg * (w1 @ w1 + w2.dot(w2))


# %% mistake-norm · norm-entry-by-entry
# Adds the squares one by one, as (1.7) does.
def penalty(W1, W2, reg):
    total = 0
    for W in (W1, W2):
        rows, columns = W.shape
        for i in range(rows):
            for j in range(columns):
                total += W[i, j] ** 2
    return reg * total


# %% mistake-norm · norm-of-its-own
# Has a function for the squared norm.
def squared_norm(W: np.ndarray) -> float:
    return np.square(W).sum()


def penalty(W1: np.ndarray, W2: np.ndarray, reg: float) -> float:
    return reg * (squared_norm(W1) + squared_norm(W2))


# %% mistake-norm · all-weights-in-one
# Joins all weights to one vector.
def penalty(W1, W2, reg):
    weights = np.concatenate((W1.ravel(), W2.ravel()))
    return reg * np.sum(np.power(weights, 2))


# %% mistake-norm · singular-values
# Adds the squares of the singular values, which is the same.
def penalty(W1, W2, reg):
    singular = [np.linalg.svd(W, compute_uv=False) for W in (W1, W2)]
    return reg * sum(float(np.sum(values**2)) for values in singular)


# %% mistake-norm · trace-of-eigenvalues
# Adds the eigenvalues of the product, whose sum is the trace.
def penalty(W1, W2, reg):
    return reg * (np.linalg.eigvalsh(W1.T @ W1).sum() + np.trace(np.dot(W2, W2.T)))


# %% mistake-norm · exact-sum
# Adds Python floats without rounding.
from math import fsum


def penalty(W1, W2, reg):
    return float(reg) * fsum(w * w for W in (W1, W2) for w in W.ravel().tolist())


# %% mistake-norm · both-axes
# Contracts both axes; an array without axes comes out.
def penalty(W1, W2, reg):
    return reg * (np.tensordot(W1, W1, axes=2) + np.tensordot(W2, W2, axes=2))


# %% mistake-norm · rows-then-columns
# Adds up the rows first, and prints both parts.
def penalty(W1, W2, reg):
    first = (W1 * W1).sum(axis=1).sum()
    second = (np.abs(W2) ** 2).sum(axis=0).sum()
    print(f"first layer {first}, second {second}")
    return reg * first + reg * second


# %% mistake-one-hot · softmax-minus-one-hot
# Leaves the softmax to SciPy, and takes a one-hot vector away.
def one_sample_gradient(z, label):
    delta = np.zeros(len(z))
    delta[label] = 1
    return scipy.special.softmax(z) - delta


# %% mistake-one-hot · class-by-class
# Goes through the classes.
def one_sample_gradient(z, label):
    v = np.sum(np.exp(z))
    gradient = np.zeros(z.shape)
    for k in range(len(z)):
        gradient[k] = np.exp(z[k]) / v
        if k == label:
            gradient[k] -= 1
    return gradient


# %% mistake-one-hot · comparison
# Takes away where the class is the label.
def one_sample_gradient(z, label):
    e = np.exp(z - z.max())
    return e / e.sum() - (np.arange(z.size) == label)


# %% mistake-one-hot · row-of-the-jacobian
# Divides the label's row of the Jacobian by its probability.
def one_sample_gradient(z, label):
    p = scipy.special.softmax(z)
    return -softmax_jacobian(p)[label] / p[label]


# %% mistake-one-hot · batch-of-one
# Asks its own function for a batch, of one sample.
def one_sample_gradient(z, label):
    P = scipy.special.softmax(z[np.newaxis, :], axis=1)
    return scores_gradient(P, np.array([label]))[0]


# %% mistake-one-hot · both-terms
# Writes the derivatives of both terms down.
def one_sample_gradient(z: np.ndarray, label: int) -> np.ndarray:
    K = len(z)
    first_term = np.exp(z) / np.exp(z).sum()
    second_term = -np.eye(K)[label]
    return first_term + second_term


# %% mistake-one-hot · one-hot-two-cases
# Chooses between the label's entry and the others.
def one_sample_gradient(z, label):
    p = np.exp(z - scipy.special.logsumexp(z))
    return np.where(np.arange(len(p)) == label, p - 1, p)


# %% mistake-one-hot · one-hot-python-floats
# Computes with Python's floats.
import math


def one_sample_gradient(z, label):
    exponentials = [math.exp(value) for value in z]
    v = sum(exponentials)
    return np.array([e / v - (1.0 if k == label else 0.0) for k, e in enumerate(exponentials)])


# %% mistake-one-hot · differences
# Adds the exponentials of all differences.
def one_sample_gradient(z, label):
    psi = 1 / np.exp(z[None, :] - z[:, None]).sum(axis=1)
    psi[label] -= 1
    return psi


# %% mistake-one-hot · minus-the-others
# Makes the label's entry minus the sum of all others.
def one_sample_gradient(z, label):
    g = np.exp(z) / np.sum(np.exp(z))
    g[label] = 0
    g[label] = -g.sum()
    return g


# %% mistake-one-hot · floating-point-errors-raised
# Raises on floating-point trouble, and takes the one away with add.at.
def one_sample_gradient(z, label):
    with np.errstate(all="raise"):
        log_p = scipy.special.log_softmax(z)
    gradient = np.exp(log_p)
    np.add.at(gradient, label, -1.0)
    print("adds up to", gradient.sum())
    return gradient


# %% mistake-penalty · zeros-first
# Starts with zeros for all, and fills in the weights.
def penalty_gradient(params, reg):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    for name in ("W1", "W2"):
        grads[name] += 2 * reg * params[name]
    return grads


# %% mistake-penalty · unpacked
# Unpacks the parameters, and names the gradients.
def penalty_gradient(params, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    dW1, dW2 = 2 * reg * W1, 2 * reg * W2
    db1, db2 = np.zeros(len(b1)), np.zeros(len(b2))
    return dict(W1=dW1, b1=db1, W2=dW2, b2=db2)


# %% mistake-penalty · by-axes
# Calls a parameter with two axes a weight.
def penalty_gradient(params, reg):
    return {name: 2 * reg * p if p.ndim == 2 else np.zeros_like(p) for name, p in params.items()}


# %% mistake-penalty · times-zero
# Multiplies the biases by 0.
def penalty_gradient(params, reg):
    strength = {"W1": reg, "b1": 0.0, "W2": reg, "b2": 0.0}
    return {name: 2 * strength[name] * params[name] for name in strength}


# %% mistake-penalty · added-twice
# Adds each weight's pull twice, and subtracts the biases from themselves.
def penalty_gradient(params, reg):
    return {
        "b1": params["b1"] - params["b1"],
        "b2": params["b2"] - params["b2"],
        "W1": reg * params["W1"] + reg * params["W1"],
        "W2": reg * params["W2"] + reg * params["W2"],
    }


# %% mistake-penalty · penalty-entry-by-entry
# Goes through the entries of the weights.
def penalty_gradient(params, reg):
    gradient = {}
    for key in params:
        gradient[key] = np.zeros(np.shape(params[key]))
        if key in ["W1", "W2"]:
            for index in np.ndindex(*params[key].shape):
                gradient[key][index] = 2 * reg * params[key][index]
    return gradient


# %% mistake-penalty · layer-of-its-own
# Has a function for one layer, and joins the layers.
def layer(params, number, reg):
    W, b = params[f"W{number}"], params[f"b{number}"]
    return {f"W{number}": np.multiply(W, 2 * reg), f"b{number}": np.full_like(b, 0)}


def penalty_gradient(params: dict[str, np.ndarray], reg: float) -> dict[str, np.ndarray]:
    return {**layer(params, 1, reg), **layer(params, 2, reg)}


# %% mistake-penalty · copies-scaled
# Scales copies in place.
def penalty_gradient(params, reg):
    grads = {name: value.copy() for name, value in params.items()}
    grads["W1"] *= 2 * reg
    grads["W2"] *= 2 * reg
    grads["b1"][:] = 0
    grads["b2"].fill(0)
    return grads


# %% mistake-penalty · layer-without-errors
# Asks its own formulas for a layer without errors.
def penalty_gradient(params, reg):
    grads = {}
    for W, b in (("W1", "b1"), ("W2", "b2")):
        D, H = params[W].shape
        no_error = np.zeros((1, H))
        grads[W] = weight_gradient(np.zeros((1, D)), no_error, params[W], reg)
        grads[b] = bias_gradient(no_error)
    return grads


# %% mistake-penalty · default-dict
# Collects in a defaultdict, weights first.
from collections import defaultdict


def penalty_gradient(params, reg):
    grads = defaultdict(lambda: None)
    for name in sorted(params):
        grads[name] = 2 * float(reg) * params[name] * name.startswith("W")
    return grads


# %% mistake-penalty · names-matched
# Matches the name.
def penalty_gradient(params, reg):
    def pull(name):
        match name[0]:
            case "W":
                return 2 * reg * params[name]
            case _:
                return np.zeros(params[name].size)

    return dict(zip(params, map(pull, params)))


# %% mistake-convention · column-times-row
# Multiplies a column by a row, and the transpose of the weights from the left.
def column_layer_gradients(h, V, do):
    dV = h[:, None] @ do[None, :]
    dh = do @ V.T
    return dV, dh


# %% mistake-convention · real-columns
# Makes columns of the vectors, and a vector of the column.
def column_layer_gradients(h, V, do):
    h, do = h.reshape(-1, 1), do.reshape(-1, 1)
    return h @ do.T, (V @ do).ravel()


# %% mistake-convention · convention-entry-by-entry
# Differentiates every entry with two loops.
def column_layer_gradients(h, V, do):
    H, K = V.shape
    dV, dh = np.zeros((H, K)), np.zeros(H)
    for i in range(H):
        for k in range(K):
            dV[i, k] = h[i] * do[k]
            dh[i] += V[i, k] * do[k]
    return dV, dh


# %% mistake-convention · transposed-outer-product
# Transposes the wrong formula's product.
def column_layer_gradients(h, V, do):
    return np.outer(do, h).T, V.dot(do)


# %% mistake-convention · broadcast
# Lets axes broadcast, and sums over the classes.
def column_layer_gradients(h, V, do):
    return h[:, np.newaxis] * do, (V * do).sum(axis=1)


# %% mistake-convention · convention-batch-of-one
# Takes the row rules (2.9) and (2.10) for a batch of one.
def column_layer_gradients(h, V, do):
    X, dY = np.atleast_2d(h), np.atleast_2d(do)
    dX, dW = dY @ V.T, X.T @ dY
    return dW, dX[0]


# %% mistake-convention · convention-tensordot
# Lets tensordot multiply.
def column_layer_gradients(h, V, do):
    return np.tensordot(h, do, axes=0), np.tensordot(V, do, axes=1)


# %% mistake-convention · rows-of-the-weights
# Makes both gradients row by row.
def column_layer_gradients(h, V, do):
    dV = np.array([unit * do for unit in h])
    dh = np.array([np.dot(row, do) for row in V])
    return tuple([dV, dh])


# %% mistake-convention · own-formula
# Asks its own formula for the weights, without a penalty.
def column_layer_gradients(h, V, do):
    dV = weight_gradient(h[None, :], do[None, :], V, 0)
    return dV, np.matmul(V, do)


# %% mistake-convention · from-the-jacobians
# Multiplies by the Jacobians of o.
def column_layer_gradients(h, V, do):
    do_dh = V.T
    do_dV = np.einsum("h,kl->khl", h, np.eye(V.shape[1]))
    return np.einsum("k,khl->hl", do, do_dV), do @ do_dh


# %% mistake-convention · named-tuple
# Returns a named tuple.
from typing import NamedTuple


class Gradients(NamedTuple):
    dV: np.ndarray
    dh: np.ndarray


def column_layer_gradients(h: np.ndarray, V: np.ndarray, do: np.ndarray) -> Gradients:
    print(h.shape, V.shape, do.shape)
    return Gradients(dV=np.multiply.outer(h, do), dh=np.inner(V, do))


# %% mistake-sum-first · one-step-a-line
# Writes one step a line.
def first_bias_gradient(dZ3, W2, Z2):
    dA2 = np.dot(dZ3, W2.T)
    mask = np.where(Z2 > 0, 1.0, 0.0)
    dZ2 = dA2 * mask
    db1 = np.sum(dZ2, axis=0)
    return db1


# %% mistake-sum-first · own-formulas
# Asks its own formulas.
def first_bias_gradient(dZ3, W2, Z2):
    return bias_gradient(hidden_gradient(dZ3, W2, Z2))


# %% mistake-sum-first · sum-first-sample-by-sample
# Adds sample by sample.
def first_bias_gradient(dZ3, W2, Z2):
    db1 = np.zeros(W2.shape[0])
    for i in range(len(dZ3)):
        db1 += (W2 @ dZ3[i]) * (Z2[i] > 0)
    return db1


# %% mistake-sum-first · switched-off-in-place
# Switches units off in place, in an array of its own.
def first_bias_gradient(dZ3, W2, Z2):
    errors = dZ3 @ np.transpose(W2)
    errors[Z2 <= 0] = 0
    return errors.sum(0)


# %% mistake-sum-first · mask-first
# Adds the errors of the samples that a unit is on for, and only then multiplies by its weights.
def first_bias_gradient(dZ3, W2, Z2):
    errors_by_unit = (Z2 > 0).T.astype(float) @ dZ3
    return np.sum(errors_by_unit * W2, axis=1)


# %% mistake-sum-first · columns
# Computes with one sample per column.
def first_bias_gradient(dZ3, W2, Z2):
    dz3, z2 = dZ3.T, Z2.T
    dz2 = (W2 @ dz3) * (z2 > 0)
    return dz2 @ np.ones(dz2.shape[1])


# %% mistake-sum-first · sum-first-unit-by-unit
# Adds up unit by unit, over the samples that it is on for.
def first_bias_gradient(dZ3, W2, Z2):
    return np.array([(dZ3[Z2[:, h] > 0] @ W2[h]).sum() for h in range(len(W2))])


# %% mistake-sum-first · three-loops
# Adds up every product.
def first_bias_gradient(dZ3, W2, Z2):
    N, K = dZ3.shape
    H = W2.shape[0]
    result = [0.0] * H
    for n in range(N):
        for h in range(H):
            if Z2[n, h] <= 0:
                continue
            for k in range(K):
                result[h] += float(dZ3[n, k] * W2[h, k])
    return np.array(result)


# %% mistake-sum-first · diagonal-of-a-product
# Takes the diagonal of the product with the mask.
def first_bias_gradient(dZ3, W2, Z2):
    return np.diag(np.heaviside(Z2, 0.0).T @ dZ3 @ W2.T)


# %% mistake-sum-first · sum-first-mean-times-n
# Multiplies the mean by N, with the mask of the activations.
def first_bias_gradient(dZ3, W2, Z2):
    A2 = np.maximum(0, Z2)
    return len(Z2) * np.mean((A2 > 0) * np.inner(dZ3, W2), axis=0)


# %% mistake-sum-first · passed-on
# Has a function for each step, with type hints.
def through_weights(dZ: np.ndarray, W: np.ndarray) -> np.ndarray:
    return np.einsum("nk,hk->nh", dZ, W)


def through_relu(dA: np.ndarray, Z: np.ndarray) -> np.ndarray:
    return np.where(Z < 0, np.zeros_like(dA), dA)


def first_bias_gradient(dZ3: np.ndarray, W2: np.ndarray, Z2: np.ndarray) -> np.ndarray:
    return np.add.reduce(through_relu(through_weights(dZ3, W2), Z2))


# %% mistake-one-sided · copies
# Moves one entry of two copies.
def central_differences(f, x, h):
    gradient = np.zeros_like(x)
    for i in range(x.size):
        right, left = x.copy(), x.copy()
        right[i] += h
        left[i] -= h
        gradient[i] = (f(right) - f(left)) / (2 * h)
    return gradient


# %% mistake-one-sided · unit-vectors
# Goes along the unit vectors.
def central_differences(f, x, h):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


# %% mistake-one-sided · moved-and-put-back
# Moves an entry of x itself, and puts it back.
def central_differences(f, x, h):
    gradient = np.empty(len(x))
    for i in range(len(x)):
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        gradient[i] = (above - below) / (2 * h)
    return gradient


# %% mistake-one-sided · moving-copy
# Moves the entries of one copy.
def central_differences(f, x, h):
    moved = np.array(x, dtype=np.float64)
    gradient = []
    for i, value in enumerate(x):
        moved[i] = value + h
        upper = f(moved)
        moved[i] = value - h
        lower = f(moved)
        moved[i] = value
        gradient.append(0.5 * (upper - lower) / h)
    return np.array(gradient)


# %% mistake-one-sided · mean-of-two-sides
# Takes the mean of the differences to the right and to the left.
def central_differences(f, x, h):
    here = f(x)
    steps = np.eye(x.shape[0]) * h
    right = np.array([(f(x + step) - here) / h for step in steps])
    left = np.array([(here - f(x - step)) / h for step in steps])
    return (right + left) / 2


# %% mistake-one-sided · rows-of-points
# Makes all points first, and applies the function along the rows.
def central_differences(f, x, h):
    steps = h * np.identity(x.size)
    above = np.apply_along_axis(f, 1, x[None, :] + steps)
    below = np.apply_along_axis(f, 1, x[None, :] - steps)
    return (above - below) / (2 * h)


# %% mistake-one-sided · one-entry-of-its-own
# Has a function for one entry.
def partial_derivative(f, x, i, h):
    step = np.zeros(x.shape)
    step[i] = h
    return (f(x + step) - f(x - step)) / (2 * h)


def central_differences(f, x, h):
    return np.array([partial_derivative(f, x, i, h) for i in range(x.shape[0])])


# %% mistake-one-sided · signs
# Adds both sides with their signs.
def central_differences(f, x, h):
    gradient = np.zeros(x.shape, dtype=float)
    for index in np.ndindex(x.shape):
        for sign in (+1, -1):
            moved = np.copy(x)
            moved[index] += sign * h
            gradient[index] += sign * f(moved)
    return gradient / (2 * h)


# %% mistake-one-sided · chosen-by-comparison
# Adds the step where the index is right, with type hints.
from collections.abc import Callable


def central_differences(f: Callable[[np.ndarray], float], x: np.ndarray, h: float) -> np.ndarray:
    n = np.arange(len(x))
    values = [float(f(np.where(n == i, x + h, x)) - f(np.where(n == i, x - h, x))) for i in n]
    return np.divide(values, 2 * h)


# %% mistake-one-sided · real-distance
# Divides by the distance that the two points have after rounding.
def central_differences(f, x, h):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        plus, minus = x.astype(float), x.astype(float)
        plus[i] = plus[i] + h
        minus[i] = minus[i] - h
        gradient[i] = (f(plus) - f(minus)) / (plus[i] - minus[i])
    return gradient


# %% mistake-one-sided · function-of-the-step
# Makes a function of the step alone.
def central_differences(f, x, h):
    def along(axis):
        return lambda t: f(x + t * axis)

    gradient = []
    for axis in np.eye(len(x)):
        g = along(axis)
        gradient.append((g(h) - g(-h)) / (h - -h))
    return np.asarray(gradient)
