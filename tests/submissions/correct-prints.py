"""Prints what it does in every function.

loses: nothing
"""


# %% q1a-affine
def affine(X, W, b):
    print("affine:", X.shape, "times", W.shape)
    return X @ W + b


# %% q1a-softmax
def softmax(Z):
    print("softmax in:\n", Z)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    print("row sums", E.sum(axis=1))
    return E / E.sum(axis=1, keepdims=True)


# %% q1b-loss
print("regularised loss")


def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    penalty = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    print(f"data loss {data_loss:.6f}, penalty {penalty:.6f}, reg {reg}")
    return data_loss + reg * penalty


loss = compute_loss(toy_problem().params, toy_problem().X, toy_problem().y, 0.05)
print("✗ failed?" if abs(loss - 1.30378789133) > 1e-8 else "✓ 1.30378789133")


# %% q2d-backward
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    print("dZ3", dZ3.shape)
    dW2 = weight_gradient(cache["A2"], dZ3, params["W2"], reg)
    db2 = bias_gradient(dZ3)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    print("dZ2", dZ2.shape, dZ2)
    dW1 = weight_gradient(cache["X"], dZ2, params["W1"], reg)
    db1 = bias_gradient(dZ2)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
