"""Classic mistakes of the backward pass, each in a whole that is right otherwise.

Some others are planted submissions of their own (tests/submissions/backward-*.py). Left out, as they keep their marks rightly: the
mask from A2 > 0 (the same function) and Z2 >= 0 (a convention at the kink). The same function as another here: the whole gradient with
its penalty over N (the penalty over N), the mask A2 >= 0 (no mask), the error of the first layer added up without W2 (the first layer
has only its penalty left: each row of P - one-hot sums to 0). Numerical gradients are refused by their names (tests/submissions/), float32
by its dtype. Where shapes do not fit (a mask of Z3 or X, the wrong penalty matrix, W2 not transposed), NumPy says so, and where.

loses: q2d-backward
"""


# %% q2d-backward · penalty-missing
# Leaves out the penalty of both weights.
# says: No weight has a penalty term: which part of (1.6) has no gradient here?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2,
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3,
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · half-penalty
# Forgets the 2 of the derivative of the square.
# says: The penalty terms are half of what they should be: what is the derivative of a square?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2 + reg * params["W1"],
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 + reg * params["W2"],
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · twice-the-penalty
# Puts a 4 before the penalty.
# says: The penalty terms are twice what they should be: what is the derivative of a square?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2 + 4 * reg * params["W1"],
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 + 4 * reg * params["W2"],
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · penalty-of-w2-missing
# Leaves out the penalty of the second weights.
# says: The second weights have no penalty term: which weights does (1.6) penalise?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3,
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · half-penalty-of-w2
# Forgets the 2 in the gradient of the second weights.
# says: Only the penalty term of the second weights is half of what it should be: what is different there?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 + reg * params["W2"],
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · penalty-over-n
# Divides the penalty by N.
# says: The penalty terms are divided by N: is the penalty inside the mean of (1.5)?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2 + 2 * reg * params["W1"] / len(y),
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 + 2 * reg * params["W2"] / len(y),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · penalty-times-n
# Adds the penalty once for each sample.
# says: The penalty terms are N times too large: how often does (2.8) add them?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2 + 2 * reg * len(y) * params["W1"],
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 + 2 * reg * len(y) * params["W2"],
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · lambda-missing
# Leaves λ out of the penalty.
# says: The penalty terms are there in full: which factor of (2.8) is missing?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2 + 2 * params["W1"],
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 + 2 * params["W2"],
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · squared-weights
# Keeps the square in the derivative.
# says: The penalty terms still have their squares: what is the derivative of a square?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2 + 2 * reg * params["W1"] ** 2,
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 + 2 * reg * params["W2"] ** 2,
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · absolute-weights
# Takes the size of the weights in the penalty.
# says: The penalty terms have lost the sign of the weights: which way does a negative weight go?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2 + 2 * reg * np.abs(params["W1"]),
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 + 2 * reg * np.abs(params["W2"]),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · penalty-subtracted
# Subtracts the penalty.
# says: The penalty terms have the wrong sign: which sign do they have in (2.8)?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["X"].T @ dZ2 - 2 * reg * params["W1"],
        "b1": bias_gradient(dZ2),
        "W2": cache["A2"].T @ dZ3 - 2 * reg * params["W2"],
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · b1-penalised-with-w2
# Adds a penalty with the second weights to the first biases, as a report did.
# says: The first biases got a penalty, and with it the shape of a matrix: does (1.6) depend on them?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2) + 2 * reg * params["W2"].T,
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · over-n-twice-with-penalty
# Divides everything by N again, the penalty too.
# says: The whole gradient, with its penalty, is divided by N once too often: where is the one division of (2.5)?
def backward(params, cache, y, reg):
    N = len(y)
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg) / N,
        "b1": bias_gradient(dZ2) / N,
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg) / N,
        "b2": bias_gradient(dZ3) / N,
    }


# %% q2d-backward · over-n-twice
# Divides by N again.
# says: The data term is divided by N twice: where is the one division of (2.5)?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · over-k
# Divides by the number of classes instead of samples.
# says: The sum is divided by K: what does (2.5) count?
def backward(params, cache, y, reg):
    one_hot = np.eye(cache["P"].shape[1])[y]
    dZ3 = (cache["P"] - one_hot) / cache["P"].shape[1]
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · over-n-times-k
# Divides by the number of all entries.
# says: The sum is divided by N times K: what does (2.5) count?
def backward(params, cache, y, reg):
    one_hot = np.eye(cache["P"].shape[1])[y]
    dZ3 = (cache["P"] - one_hot) / cache["P"].size
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · not-over-n
# Leaves out the division by N everywhere.
# says: Nothing is divided by N: which factor of (2.5) is missing?
def backward(params, cache, y, reg):
    one_hot = np.eye(cache["P"].shape[1])[y]
    dZ3 = cache["P"] - one_hot
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · not-over-n-in-w2
# Leaves out the division by N in the gradient of the second weights.
# says: In the second weights the data term is N times too large: does their error signal still have its mean?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], len(y) * dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · not-over-n-in-w1
# Leaves out the division by N in the gradient of the first weights.
# says: In the first weights alone the data term is N times too large: does their error signal still have its mean?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], len(y) * dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · not-over-n-in-biases
# Leaves out the division by N in both bias gradients.
# says: The bias gradients are N times too large: does their error signal still have its mean?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": len(y) * bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": len(y) * bias_gradient(dZ3),
    }


# %% q2d-backward · not-over-n-in-weights
# Leaves out the division by N in both weight gradients.
# says: In both weights the data term is N times too large, in the biases not: what is different?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], len(y) * dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], len(y) * dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · over-n-again-on-the-way-down
# Divides by N once more on the way to the first layer.
# says: The first layer is divided by N twice: what does its error signal bring along already?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"]) / len(y)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · biases-averaged
# Averages the bias gradients over the samples.
# says: The bias gradients are divided by N once too often: where is the one division of (2.5)?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": np.mean(dZ2, axis=0),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": np.mean(dZ3, axis=0),
    }


# %% q2d-backward · biases-axis-1
# Sums the bias gradients over the units.
# says: One bias gradient has an entry for each sample: what does a bias belong to?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": np.sum(dZ2, axis=1),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": np.sum(dZ3, axis=1),
    }


# %% q2d-backward · biases-one-number
# Sums the bias gradients over everything.
# says: Every bias gets the same number, the sum over everything: what does a bias belong to?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": np.full(dZ2.shape[1], np.sum(dZ2)),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": np.full(dZ3.shape[1], np.sum(dZ3)),
    }


# %% q2d-backward · biases-of-the-last-sample
# Keeps the last sample's bias gradients only, as a loop does that overwrites.
# says: The bias gradients are those of the last sample: what became of the others?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": dZ2[-1],
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": dZ3[-1],
    }


# %% q2d-backward · b2-averaged
# Averages the gradient of the second biases only.
# says: The second biases are divided by N once too often, the first ones not: what is different?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": np.mean(dZ3, axis=0),
    }


# %% q2d-backward · biases-zero
# Takes the gradients of the biases to be 0.
# says: Every entry is 0.
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": np.zeros_like(params["b1"]),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": np.zeros_like(params["b2"]),
    }


# %% q2d-backward · biases-as-rows
# Keeps the bias gradients as matrices of one row.
# says: A bias gradient has two axes: which shape has the bias?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": np.sum(dZ2, axis=0, keepdims=True),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": np.sum(dZ3, axis=0, keepdims=True),
    }


# %% q2d-backward · last-sample-weights
# Takes everything from the last sample, as a loop does that overwrites.
# says: Only the last sample contributes to the data term: what became of the others?
def backward(params, cache, y, reg):
    one_hot = np.eye(cache["P"].shape[1])[y]
    dZ3 = np.zeros_like(cache["P"])
    dZ3[-1] = (cache["P"] - one_hot)[-1] / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · one-hot-missing
# Does not subtract the one-hot vectors.
# says: The labels do not occur in this error signal: which of the two terms of (2.5) is missing?
def backward(params, cache, y, reg):
    dZ3 = cache["P"] / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · one-hot-added
# Adds the one-hot vectors.
# says: The one-hot vectors are added: which sign do they have in (2.5)?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = (P + one_hot) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · softmax-dropped
# Keeps the one-hot vectors alone.
# says: Only the one-hot vectors are left: which of the two terms of (2.5) is missing?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = -one_hot / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · sign-flipped
# Subtracts the probabilities from the one-hot vectors.
# says: The error signal has the wrong sign: which of the two terms of (2.5) comes first?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = (one_hot - P) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · true-class-only
# Keeps only the entry of the label.
# says: All entries but the label's are 0: which scores does a probability depend on?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = one_hot * (P - 1) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · other-classes-only
# Keeps only the entries of the other classes.
# says: The entry of the label is 0: is the right score of no account?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = (1 - one_hot) * P / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · jacobian-diagonal-again
# Multiplies by the diagonal of the softmax Jacobian once more.
# says: The derivative of the softmax is applied once more: what does (2.5) contain already?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = P * (1 - P) * (P - one_hot) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · jacobian-again
# Multiplies by the whole softmax Jacobian once more.
# says: The softmax Jacobian is applied once more: what does (2.5) contain already?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    delta = P - one_hot
    dZ3 = P * (delta - np.sum(P * delta, axis=1, keepdims=True)) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · jacobian-missing
# Takes the derivative of the logarithm alone.
# says: This is the derivative at the probabilities: which step leads from there to the scores?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = -one_hot / P / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · label-columns-for-every-row
# Subtracts 1 in the label columns of all rows.
# says: The label columns are changed in every row: how many entries should the indexing pick?
def backward(params, cache, y, reg):
    P = cache["P"]
    dZ3 = P.copy()
    dZ3[:, y] -= 1
    dZ3 = dZ3 / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · most-likely-class
# Subtracts 1 from the largest probability.
# says: The 1 goes to the most likely class: which class does (2.6) choose?
def backward(params, cache, y, reg):
    P = cache["P"]
    dZ3 = P.copy()
    dZ3[np.arange(len(y)), P.argmax(axis=1)] -= 1
    dZ3 = dZ3 / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · labels-counted-from-one
# Takes the labels to start at 1.
# says: The 1 goes to the class before the label: where does NumPy start to count?
def backward(params, cache, y, reg):
    P = cache["P"]
    dZ3 = P.copy()
    dZ3[np.arange(len(y)), y - 1] -= 1
    dZ3 = dZ3 / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · label-after
# Takes the class after the label.
# says: The 1 goes to the class after the label: which column belongs to label 0?
def backward(params, cache, y, reg):
    P = cache["P"]
    dZ3 = P.copy()
    dZ3[np.arange(len(y)), (y + 1) % P.shape[1]] -= 1
    dZ3 = dZ3 / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · factor-2
# Puts a 2 in front, as for a squared error.
# says: There is a 2 in front, as if an error had been squared: does (1.4) have a square?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = 2 * (P - one_hot) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · squared-error
# Takes the gradient of a squared error through the softmax.
# says: This is the gradient of a squared error: which loss does (1.4) use?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    delta = 2 * (P - one_hot)
    dZ3 = P * (delta - np.sum(P * delta, axis=1, keepdims=True)) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · over-probabilities
# Divides by the probabilities.
# says: The differences are divided by the probabilities: does (2.5) have a quotient?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = (P - one_hot) / P / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · softmax-not-over-n
# Divides only the one-hot vectors by N.
# says: Only the one-hot vectors are divided by N: what do the brackets in (2.5) hold?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = P - one_hot / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · one-hot-not-over-n
# Divides the probabilities by N before it subtracts the one-hot vectors.
# says: Only the probabilities are divided by N: what do the brackets in (2.5) hold?
def backward(params, cache, y, reg):
    P = cache["P"]
    one_hot = np.eye(P.shape[1])[y]
    dZ3 = P / len(y) - one_hot
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · scores-for-probabilities
# Takes the scores for the probabilities.
# says: The scores stand where the probabilities belong: what does ψ do in (2.5)?
def backward(params, cache, y, reg):
    one_hot = np.eye(cache["P"].shape[1])[y]
    dZ3 = (cache["Z3"] - one_hot) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · exponentials-for-probabilities
# Takes the exponentials of the scores for the probabilities.
# says: The exponentials are not normalised: what does ψ do in (2.5)?
def backward(params, cache, y, reg):
    one_hot = np.eye(cache["P"].shape[1])[y]
    dZ3 = (np.exp(cache["Z3"]) - one_hot) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · columns-normalised
# Computes the softmax anew, over the wrong axis.
# says: The softmax is taken over the samples here: which axis counts the classes?
def backward(params, cache, y, reg):
    E = np.exp(cache["Z3"] - cache["Z3"].max(axis=0))
    one_hot = np.eye(E.shape[1])[y]
    dZ3 = (E / E.sum(axis=0) - one_hot) / len(y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · relu-on-output
# Masks the scores as well.
# says: A mask sits on the scores: where does (1.3) have the ReLU?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y) * (cache["Z3"] > 0)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · mask-missing
# Does not go through the ReLU.
# says: No unit blocks the error signal: which factor does the ReLU bring on the way back?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = dZ3 @ params["W2"].T
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · times-activations
# Multiplies by the activations instead of the mask.
# says: The error signal is multiplied by the activations: what is the derivative of φ in (1.1)?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * cache["A2"]
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · times-pre-activations
# Multiplies by the pre-activations.
# says: The error signal is multiplied by the pre-activations: what is the derivative of φ in (1.1)?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * cache["Z2"]
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · sigmoid-of-activations
# Uses the derivative of the sigmoid, with the activations.
# says: This is the derivative of a sigmoid: which function is φ in (1.1)?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * cache["A2"] * (1 - cache["A2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · sigmoid-of-pre-activations
# Uses the derivative of the sigmoid of the pre-activations.
# says: This is the derivative of a sigmoid of the pre-activations: which function is φ in (1.1)?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    slopes = 1 / (1 + np.exp(-cache["Z2"]))
    dZ2 = dA2 * slopes * (1 - slopes)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · leaky
# Lets a hundredth through where a unit is off.
# says: A hundredth comes through the units that are off: what is the slope of (1.1) there?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * np.where(cache["Z2"] > 0, 1.0, 0.01)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · mask-of-first-sample
# Uses the mask of the first sample for all.
# says: All samples share one mask: whose units are these?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * (cache["Z2"][0] > 0)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · mask-per-sample
# Lets a sample through where its pre-activations sum to something positive.
# says: A sample comes through as a whole or not at all: does each unit not decide for itself?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * (cache["Z2"].sum(axis=1, keepdims=True) > 0)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · mask-inverted
# Lets the error through where a unit is off.
# says: The error signal goes through the units that are off: which of the two slopes of (1.1) is 1?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * (cache["Z2"] <= 0)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · relu-of-the-error
# Cuts off the negative part of the error signal.
# says: The error signal itself has lost its negative entries: whose sign decides?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = np.maximum(dA2, 0)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · mask-of-the-error
# Masks with the sign of the error signal and of the unit.
# says: The sign of the unit multiplies the error signal: what is the slope of (1.1) where a unit is off?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * np.sign(cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · mask-in-b1-only
# Uses the mask for the first biases, but not for the first weights.
# says: The first weights skip the mask, the first biases do not: which error signal do both need?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ3 @ params["W2"].T, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · mask-without-b1
# Makes the mask of pre-activations without the first biases.
# says: The mask belongs to other pre-activations than the network had: what is Z2?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = (dZ3 @ params["W2"].T) * (cache["X"] @ params["W1"] > 0)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · w2-reshaped
# Transposes the second weights by reshape on the way down.
# says: The second weights have been reshaped, which is no transpose: what does (2.9) do with them?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    W2 = params["W2"]
    dZ2 = (dZ3 @ W2.reshape(W2.shape[1], W2.shape[0])) * (cache["Z2"] > 0)
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · dw2-reshaped
# Turns the gradient of the second weights into shape by reshape.
# says: The gradient of the second weights has been reshaped into its shape: which product of (2.10) has it already?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": (dZ3.T @ cache["A2"]).reshape(params["W2"].shape) + 2 * reg * params["W2"],
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · dw1-reshaped
# Turns the gradient of the first weights into shape by reshape.
# says: The gradient of the first weights has been reshaped into its shape: which product of (2.10) has it already?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": (dZ2.T @ cache["X"]).reshape(params["W1"].shape) + 2 * reg * params["W1"],
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · dw2-transposed
# Returns the gradient of the second weights in the sheet's shape, without its penalty.
# says: The axes are swapped.
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": dZ3.T @ cache["A2"],
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · weights-swapped
# Returns the two weight gradients under each other's name.
# says: The two weight gradients have changed places: which of them has the shape of W1?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · biases-swapped
# Returns the two bias gradients under each other's name.
# says: The two bias gradients have changed places: which of them has the shape of b1?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ3),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ2),
    }


# %% q2d-backward · first-layer-zero
# Stops at the second layer.
# says: Every entry is 0.
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    return {
        "W1": np.zeros_like(params["W1"]),
        "b1": np.zeros_like(params["b1"]),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · first-layer-penalty-only
# Gives the first layer its penalty alone.
# says: Only the penalty is left in the first layer: which path leads there from the scores?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    return {
        "W1": 2 * reg * params["W1"],
        "b1": np.zeros_like(params["b1"]),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · w1-from-a2
# Uses the activations where the input belongs.
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": cache["A2"].T @ dZ2 + 2 * reg * params["W1"],
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · whole-gradient-negated
# Returns the direction of descent.
# says: The whole gradient has the wrong sign: is it the gradient or the step that goes down?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": -weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": -bias_gradient(dZ2),
        "W2": -weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": -bias_gradient(dZ3),
    }


# %% q2d-backward · one-hot-missing-in-first-layer
# Takes the gradient of the first layer with the one-hot missing.
# says: The labels do not reach the first layer: which error signal goes down?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(cache["P"] / len(y), params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


# %% q2d-backward · input-masked
# Uses the unmasked error and masks the input instead.
# says: The input is masked, not the error signal: which of the two does the ReLU of (1.3) stand before?
def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dA2 = dZ3 @ params["W2"].T
    dZ2 = dA2 * (cache["Z2"] > 0)
    return {
        "W1": np.maximum(cache["X"], 0).T @ dZ2 + 2 * reg * params["W1"],
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }
