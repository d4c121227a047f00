"""Classic mistakes of the gradient of a layer's weights.

Without the penalty, half of it, over N, transposed or reshaped: tests/submissions/weights-*.py.

loses: q2b-weights
"""


# %% q2b-weights · twice-the-penalty
# Puts a 4 before the penalty.
# says: The penalty term is twice what it should be: what is the derivative of a square?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + 4 * reg * W


# %% q2b-weights · penalty-times-n
# Adds the penalty once for each sample.
# says: The penalty term is N times too large: how often does (2.8) add it?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + 2 * reg * len(A) * W


# %% q2b-weights · lambda-missing
# Leaves λ out.
# says: The penalty term is there in full: which factor of (2.8) is missing?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + 2 * W


# %% q2b-weights · squared-weights
# Keeps the square in the derivative.
# says: The penalty term still has its square: what is the derivative of a square?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + 2 * reg * W**2


# %% q2b-weights · absolute-weights
# Takes the size of the weights in the penalty.
# says: The penalty term has lost the sign of the weights: which way does a negative weight go?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + 2 * reg * np.abs(W)


# %% q2b-weights · sign-of-weights
# Takes the sign of the weights in the penalty.
# says: The penalty term has only the signs of the weights: which penalty has that derivative?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + 2 * reg * np.sign(W)


# %% q2b-weights · penalty-subtracted
# Subtracts the penalty.
# says: The penalty term has the wrong sign: which sign does it have in (2.8)?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ - 2 * reg * W


# %% q2b-weights · penalty-as-number
# Adds the penalty itself, a number, to every entry.
# says: The same number is added to every entry: is that the penalty, or its derivative?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + reg * np.sum(W**2)


# %% q2b-weights · sum-of-weights
# Adds the sum of the weights to every entry.
# says: The same number is added to every entry: what is the derivative of the penalty for one weight?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ + 2 * reg * np.sum(W)


# %% q2b-weights · over-n-again
# Divides by the number of samples again.
# says: It is divided by N: what does the error signal bring along already?
def weight_gradient(A, dZ, W, reg):
    return A.T @ dZ / len(A) + 2 * reg * W


# %% q2b-weights · last-sample-only
# Keeps the last sample only, as a loop does that overwrites.
# says: Only the last sample is in this product: what became of the others?
def weight_gradient(A, dZ, W, reg):
    return np.outer(A[-1], dZ[-1]) + 2 * reg * W


# %% q2b-weights · penalty-only
# Returns the penalty term alone.
# says: Every entry is 0.
def weight_gradient(A, dZ, W, reg):
    return 2 * reg * W


# %% q2b-weights · sign-flipped
# Gives the data term a minus sign.
# says: The data term has the wrong sign: is it the gradient or the step that goes down?
def weight_gradient(A, dZ, W, reg):
    return -A.T @ dZ + 2 * reg * W


# %% q2b-weights · rows-backward
# Takes the samples from the last to the first.
# says: The errors are in the order of the samples backward: does row i meet row i?
def weight_gradient(A, dZ, W, reg):
    return A[::-1].T @ dZ + 2 * reg * W


# %% q2b-weights · input-reshaped
# Transposes the layer's input by reshape.
# says: The input has been reshaped, which is no transpose: what does (2.10) do with it?
def weight_gradient(A, dZ, W, reg):
    return A.reshape(A.shape[1], A.shape[0]) @ dZ + 2 * reg * W


# %% q2b-weights · summed-before-product
# Adds up the input and the errors and multiplies the two sums.
# says: The samples were added up before the product: which sum does (2.7) have, and of what?
def weight_gradient(A, dZ, W, reg):
    return np.outer(A.sum(axis=0), dZ.sum(axis=0)) + 2 * reg * W


# %% q2b-weights · penalty-in-the-error
# Multiplies everything by 2λ.
# says: Every entry is 0.
def weight_gradient(A, dZ, W, reg):
    return 2 * reg * (A.T @ dZ + W)
