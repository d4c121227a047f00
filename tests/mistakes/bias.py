"""Classic mistakes of a bias's gradient.

The mean, the last sample only and the sum over the units: tests/submissions/bias-*.py.

loses: q2c-bias
"""


# %% q2c-bias · one-number
# Sums over everything and gives each bias the same number.
# says: Every bias gets the same number, the sum over everything: what does a bias belong to?
def bias_gradient(dZ):
    return np.full(dZ.shape[1], np.sum(dZ))


# %% q2c-bias · a-single-number
# Sums over everything.
# says: The sum over everything is one number: how many biases are there?
def bias_gradient(dZ):
    return np.sum(dZ)


# %% q2c-bias · zero
# Returns zeros.
# says: Every entry is 0.
def bias_gradient(dZ):
    return np.zeros(dZ.shape[1])


# %% q2c-bias · a-row
# Keeps the axis of the samples.
# says: The gradient has two axes: which shape has the bias?
def bias_gradient(dZ):
    return dZ.sum(axis=0, keepdims=True)


# %% q2c-bias · first-sample-only
# Takes the first sample only.
# says: This is the first sample alone: which samples share the bias?
def bias_gradient(dZ):
    return dZ[0]


# %% q2c-bias · not-summed
# Does not sum at all.
# says: There is one row for each sample: which samples share the bias?
def bias_gradient(dZ):
    return dZ.copy()


# %% q2c-bias · sign-flipped
# Gives the sum a minus sign.
# says: The gradient has the wrong sign: is it the gradient or the step that goes down?
def bias_gradient(dZ):
    return -dZ.sum(axis=0)


# %% q2c-bias · absolute-values
# Sums the sizes.
# says: The errors have lost their sign: may they not cancel?
def bias_gradient(dZ):
    return np.abs(dZ).sum(axis=0)


# %% q2c-bias · squares
# Sums the squares.
# says: The errors are squared: what is the derivative of Z for its bias?
def bias_gradient(dZ):
    return (dZ**2).sum(axis=0)


# %% q2c-bias · last-sample-dropped
# Stops before the last sample.
# says: The last sample is missing: where does the count of samples end?
def bias_gradient(dZ):
    return dZ[:-1].sum(axis=0)


# %% q2c-bias · maximum
# Takes the largest error.
# says: This is the largest error of each unit: what do all samples do to one bias together?
def bias_gradient(dZ):
    return dZ.max(axis=0)
