"""Classic mistakes of the regularised loss: its penalty, and the whole of it written in one piece, with a mistake in it.

Left out: the penalty inside the mean over samples, which is the same function as the penalty over N (tests/submissions/); what is
right but for huge scores or by less than 1e-7 (no shift, a global maximum, 1e-12 in the logarithm, float32), which is the affair
of q1b-cross-entropy alone; data drawn with another seed or scale, which the course draws itself.

loses: q1b-loss
"""


# %% q1b-loss · sum-instead-of-mean
# Adds the losses of the samples up and does not average.
# says: The data term is summed over the samples: what does (1.5) do with that sum?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.sum(losses)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · mean-over-all-entries
# Averages the one-hot product over all N times K entries.
# says: The mean runs over N times K numbers: how many losses are there in a batch?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(log_P * np.eye(Z.shape[1])[y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · over-the-classes
# Divides the sum of the losses by the number of classes.
# says: The sum of the losses is divided by K: what does (1.5) count?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.sum(losses) / Z.shape[1]
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · over-the-features
# Divides the sum of the losses by the number of features.
# says: The sum of the losses is divided by D: which axis of X counts the samples?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.sum(losses) / X.shape[1]
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · over-the-hidden-units
# Divides the sum of the losses by the number of hidden units.
# says: The sum of the losses is divided by H: what does (1.5) count?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.sum(losses) / params["W1"].shape[1]
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · over-n-minus-1
# Divides the sum of the losses by N - 1.
# says: The sum of the losses is divided by N - 1, as a variance may be: what does (1.5) count?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.sum(losses) / (len(y) - 1)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · over-twice-n
# Divides the sum of the losses by 2N.
# says: The data term is half as large as in (1.5): is there a ½ in that formula?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.sum(losses) / (2 * len(y))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · over-n-twice
# Divides the mean by N again.
# says: The data term is divided by N twice: what has the mean done already?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.mean(losses) / len(y)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · last-sample-only
# Keeps the loss of the last sample only, as a loop does that overwrites.
# says: This is the loss of the last sample alone: what became of the others?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = losses[-1]
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · last-sample-over-n
# Divides the loss of the last sample by N.
# says: Only the last sample is in this loss, divided by N: what became of the others?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = losses[-1] / len(y)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · first-sample-only
# Takes the loss of the first sample.
# says: This is the loss of the first sample alone: what became of the others?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = losses[0]
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · last-sample-dropped
# Stops before the last sample.
# says: The last sample is not in this loss: where does the count of samples end?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.sum(losses[:-1]) / len(y)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · median
# Takes the median of the losses.
# says: This is the median of the samples' losses: which average does (1.5) take?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    data_loss = np.median(losses)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · log-of-mean-probability
# Averages the probabilities first and takes the logarithm of the average.
# says: The mean is taken before the logarithm: in which order does (1.5) have the two?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    data_loss = -np.log(np.mean(chosen))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · minus-sign-missing
# Leaves out the minus sign of the cross-entropy.
# says: The data term is negative: which sign does (1.4) start with?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    data_loss = np.mean(np.log(chosen))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · log-missing
# Averages the labels' probabilities, with a minus sign, but without the logarithm.
# says: There is no logarithm in this data term: what is done to the probability in (1.4)?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    data_loss = -np.mean(chosen)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · mean-probability
# Returns the mean probability of the labels.
# says: This is the mean probability of the labels. It grows when the network gets better: what should a loss do?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    data_loss = np.mean(chosen)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · inverse-probability
# Takes the inverse of the probability for its logarithm.
# says: The inverse of the probability is no loss yet: which function stands before it in (1.4)?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    data_loss = np.mean(1 / chosen)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · log-base-2
# Takes the logarithm to base 2.
# says: This is the logarithm to base 2; the loss uses the natural one.
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    data_loss = -np.mean(np.log2(chosen))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · entropy
# Takes the entropy of the probabilities, in which no label occurs.
# says: This is the entropy of the probabilities: where do the labels come in?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(np.sum(np.exp(log_P) * log_P, axis=1))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · weighted-with-probability
# Multiplies the logarithm with the label's probability.
# says: Each logarithm is multiplied by its own probability: what stands before the logarithm in (1.4)?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    chosen = P[np.arange(len(y)), y]
    data_loss = -np.mean(chosen * np.log(chosen))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · binary-cross-entropy
# Adds a binary cross-entropy for every class.
# says: The other classes bring a term of their own, as K yes-or-no questions would: which classes occur in (1.4)?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    targets = np.eye(Z.shape[1])[y]
    data_loss = -np.mean(np.sum(targets * np.log(P) + (1 - targets) * np.log(1 - P), axis=1))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · squared-error
# Uses the squared distance to the one-hot vector.
# says: This is the squared distance to the one-hot vectors: which loss does (1.4) use?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    data_loss = np.mean(np.sum((P - np.eye(Z.shape[1])[y]) ** 2, axis=1))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · half-squared-error
# Uses half the squared distance to the one-hot vector.
# says: This is half the squared distance to the one-hot vectors: which loss does (1.4) use?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    data_loss = np.mean(np.sum((P - np.eye(Z.shape[1])[y]) ** 2, axis=1)) / 2
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · hinge
# Uses the hinge loss on the scores.
# says: This is the hinge loss of a support vector machine: what does (1.4) do with the scores?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    margins = np.maximum(Z - Z[np.arange(len(y)), y][:, None] + 1, 0)
    margins[np.arange(len(y)), y] = 0
    data_loss = np.mean(np.sum(margins, axis=1))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · no-one-hot
# Adds the logarithms of the probabilities of all classes.
# says: The logarithms of all classes are added: which one does (1.4) take?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.sum(log_P) / len(y)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · softmax-over-axis-0
# Normalises the columns of the batch instead of its rows.
# says: Each class is normalised over the samples: what does the sum in (1.4) run over?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    E = np.exp(Z - Z.max(axis=0))
    P = E / E.sum(axis=0)
    data_loss = -np.mean(np.log(P[np.arange(len(y)), y]))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · max-per-column
# Subtracts the maximum of each column.
# says: A column's maximum is subtracted, which changes a row's scores unequally: which constant may be added in (1.2)?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    E = np.exp(Z - Z.max(axis=0))
    P = E / E.sum(axis=1, keepdims=True)
    data_loss = -np.mean(np.log(P[np.arange(len(y)), y]))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · max-in-numerator-only
# Subtracts the maximum from the label's score, but not inside the logarithm of the sum.
# says: The maximum is subtracted above the fraction bar only: what must happen below it, too?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    data_loss = np.mean(np.log(np.exp(Z).sum(axis=1)) - shifted[np.arange(len(y)), y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · max-in-denominator-only
# Subtracts the maximum inside the logarithm of the sum, but not from the label's score.
# says: The maximum is subtracted below the fraction bar only: what must happen above it, too?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    data_loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - Z[np.arange(len(y)), y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · divided-by-the-max
# Divides the scores by their maximum.
# says: The scores are divided by their maximum: what may be done to them in (1.2) that changes nothing?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    scaled = Z / Z.max(axis=1, keepdims=True)
    data_loss = np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(y)), y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · score-alone
# Takes the mean of the labels' scores, which is the logarithm of an exponential that nobody divided.
# says: This is the mean score of the labels, with a minus sign: which term of the quotient in (1.4) is missing?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    data_loss = -np.mean(Z[np.arange(len(y)), y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · label-score-missing
# Leaves out the label's score.
# says: This is the logarithm of the sum alone: which term of the quotient in (1.4) is missing?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    top = Z.max(axis=1)
    data_loss = np.mean(top + np.log(np.exp(Z - top[:, None]).sum(axis=1)))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · sum-without-the-label
# Leaves the label out of the sum over the classes.
# says: The sum runs over the other classes only: which values does j take in (1.4)?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    E = np.exp(shifted)
    E[np.arange(len(y)), y] = 0
    data_loss = np.mean(np.log(E.sum(axis=1)) - shifted[np.arange(len(y)), y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · no-exponentials
# Divides the scores by their sum, without exponentials.
# says: The scores are divided by their sum as they are: what does (1.2) make of them first?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    P = Z / Z.sum(axis=1, keepdims=True)
    data_loss = -np.mean(np.log(P[np.arange(len(y)), y]))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · exponents-negated
# Gives the scores a minus sign in the exponentials.
# says: The exponents have the wrong sign: should a large score make a class likely or unlikely?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z.min(axis=1, keepdims=True) - Z
    data_loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · powers-of-two
# Uses powers of 2 in the softmax.
# says: The softmax is made of powers of 2: what is raised to a score in (1.2)?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    powers = 2 ** (Z - Z.max(axis=1, keepdims=True))
    P = powers / powers.sum(axis=1, keepdims=True)
    data_loss = -np.mean(np.log(P[np.arange(len(y)), y]))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · labels-counted-from-one
# Takes the labels to start at 1.
# says: Each sample is compared with the class before its label: where does NumPy start to count?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(log_P[np.arange(len(y)), y - 1])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · classes-from-the-end
# Counts the classes from the other end.
# says: The classes are counted from the wrong end: which column belongs to label 0?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(log_P[np.arange(len(y)), Z.shape[1] - 1 - y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · class-0-always
# Takes the probability of class 0 for every sample.
# says: Every sample is judged as if its label were 0: where does the index of the label go in (1.4)?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(log_P[:, 0])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · labels-backward
# Reads the labels from the last sample to the first.
# says: The labels are in the order of the samples backward: does row i meet label i?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(log_P[np.arange(len(y)), y[::-1]])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · labels-sorted
# Sorts the labels.
# says: The labels have been sorted, the samples have not: does row i still meet label i?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(log_P[np.arange(len(y)), np.sort(y)])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · label-columns-for-every-row
# Picks the label columns for all rows and averages the N times N block.
# says: Every row is read at the labels of all samples: how many numbers should the indexing pick?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(log_P[:, y])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · label-columns-summed
# Picks the label columns for all rows, adds the N times N block and divides by N.
# says: Every row is read at the labels of all samples, and all of it is added: how many numbers should the indexing pick?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.sum(log_P[:, y]) / len(y)
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · indices-swapped
# Takes the label for the row and the sample for the column.
# says: The label is used as a row and the sample as a column: which axis of the scores counts the samples?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data_loss = -np.mean(log_P[y, np.arange(len(y))])
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · after-the-gradient
# Subtracts the one-hot from the probabilities, and takes the loss afterwards.
# says: The labels' probabilities are negative before the logarithm: was the gradient taken first?
def compute_loss(params, X, y, reg):
    Z = forward(params, X)["Z3"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    data_loss = -np.mean(np.log(P[np.arange(len(y)), y]))
    return data_loss + reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


# %% q1b-loss · only-w2-penalised
# Penalises the second weights only.
# says: Only one of the two weight matrices is penalised: W1 is missing.
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * np.sum(W2**2)


# %% q1b-loss · mean-of-squares
# Averages the squares of the weights.
# says: The squares of the weights are averaged: what does (1.7) do with them?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * (np.mean(W1**2) + np.mean(W2**2))


# %% q1b-loss · square-of-the-sum
# Squares the sum of the weights.
# says: The weights are added first and squared then: in which order does (1.7) have the two?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * (np.sum(W1) ** 2 + np.sum(W2) ** 2)


# %% q1b-loss · square-of-the-sum-of-norms
# Adds the two norms before it squares.
# says: The two norms are added before they are squared: what does (1.6) square?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * (np.linalg.norm(W1) + np.linalg.norm(W2)) ** 2


# %% q1b-loss · product-of-the-norms
# Multiplies the two squared norms.
# says: The two squared norms are multiplied: what stands between them in (1.6)?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * np.sum(W1**2) * np.sum(W2**2)


# %% q1b-loss · sum-of-all-products
# Adds all entries of the product of the weights with their transpose.
# says: All entries of a matrix product are added: which of them are squares, as in (1.7)?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * (np.sum(W1.T @ W1) + np.sum(W2.T @ W2))


# %% q1b-loss · penalty-subtracted
# Subtracts the penalty.
# says: The penalty has the wrong sign: should large weights make the loss smaller?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss - reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · penalty-times-n
# Adds the penalty for each sample and averages the data term only.
# says: The penalty is N times too large: does (1.6) count it once, or once for each sample?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + len(y) * reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · lambda-squared
# Squares λ as well.
# says: λ is squared as well: what does the square in (1.6) belong to?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg**2 * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · lambda-missing
# Adds the squares without λ.
# says: The squares are added in full: which factor of (1.6) is missing?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + np.sum(W1**2) + np.sum(W2**2)


# %% q1b-loss · lambda-on-w1-only
# Multiplies only the first norm by λ.
# says: λ stands before one of the two norms only: what do the brackets in (1.6) hold?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * np.sum(W1**2) + np.sum(W2**2)


# %% q1b-loss · twice-the-penalty
# Doubles the penalty.
# says: The penalty is twice as large as in (1.6): whose derivative has a 2?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + 2 * reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · absolute-values
# Adds the absolute values of the weights.
# says: The absolute values of the weights are added: what does (1.7) do with each entry?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return data_loss + reg * (np.sum(np.abs(W1)) + np.sum(np.abs(W2)))


# %% q1b-loss · whole-loss-negated
# Gives the whole loss a minus sign.
# says: The whole loss has a minus sign: what does it belong to in (1.4)?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return -(data_loss + reg * (np.sum(W1**2) + np.sum(W2**2)))


# %% q1b-loss · penalty-alone
# Returns the penalty alone.
# says: This is the penalty alone: which term of (1.6) is missing?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    return reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · everything-summed
# Adds data term and penalty of every sample and does not average.
# says: Data term and penalty are added up for every sample: what is averaged in (1.6), and what occurs once?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    return len(y) * (data_loss + reg * (np.sum(W1**2) + np.sum(W2**2)))


# %% q1b-loss · relu-missing
# Goes without the ReLU.
# says: The hidden layer has no nonlinearity: what happens to its pre-activations in (1.3)?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = Z2
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · relu-on-output
# Applies the ReLU to the scores as well.
# says: Something is applied to the scores that belongs to the hidden layer: where does (1.3) have the ReLU?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = np.maximum(Z2, 0)
    Z3 = np.maximum(A2 @ W2 + b2, 0)
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · relu-on-output-only
# Applies the ReLU to the scores instead of the hidden layer.
# says: The ReLU sits on the scores and not on the hidden layer: where does (1.3) have it?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = Z2
    Z3 = np.maximum(A2 @ W2 + b2, 0)
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · relu-on-input
# Applies the ReLU to the input instead of the hidden layer.
# says: The ReLU sits on the input and not on the hidden layer: where does (1.3) have it?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = np.maximum(X, 0) @ W1 + b1
    A2 = Z2
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · minimum
# Keeps the negative entries instead of the positive ones.
# says: The hidden layer keeps the negative entries: which of the two cases of (1.1) is which?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = np.minimum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · absolute-value
# Takes absolute values in the hidden layer.
# says: The hidden layer takes absolute values: what becomes of a negative entry in (1.1)?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = np.abs(Z2)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · leaky
# Lets one hundredth of the negative entries through.
# says: A hundredth of each negative entry comes through: what becomes of it in (1.1)?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = np.where(Z2 > 0, Z2, 0.01 * Z2)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · leaky-tenth
# Lets a tenth of the negative entries through.
# says: A tenth of each negative entry comes through: what becomes of it in (1.1)?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = np.where(Z2 > 0, Z2, 0.1 * Z2)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · sigmoid
# Uses the sigmoid in the hidden layer.
# says: The hidden layer has a sigmoid: which function is φ in (1.1)?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = 1 / (1 + np.exp(-Z2))
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · tanh
# Uses the hyperbolic tangent in the hidden layer.
# says: The hidden layer has a hyperbolic tangent: which function is φ in (1.1)?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = np.tanh(Z2)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · softplus
# Uses the softplus in the hidden layer.
# says: The hidden layer has a softplus, the smooth relative of φ: which function is (1.1)?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = np.log1p(np.exp(-np.abs(Z2))) + np.maximum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · step
# Passes on whether an entry is positive, not the entry.
# says: The hidden layer passes on only whether a unit is on: which value does (1.1) pass on?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = (Z2 > 0) * 1.0
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · b1-missing
# Leaves out the first biases in the network.
# says: The first layer has no biases. The toy problem cannot see it, its biases are 0: what is added in (1.3)?
def compute_loss(params, X, y, reg):
    W1, W2, b2 = params["W1"], params["W2"], params["b2"]
    Z2 = X @ W1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · b2-missing
# Leaves out the second biases in the network.
# says: The output layer has no biases. The toy problem cannot see it, its biases are 0: what is added in (1.3)?
def compute_loss(params, X, y, reg):
    W1, b1, W2 = params["W1"], params["b1"], params["W2"]
    Z2 = X @ W1 + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · no-biases
# Leaves out all biases.
# says: There is no bias in either layer. The toy problem cannot see it, its biases are 0: what is added in (1.3)?
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    Z2 = X @ W1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · b1-after-relu
# Adds the first biases after the ReLU.
# says: The first biases are added after the ReLU: on which line of (1.3) do they stand?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1
    A2 = np.maximum(Z2, 0) + b1
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · b2-subtracted
# Subtracts the second biases.
# says: The second biases have the wrong sign: what does (1.3) do with them?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1 + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2 - b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · w1-reshaped
# Transposes the first weights by reshape.
# says: The first weights have been reshaped, which is no transpose: do they not fit as they are?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1.reshape(W1.shape[1], W1.shape[0]).T + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · both-reshaped
# Transposes both weight matrices by reshape.
# says: Both weight matrices have been reshaped, which is no transpose: do they not fit as they are?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1.reshape(W1.shape[1], W1.shape[0]).T + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2.reshape(W2.shape[1], W2.shape[0]).T + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · x-reshaped
# Transposes the input by reshape.
# says: The input has been reshaped, which mixes the samples: is one row still one sample?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X.reshape(X.shape[1], X.shape[0]).T @ W1 + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · w1-transposed
# Transposes the first weights, as the sheet has them.
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1.T + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · both-transposed
# Transposes both weight matrices, as the sheet has them.
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W1.T + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2.T + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · layers-swapped
# Uses the second layer first.
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X @ W2 + b2
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W1 + b1
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · x-over-255
# Divides the input by 255, as one does with images.
# says: The input is divided by 255, as one does with the pixels of an image: does (1.3) scale x?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X / 255 @ W1 + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · x-centred
# Subtracts the mean of each feature from the input.
# says: Each feature's mean over the batch is subtracted: does (1.3) change x, and does one sample depend on the others?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = (X - X.mean(axis=0)) @ W1 + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))


# %% q1b-loss · x-as-integers
# Turns the input into integers.
# says: The input has been cut to whole numbers: which dtype has X?
def compute_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z2 = X.astype(int) @ W1 + b1
    A2 = np.maximum(Z2, 0)
    Z3 = A2 @ W2 + b2
    return cross_entropy(Z3, y) + reg * (np.sum(W1**2) + np.sum(W2**2))
