"""Writes to standard error directly.

loses: nothing
"""

# %% q1a-affine
import sys


def affine(X, W, b):
    sys.stderr.write("in affine\n")
    print("shapes", X.shape, W.shape, file=sys.stderr, flush=True)
    return X @ W + b


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    import sys

    print("Traceback (most recent call last): only a joke", file=sys.stderr)
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(y)), y])


# %% q2c-bias
import sys


def bias_gradient(dZ):
    sys.stderr.write("Error: none\n")
    sys.stdout.write("in bias_gradient\n")
    return np.ones(dZ.shape[0]) @ dZ
