"""Shows progress bars on standard error in its loops.

loses: nothing
"""

# %% q2b-weights
from tqdm import tqdm


def weight_gradient(A, dZ, W, reg):
    dW = 2 * reg * W
    for a, dz in tqdm(zip(A, dZ), total=len(A), desc="samples"):
        dW = dW + np.outer(a, dz)
    return dW


# %% q2d-backward
from tqdm import trange


def backward(params, cache, y, reg):
    N = len(y)
    grads = {"W1": 2 * reg * params["W1"], "W2": 2 * reg * params["W2"]}
    grads["b1"], grads["b2"] = np.zeros(params["b1"].shape), np.zeros(params["b2"].shape)
    for i in trange(N, desc="backward"):
        dz3 = cache["P"][i].copy()
        dz3[y[i]] -= 1
        dz3 /= N
        dz2 = (params["W2"] @ dz3) * (cache["Z2"][i] > 0)
        grads["W2"] += np.outer(cache["A2"][i], dz3)
        grads["b2"] += dz3
        grads["W1"] += np.outer(cache["X"][i], dz2)
        grads["b1"] += dz2
    return grads
