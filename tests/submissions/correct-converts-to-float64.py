"""Converts whatever it is given to float64 first.

loses: nothing
"""


# %% q1a-affine
def affine(X, W, b):
    X, W, b = np.asarray(X, dtype=np.float64), np.asarray(W, dtype=np.float64), np.asarray(b, dtype=np.float64)
    return X.dot(W) + b.reshape(1, -1)


# %% q1a-relu
def relu(Z):
    Z = np.array(Z, dtype=float)
    return Z.clip(min=0)


# %% q1a-softmax
def softmax(Z):
    Z = np.asarray(Z).astype(np.float64)
    E = np.exp(Z - np.amax(Z, axis=-1, keepdims=True))
    return E / np.sum(E, axis=-1, keepdims=True)


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    A, dZ, W = A.astype("float64"), dZ.astype("float64"), W.astype("float64")
    return np.transpose(A).dot(dZ) + reg * W + reg * W
