"""Writes the forward pass, the loss and the backward pass without the small functions.

loses: nothing
"""


# %% q1a-forward
def forward(params, X):
    Z2 = np.dot(X, params["W1"]) + params["b1"]
    A2 = np.where(Z2 >= 0, Z2, 0)
    Z3 = np.dot(A2, params["W2"]) + params["b2"]
    exp_scores = np.exp(Z3 - np.max(Z3, axis=1, keepdims=True))
    P = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    return dict(X=X, Z2=Z2, A2=A2, Z3=Z3, P=P)


# %% q1b-loss
def compute_loss(params, X, y, reg):
    hidden = np.maximum(0, X.dot(params["W1"]) + params["b1"])
    scores = hidden.dot(params["W2"]) + params["b2"]
    scores -= scores.max(axis=1, keepdims=True)
    correct = scores[np.arange(X.shape[0]), y]
    loss = -np.sum(correct - np.log(np.sum(np.exp(scores), axis=1))) / X.shape[0]
    return loss + reg * np.linalg.norm(params["W1"]) ** 2 + reg * np.linalg.norm(params["W2"]) ** 2


# %% q2d-backward
def backward(params, cache, y, reg):
    N = cache["X"].shape[0]
    one_hot = np.eye(cache["P"].shape[1])[y]
    dZ3 = (cache["P"] - one_hot) / N
    dA2 = dZ3 @ params["W2"].T
    dZ2 = np.where(cache["Z2"] >= 0, dA2, 0)
    grads = {}
    grads["W2"] = cache["A2"].T @ dZ3 + 2 * reg * params["W2"]
    grads["b2"] = np.sum(dZ3, axis=0)
    grads["W1"] = cache["X"].T @ dZ2 + 2 * reg * params["W1"]
    grads["b1"] = np.sum(dZ2, axis=0)
    return grads
