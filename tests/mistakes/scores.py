"""Classic mistakes of the gradient at the scores.

Without the one-hot vectors, with them in every row, not over N, with the sign flipped and others: tests/submissions/scores-*.py. What
needs the scores themselves is in backward.py: q2a-scores is given probabilities only.

loses: q2a-scores
"""


# %% q2a-scores · one-hot-added
# Adds the one-hot vectors.
# says: The one-hot vectors are added: which sign do they have in (2.5)?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return (P + one_hot) / len(y)


# %% q2a-scores · softmax-dropped
# Keeps the one-hot vectors alone.
# says: Only the one-hot vectors are left: which of the two terms of (2.5) is missing?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return -one_hot / len(y)


# %% q2a-scores · true-class-only
# Keeps only the entry of the label.
# says: All entries but the label's are 0: which scores does a probability depend on?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return one_hot * (P - 1) / len(y)


# %% q2a-scores · other-classes-only
# Keeps only the entries of the other classes.
# says: The entry of the label is 0: is the right score of no account?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return (1 - one_hot) * P / len(y)


# %% q2a-scores · jacobian-again
# Multiplies by the whole softmax Jacobian once more.
# says: The softmax Jacobian is applied once more: what does (2.5) contain already?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    delta = P - one_hot
    return P * (delta - np.sum(P * delta, axis=1, keepdims=True)) / len(y)


# %% q2a-scores · jacobian-missing
# Takes the derivative of the logarithm alone.
# says: This is the derivative at the probabilities: which step leads from there to the scores?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return -one_hot / P / len(y)


# %% q2a-scores · softmax-over-axis-0
# Normalises the columns before it subtracts.
# says: The columns have been normalised over the samples: are these still probabilities of classes?
def scores_gradient(P, y):
    P = P / P.sum(axis=0)
    one_hot = np.eye(P.shape[1])[y]
    return (P - one_hot) / len(y)


# %% q2a-scores · most-likely-class
# Subtracts 1 from the largest probability.
# says: The 1 goes to the most likely class: which class does (2.6) choose?
def scores_gradient(P, y):
    dZ3 = P.copy()
    dZ3[np.arange(len(y)), P.argmax(axis=1)] -= 1
    return dZ3 / len(y)


# %% q2a-scores · labels-counted-from-one
# Takes the labels to start at 1.
# says: The 1 goes to the class before the label: where does NumPy start to count?
def scores_gradient(P, y):
    dZ3 = P.copy()
    dZ3[np.arange(len(y)), y - 1] -= 1
    return dZ3 / len(y)


# %% q2a-scores · label-after
# Takes the class after the label.
# says: The 1 goes to the class after the label: which column belongs to label 0?
def scores_gradient(P, y):
    dZ3 = P.copy()
    dZ3[np.arange(len(y)), (y + 1) % P.shape[1]] -= 1
    return dZ3 / len(y)


# %% q2a-scores · factor-2
# Puts a 2 in front, as for a squared error.
# says: There is a 2 in front, as if an error had been squared: does (1.4) have a square?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return 2 * (P - one_hot) / len(y)


# %% q2a-scores · squared-error
# Takes the gradient of a squared error through the softmax.
# says: This is the gradient of a squared error: which loss does (1.4) use?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    delta = 2 * (P - one_hot)
    return P * (delta - np.sum(P * delta, axis=1, keepdims=True)) / len(y)


# %% q2a-scores · over-probabilities
# Divides by the probabilities.
# says: The differences are divided by the probabilities: does (2.5) have a quotient?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return (P - one_hot) / P / len(y)


# %% q2a-scores · softmax-not-over-n
# Divides only the one-hot vectors by N.
# says: Only the one-hot vectors are divided by N: what do the brackets in (2.5) hold?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return P - one_hot / len(y)


# %% q2a-scores · over-n-twice
# Divides by N twice.
# says: It is divided by N twice: how often does (2.5) have it?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return (P - one_hot) / len(y) / len(y)


# %% q2a-scores · over-k
# Divides by the number of classes.
# says: It is divided by K: what does (2.5) count?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return (P - one_hot) / P.shape[1]


# %% q2a-scores · over-all-entries
# Divides by the number of all entries.
# says: It is divided by N times K: what does (2.5) count?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return (P - one_hot) / P.size


# %% q2a-scores · transposed-one-hot
# Counts the samples where it should count the classes.
# says: The 1 goes to row y of column i: which axis counts the samples?
def scores_gradient(P, y):
    dZ3 = P.copy()
    dZ3[y % len(y), np.arange(len(y))] -= 1
    return dZ3 / len(y)


# %% q2a-scores · logarithm
# Takes the logarithm of the probabilities.
# says: These are logarithms of probabilities: what is left of the logarithm after the derivative?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return (np.log(P) - one_hot) / len(y)


# %% q2a-scores · clipped
# Clips the error signal to small values.
# says: Large entries are cut off: does (2.5) have a bound?
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return np.clip(P - one_hot, -0.5, 0.5) / len(y)
