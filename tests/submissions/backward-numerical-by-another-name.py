"""Returns a numerical gradient, imported under another name.

loses: q2d-backward

says: `backward` uses `numerical_gradient`
"""

# %% q2d-backward
from helpers import numerical_gradient as ng


def backward(params, cache, y, reg):
    def loss(p):
        Z3 = np.maximum(cache["X"] @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]
        data_loss = np.mean(scipy.special.logsumexp(Z3, axis=1) - Z3[np.arange(len(y)), y])
        return data_loss + reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))

    return ng(loss, params)
