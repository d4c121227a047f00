"""Computes with one sample per column, as the sheet does, and transposes at both ends.

loses: nothing
"""


# %% q1a-affine
def affine(X, W, b):
    """z = Wx + b for every column x."""
    return (W.T @ X.T + b[:, None]).T


# %% q1a-softmax
def softmax(Z):
    columns = Z.T
    E = np.exp(columns - columns.max(axis=0))
    return (E / E.sum(axis=0)).T


# %% q1a-forward
def forward(params, X):
    W1, b1 = params["W1"].T, params["b1"].reshape(-1, 1)
    W2, b2 = params["W2"].T, params["b2"].reshape(-1, 1)
    z2 = W1 @ X.T + b1
    a2 = relu(z2)
    z3 = W2 @ a2 + b2
    return {"X": X, "Z2": z2.T, "A2": a2.T, "Z3": z3.T, "P": softmax(z3.T)}


# %% q2d-backward
def backward(params, cache, y, reg):
    a1, a2, p = cache["X"].T, cache["A2"].T, cache["P"].T
    W1, W2 = params["W1"].T, params["W2"].T
    N = a1.shape[1]
    delta = np.zeros(p.shape)
    delta[y, np.arange(N)] = 1
    dz3 = (p - delta) / N
    dW2 = dz3 @ a2.T + 2 * reg * W2
    dz2 = (W2.T @ dz3) * (a2 > 0)
    dW1 = dz2 @ a1.T + 2 * reg * W1
    return {"W1": dW1.T, "b1": dz2 @ np.ones(N), "W2": dW2.T, "b2": dz3 @ np.ones(N)}
