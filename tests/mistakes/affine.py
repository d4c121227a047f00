"""Classic mistakes of one layer.

Without the biases, and with the weights transposed by reshape: tests/submissions/affine-*.py.

loses: q1a-affine
"""


# %% q1a-affine · weights-transposed
# Transposes the weights, as the sheet has them.
def affine(X, W, b):
    return X @ W.T + b


# %% q1a-affine · bias-subtracted
# Subtracts the biases.
# says: The biases have the wrong sign: what does (1.8) do with them?
def affine(X, W, b):
    return X @ W - b


# %% q1a-affine · bias-in-first-row-only
# Adds the biases to the first row only.
# says: Only the first row has its biases: to which rows does (1.8) add them?
def affine(X, W, b):
    Z = X @ W
    Z[0] += b
    return Z


# %% q1a-affine · bias-summed
# Adds the sum of all biases to every score.
# says: The biases have been added up first: which of them belongs to a unit?
def affine(X, W, b):
    return X @ W + np.sum(b)


# %% q1a-affine · bias-twice
# Adds the biases twice.
# says: The biases are added twice: how often does (1.8) have them?
def affine(X, W, b):
    return X @ W + 2 * b


# %% q1a-affine · bias-multiplied
# Multiplies the scores by the biases.
# says: The scores are multiplied by the biases: what does (1.8) do with them?
def affine(X, W, b):
    return X @ W * b


# %% q1a-affine · rows-reversed
# Returns the rows in the order of the samples backward.
# says: The rows are in the order of the samples backward: does row i of the result belong to row i of X?
def affine(X, W, b):
    return (X @ W + b)[::-1]


# %% q1a-affine · input-reshaped
# Transposes the input by reshape.
# says: The input has been reshaped, which mixes the samples: is one row still one sample?
def affine(X, W, b):
    return X.reshape(X.shape[1], X.shape[0]).T @ W + b


# %% q1a-affine · mean-over-features
# Averages over the features where it should add.
# says: Each score is divided by the number of features: is there a mean in a matrix product?
def affine(X, W, b):
    return X @ W / X.shape[1] + b


# %% q1a-affine · relu-inside
# Applies the ReLU already.
# says: Negative scores have become 0: does (1.8) contain the ReLU?
def affine(X, W, b):
    return np.maximum(X @ W + b, 0)


# %% q1a-affine · bias-before-product
# Adds something to the input before the product.
# says: The product is taken of a shifted input: in which order does (1.8) multiply and add?
def affine(X, W, b):
    return (X + np.mean(b)) @ W


# %% q1a-affine · transposed-result
# Returns one column for each sample, as the sheet does.
# says: One sample is a column here: what is a row of Z in (1.8)?
def affine(X, W, b):
    return (X @ W + b).T
