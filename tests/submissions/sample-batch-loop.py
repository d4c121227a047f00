"""Goes through the samples one by one.

loses: q6b-batch

says: `batch_gradients` has a Python loop
"""


# %% q6b-batch
def batch_gradients(params, X, y):
    loss, total = 0.0, {name: np.zeros_like(value) for name, value in params.items()}
    for x, t in zip(X, y, strict=True):
        cache = forward_sample(params, x, int(t))
        grads = backward_sample(params, x, int(t), cache)
        loss += cache["loss"] / len(X)
        for name in total:
            total[name] = total[name] + grads[name] / len(X)
    return loss, total
