"""Uses one-hot matrices and masks in other ways.

loses: nothing
"""


# %% q1a-relu
def relu(Z):
    return (Z + np.abs(Z)) / 2


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    one_hot = np.eye(Z.shape[1], dtype=bool)[y]
    top = Z.max(axis=1)
    log_sums = top + np.log(np.sum(np.exp(Z - top[:, None]), axis=1))
    return log_sums.mean() - Z[one_hot].mean()


# %% q2a-scores
def scores_gradient(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return P / len(P) - one_hot / len(P)


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    mask = np.ones_like(Z2)
    mask[Z2 < 0] = 0
    return mask * (W2 @ dZ3.T).T


# %% mistake-penalty
def penalty_gradient(params, reg):
    gradient = {}
    for name in params:
        factor = 2 * reg if name.startswith("W") else 0
        gradient[name] = factor * params[name]
    return gradient


# %% mistake-one-sided
def central_differences(f, x, h):
    steps = h * np.eye(x.size)
    return np.array([(f(x + step) - f(x - step)) / h for step in steps]) / 2
