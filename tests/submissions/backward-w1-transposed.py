"""Returns the gradient of the first weights in the sheet's shape.

loses: q2d-backward

says: The axes are swapped: W1 has shape (D, H) here, and its gradient has the same.
"""


# %% q2d-backward
def backward(params, cache, y, reg):
    N = cache["X"].shape[0]
    delta = np.eye(cache["P"].shape[1])[y]
    dZ3 = (cache["P"] - delta) / N
    dZ2 = (dZ3 @ params["W2"].T) * (cache["A2"] > 0)
    return {
        "W1": dZ2.T @ cache["X"] + 2 * reg * params["W1"].T,
        "b1": dZ2.sum(axis=0),
        "W2": cache["A2"].T @ dZ3 + 2 * reg * params["W2"],
        "b2": dZ3.sum(axis=0),
    }
