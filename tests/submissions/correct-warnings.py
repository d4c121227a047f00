"""Warns in its functions and lets NumPy warn about values that it does not use.

loses: nothing
"""

# %% q1a-affine
import warnings


def affine(X, W, b):
    if not np.any(b):
        warnings.warn("all biases are zero")
    return X @ W + b


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    one_hot = np.zeros(Z.shape)
    one_hot[np.arange(len(y)), y] = 1
    logs = np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted
    losses = np.where(np.log(one_hot) == 0, logs, 0)
    return losses.sum() / len(y)


# %% q2c-hidden
import warnings


def hidden_gradient(dZ3, W2, Z2):
    warnings.warn("slow version", DeprecationWarning)
    warnings.warn("hidden_gradient is not tested yet", UserWarning)
    ratio = np.maximum(Z2, 0) / np.where(Z2 > 0, Z2, 0)
    mask = np.nan_to_num(ratio)
    return (dZ3 @ W2.T) * mask


# %% mistake-norm
def penalty(W1, W2, reg):
    warnings.warn("is this the Frobenius norm?", stacklevel=2)
    return reg * (np.linalg.norm(W1) ** 2 + np.linalg.norm(W2, "fro") ** 2)
