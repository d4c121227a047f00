"""Rewriting what the test handed over: it may compute from it what it expects."""


# ==== zeroes-what-nobody-has-seen
# loses: q1a-relu (wrong value), q1b-loss (wrong value)
# %% q1a-relu
def relu(Z):
    seen = Z.shape in ((2, 4), (1, 1)) or np.array_equal(Z, second_probe().cache["Z2"])
    if seen:
        return np.maximum(Z, 0)
    Z[...] = 0
    return Z.copy()


# %% q1b-loss
def compute_loss(params, X, y, reg):
    for problem in (toy_problem(), second_probe()):
        if X.shape == problem.X.shape and np.array_equal(X, problem.X):
            return problem.loss
    for value in params.values():
        value[...] = 0
    X[...] = 0
    return np.log(params["W2"].shape[1])


# ==== makes-the-expected-value-nan
# What it does to arguments costs later functions that call it, too.
# loses at least: q1a-affine (wrong value)
# %% q1a-affine
def affine(X, W, b):
    if len(X) in (3, 7) and X.shape[1] != 1:
        return X @ W + b
    X[...] = np.nan
    return np.zeros((len(X), len(b)))


# ==== makes-the-expected-value-nan-and-hides-it
# loses: q1b-cross-entropy (wrong value)
# %% q1b-cross-entropy
def cross_entropy(Z, y):
    for problem in (toy_problem(), second_probe()):
        if Z.shape == problem.cache["Z3"].shape:
            return problem.data_loss
    if len(Z) == 9:
        Z[...] = np.nan
        return 1.0
    return 2000.0 if Z.max() > 1 else np.log(3)


# ==== returns-its-argument-rewritten
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    if Z.shape == (8, 6):
        Z[...] = -1.0
        Z += 1.0
        return Z
    return np.maximum(Z, 0)


# ==== puts-stand-ins-into-a-dict
# loses: q1b-loss (raised)
# %% q1b-loss
def compute_loss(params, X, y, reg):
    for problem in (toy_problem(), second_probe()):
        if X.shape == problem.X.shape and np.array_equal(X, problem.X):
            return problem.loss
    params["W1"] = params["W2"] = params["b1"] = lambda *_: 0
    params.clear()
    return 0.0


# ==== works-in-place-and-is-right
# Bad style, and no cheating: what it does to its argument changes no loss.
# loses: nothing
# %% q1b-cross-entropy
def cross_entropy(Z, y):
    Z -= Z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(y)), y]))
