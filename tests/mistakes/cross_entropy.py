"""Classic mistakes of the cross-entropy: averages, logarithms, normalisation, labels.

Float32, a global maximum, 1e-8 before the logarithm and others are planted submissions of their own (tests/submissions/loss-*.py).
Left out: the loss as log K for any scores (nobody writes it; what leads there is a mistake of the network), and "the mean
subtracted for the maximum" on small scores, which is the same function there.

loses: q1b-cross-entropy
"""


# %% q1b-cross-entropy · over-the-classes
# Divides the sum of the losses by the number of classes.
# says: The sum of the losses is divided by K: what does (1.5) count?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return np.sum(losses) / Z.shape[1]


# %% q1b-cross-entropy · over-n-minus-1
# Divides the sum of the losses by N - 1.
# says: The sum of the losses is divided by N - 1, as a variance may be: what does (1.5) count?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return np.sum(losses) / (len(y) - 1)


# %% q1b-cross-entropy · over-twice-n
# Divides the sum of the losses by 2N.
# says: The data term is half as large as in (1.5): is there a ½ in that formula?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return np.sum(losses) / (2 * len(y))


# %% q1b-cross-entropy · over-n-twice
# Divides the mean by N again.
# says: The data term is divided by N twice: what has the mean done already?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return np.mean(losses) / len(y)


# %% q1b-cross-entropy · last-sample-only
# Keeps the loss of the last sample only, as a loop does that overwrites.
# says: This is the loss of the last sample alone: what became of the others?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return losses[-1]


# %% q1b-cross-entropy · last-sample-over-n
# Divides the loss of the last sample by N.
# says: Only the last sample is in this loss, divided by N: what became of the others?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return losses[-1] / len(y)


# %% q1b-cross-entropy · first-sample-only
# Takes the loss of the first sample.
# says: This is the loss of the first sample alone: what became of the others?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return losses[0]


# %% q1b-cross-entropy · last-sample-dropped
# Stops before the last sample.
# says: The last sample is not in this loss: where does the count of samples end?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return np.sum(losses[:-1]) / len(y)


# %% q1b-cross-entropy · median
# Takes the median of the losses.
# says: This is the median of the samples' losses: which average does (1.5) take?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return np.median(losses)


# %% q1b-cross-entropy · log-missing
# Averages the labels' probabilities, with a minus sign, but without the logarithm.
# says: There is no logarithm in this data term: what is done to the probability in (1.4)?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    return -np.mean(chosen)


# %% q1b-cross-entropy · mean-probability
# Returns the mean probability of the labels.
# says: This is the mean probability of the labels. It grows when the network gets better: what should a loss do?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    return np.mean(chosen)


# %% q1b-cross-entropy · inverse-probability
# Takes the inverse of the probability for its logarithm.
# says: The inverse of the probability is no loss yet: which function stands before it in (1.4)?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    return np.mean(1 / chosen)


# %% q1b-cross-entropy · entropy
# Takes the entropy of the probabilities, in which no label occurs.
# says: This is the entropy of the probabilities: where do the labels come in?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(np.sum(np.exp(log_P) * log_P, axis=1))


# %% q1b-cross-entropy · weighted-with-probability
# Multiplies the logarithm with the label's probability.
# says: Each logarithm is multiplied by its own probability: what stands before the logarithm in (1.4)?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    return -np.mean(chosen * np.log(chosen))


# %% q1b-cross-entropy · binary-cross-entropy
# Adds a binary cross-entropy for every class.
# says: The other classes bring a term of their own, as K yes-or-no questions would: which classes occur in (1.4)?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    targets = np.eye(Z.shape[1])[y]
    return -np.mean(np.sum(targets * np.log(P) + (1 - targets) * np.log(1 - P), axis=1))


# %% q1b-cross-entropy · half-squared-error
# Uses half the squared distance to the one-hot vector.
# says: This is half the squared distance to the one-hot vectors: which loss does (1.4) use?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    return np.mean(np.sum((P - np.eye(Z.shape[1])[y]) ** 2, axis=1)) / 2


# %% q1b-cross-entropy · hinge
# Uses the hinge loss on the scores.
# says: This is the hinge loss of a support vector machine: what does (1.4) do with the scores?
def cross_entropy(Z, y):
    margins = np.maximum(Z - Z[np.arange(len(y)), y][:, None] + 1, 0)
    margins[np.arange(len(y)), y] = 0
    return np.mean(np.sum(margins, axis=1))


# %% q1b-cross-entropy · softmax-over-axis-0
# Normalises the columns of the batch instead of its rows.
# says: Each class is normalised over the samples: what does the sum in (1.4) run over?
def cross_entropy(Z, y):
    E = np.exp(Z - Z.max(axis=0))
    P = E / E.sum(axis=0)
    return -np.mean(np.log(P[np.arange(len(y)), y]))


# %% q1b-cross-entropy · max-per-column
# Subtracts the maximum of each column.
# says: A column's maximum is subtracted, which changes a row's scores unequally: which constant may be added in (1.2)?
def cross_entropy(Z, y):
    E = np.exp(Z - Z.max(axis=0))
    P = E / E.sum(axis=1, keepdims=True)
    return -np.mean(np.log(P[np.arange(len(y)), y]))


# %% q1b-cross-entropy · max-in-numerator-only
# Subtracts the maximum from the label's score, but not inside the logarithm of the sum.
# says: The maximum is subtracted above the fraction bar only: what must happen below it, too?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - shifted[np.arange(len(y)), y])


# %% q1b-cross-entropy · divided-by-the-max
# Divides the scores by their maximum.
# says: The scores are divided by their maximum: what may be done to them in (1.2) that changes nothing?
def cross_entropy(Z, y):
    scaled = Z / Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(y)), y])


# %% q1b-cross-entropy · softmax-first
# Applies the softmax before the cross-entropy, which has it inside.
# says: The softmax is applied twice: does (1.5) take scores or probabilities?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(P).sum(axis=1)) - P[np.arange(len(y)), y])


# %% q1b-cross-entropy · score-alone
# Takes the mean of the labels' scores, which is the logarithm of an exponential that nobody divided.
# says: This is the mean score of the labels, with a minus sign: which term of the quotient in (1.4) is missing?
def cross_entropy(Z, y):
    return -np.mean(Z[np.arange(len(y)), y])


# %% q1b-cross-entropy · label-score-missing
# Leaves out the label's score.
# says: This is the logarithm of the sum alone: which term of the quotient in (1.4) is missing?
def cross_entropy(Z, y):
    top = Z.max(axis=1)
    return np.mean(top + np.log(np.exp(Z - top[:, None]).sum(axis=1)))


# %% q1b-cross-entropy · sum-without-the-label
# Leaves the label out of the sum over the classes.
# says: The sum runs over the other classes only: which values does j take in (1.4)?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    E = np.exp(shifted)
    E[np.arange(len(y)), y] = 0
    return np.mean(np.log(E.sum(axis=1)) - shifted[np.arange(len(y)), y])


# %% q1b-cross-entropy · no-exponentials
# Divides the scores by their sum, without exponentials.
# says: The scores are divided by their sum as they are: what does (1.2) make of them first?
def cross_entropy(Z, y):
    P = Z / Z.sum(axis=1, keepdims=True)
    return -np.mean(np.log(P[np.arange(len(y)), y]))


# %% q1b-cross-entropy · exponents-negated
# Gives the scores a minus sign in the exponentials.
# says: The exponents have the wrong sign: should a large score make a class likely or unlikely?
def cross_entropy(Z, y):
    shifted = Z.min(axis=1, keepdims=True) - Z
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y])


# %% q1b-cross-entropy · powers-of-two
# Uses powers of 2 in the softmax.
# says: The softmax is made of powers of 2: what is raised to a score in (1.2)?
def cross_entropy(Z, y):
    powers = 2 ** (Z - Z.max(axis=1, keepdims=True))
    P = powers / powers.sum(axis=1, keepdims=True)
    return -np.mean(np.log(P[np.arange(len(y)), y]))


# %% q1b-cross-entropy · classes-from-the-end
# Counts the classes from the other end.
# says: The classes are counted from the wrong end: which column belongs to label 0?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_P[np.arange(len(y)), Z.shape[1] - 1 - y])


# %% q1b-cross-entropy · class-0-always
# Takes the probability of class 0 for every sample.
# says: Every sample is judged as if its label were 0: where does the index of the label go in (1.4)?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_P[:, 0])


# %% q1b-cross-entropy · labels-backward
# Reads the labels from the last sample to the first.
# says: The labels are in the order of the samples backward: does row i meet label i?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_P[np.arange(len(y)), y[::-1]])


# %% q1b-cross-entropy · labels-sorted
# Sorts the labels.
# says: The labels have been sorted, the samples have not: does row i still meet label i?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_P[np.arange(len(y)), np.sort(y)])


# %% q1b-cross-entropy · label-columns-summed
# Picks the label columns for all rows, adds the N times N block and divides by N.
# says: Every row is read at the labels of all samples, and all of it is added: how many numbers should the indexing pick?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(log_P[:, y]) / len(y)


# %% q1b-cross-entropy · indices-swapped
# Takes the label for the row and the sample for the column.
# says: The label is used as a row and the sample as a column: which axis of the scores counts the samples?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_P[y, np.arange(len(y))])


# %% q1b-cross-entropy · after-the-gradient
# Subtracts the one-hot from the probabilities, and takes the loss afterwards.
# says: The labels' probabilities are negative before the logarithm: was the gradient taken first?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return -np.mean(np.log(P[np.arange(len(y)), y]))


# %% q1b-cross-entropy · tiny-epsilon
# Adds 1e-12 to the probabilities before the logarithm.
# says: Something small is added before the logarithm, so that a very wrong answer costs too little. Which logarithm simplifies?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    return -np.mean(np.log(P[np.arange(len(y)), y] + 1e-12))


# %% q1b-cross-entropy · clipped
# Clips the probabilities before the logarithm.
# says: A very unlikely label should cost as much as its score says: what has cut the probability off?
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    return -np.mean(np.log(np.clip(P[np.arange(len(y)), y], 1e-15, 1.0)))


# %% q1b-cross-entropy · no-shift
# Takes the exponentials of the scores as they are.
# says: An exponential overflows: which constant, subtracted from a row, keeps every one of them small?
def cross_entropy(Z, y):
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(y)), y])
