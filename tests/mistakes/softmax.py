"""Classic mistakes of the softmax.

Axis 0, the whole matrix, twice, unnormalised, overflowing and others: tests/submissions/softmax-*.py.

loses: q1a-softmax
"""


# %% q1a-softmax · scores-as-they-are
# Returns the scores.
# says: These are the scores: what does (1.2) make of them?
def softmax(Z):
    return Z.copy()


# %% q1a-softmax · exponentials-only
# Returns the exponentials of the scores.
# says: These are exponentials: what does (1.2) divide them by?
def softmax(Z):
    return np.exp(Z)


# %% q1a-softmax · log-probabilities
# Returns the logarithms of the probabilities.
# says: These are logarithms of probabilities: does (1.2) have a logarithm?
def softmax(Z):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


# %% q1a-softmax · sigmoid
# Applies the sigmoid to every score by itself.
# says: Every score is treated by itself, as a sigmoid does: what do the scores of a row share in (1.2)?
def softmax(Z):
    return 1 / (1 + np.exp(-Z))


# %% q1a-softmax · no-exponentials
# Divides the scores by their sum.
# says: The scores are divided by their sum as they are: what does (1.2) make of them first?
def softmax(Z):
    return Z / Z.sum(axis=1, keepdims=True)


# %% q1a-softmax · winner-takes-all
# Gives probability 1 to the largest score.
# says: The largest score gets all of the probability: what do the other classes get in (1.2)?
def softmax(Z):
    return np.eye(Z.shape[1])[np.argmax(Z, axis=1)]


# %% q1a-softmax · max-in-numerator-only
# Subtracts the maximum above the fraction bar only.
# says: The maximum is subtracted above the fraction bar only: what must happen below it, too?
def softmax(Z):
    return np.exp(Z - Z.max(axis=1, keepdims=True)) / np.exp(Z).sum(axis=1, keepdims=True)


# %% q1a-softmax · max-in-denominator-only
# Subtracts the maximum below the fraction bar only.
# says: The maximum is subtracted below the fraction bar only: what must happen above it, too?
def softmax(Z):
    return np.exp(Z) / np.exp(Z - Z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)


# %% q1a-softmax · divided-by-the-max
# Divides the scores by their maximum.
# says: The scores are divided by their maximum: what may be done to them in (1.2) that changes nothing?
def softmax(Z):
    E = np.exp(Z / Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% q1a-softmax · exponents-negated
# Gives the scores a minus sign in the exponentials.
# says: The exponents have the wrong sign: should a large score make a class likely or unlikely?
def softmax(Z):
    E = np.exp(Z.min(axis=1, keepdims=True) - Z)
    return E / E.sum(axis=1, keepdims=True)


# %% q1a-softmax · powers-of-two
# Uses powers of 2.
# says: These are powers of 2, normalised: what is raised to a score in (1.2)?
def softmax(Z):
    powers = 2 ** (Z - Z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# %% q1a-softmax · mean-for-sum
# Divides by the mean of the exponentials.
# says: Each row is divided by the mean of its exponentials: what stands below the fraction bar in (1.2)?
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.mean(axis=1, keepdims=True)


# %% q1a-softmax · sum-without-itself
# Leaves each class out of its own sum.
# says: Each exponential is divided by the sum of the others: which classes does the sum in (1.2) run over?
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / (E.sum(axis=1, keepdims=True) - E)


# %% q1a-softmax · norm-for-sum
# Divides by the norm of the exponentials.
# says: Each row has length 1, not sum 1: what stands below the fraction bar in (1.2)?
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / np.linalg.norm(E, axis=1, keepdims=True)


# %% q1a-softmax · clipped
# Cuts the scores off at 700.
# says: Scores beyond a bound are all alike here: which difference between them does (1.2) need?
def softmax(Z):
    E = np.exp(np.clip(Z, -700, 700))
    return E / E.sum(axis=1, keepdims=True)


# %% q1a-softmax · epsilon-below
# Adds 1e-6 to the sum.
# says: The rows sum to a little less than 1: what was added below the fraction bar?
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / (E.sum(axis=1, keepdims=True) + 1e-6)


# %% q1a-softmax · rounded
# Rounds the probabilities.
# says: The probabilities have been rounded: who asks for that?
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.round(E / E.sum(axis=1, keepdims=True), 4)


# %% q1a-softmax · largest-size-subtracted
# Subtracts the largest absolute value of the batch.
def softmax(Z):
    E = np.exp(Z - np.abs(Z).max())
    return E / E.sum(axis=1, keepdims=True)
