"""Calls the numerical gradient instead of its own formulas.

loses: q2d-backward

says: `backward` uses `numerical_gradient`
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    from helpers import numerical_gradient

    def loss(p):
        Z2 = cache["X"] @ p["W1"] + p["b1"]
        Z3 = np.maximum(Z2, 0) @ p["W2"] + p["b2"]
        data_loss = np.mean(scipy.special.logsumexp(Z3, axis=1) - Z3[np.arange(len(y)), y])
        return data_loss + reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))

    return numerical_gradient(loss, params)
