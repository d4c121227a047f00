"""Returns more than is asked for and adds functions of its own.

loses: nothing
"""


# %% q1a-softmax
def _shift(Z):
    return Z - np.max(Z, axis=1, keepdims=True)


def _normalise(E):
    return E / np.sum(E, axis=1, keepdims=True)


def softmax(Z):
    return _normalise(np.exp(_shift(Z)))


# %% q1a-forward
def forward(params, X):
    Z2 = affine(X, params["W1"], params["b1"])
    A2 = relu(Z2)
    Z3 = affine(A2, params["W2"], params["b2"])
    P = softmax(Z3)
    return {
        "X": X,
        "Z2": Z2,
        "A2": A2,
        "Z3": Z3,
        "P": P,
        "mask": Z2 > 0,
        "prediction": P.argmax(axis=1),
        "shapes": (X.shape, P.shape),
        "params": params,
    }


# %% q1b-loss
def frobenius(W):
    return np.sqrt(np.sum(np.square(W)))


def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * (frobenius(params["W1"]) ** 2 + frobenius(params["W2"]) ** 2)


# %% q2a-scores
def one_hot(y, K):
    return (y[:, None] == np.arange(K)).astype(float)


def scores_gradient(P, y):
    return (P - one_hot(y, P.shape[1])) / P.shape[0]


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
        "Z3": dZ3,
        "Z2": dZ2,
    }
