"""Puts all parameters into one vector for the steps.

loses: nothing
"""


# %% q3a-train
def as_vector(arrays):
    return np.concatenate([value.ravel() for value in arrays.values()])


def as_dict(vector, like):
    sizes = np.cumsum([value.size for value in like.values()])[:-1]
    parts = np.split(vector, sizes)
    return {name: part.reshape(value.shape) for (name, value), part in zip(like.items(), parts, strict=True)}


def train(
    loss_and_gradients,
    params,
    X,
    y,
    *,
    rng,
    learning_rate=1e-4,
    decay=0.95,
    reg=0.25,
    batch_size=200,
    iterations=1000,
    momentum=0.0,
    on_step=None,
):
    theta = as_vector(params)
    v = np.zeros(theta.size)
    per_epoch = max(len(X) // batch_size, 1)
    losses = []
    for i in range(iterations):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(as_dict(theta, params), X_batch, y_batch, reg)
        g = as_vector({name: grads[name] for name in params})
        v = momentum * v - decayed_rate(learning_rate, decay, i, per_epoch) * g
        theta = theta + v
        losses.append(float(loss))
        if on_step is not None:
            on_step(i, float(loss), as_dict(theta, params))
    return as_dict(theta, params), losses


# %% q3a-predict
def predict(forward, params, X):
    P = forward(params, X)["P"]
    return (P == P.max(axis=1, keepdims=True)).argmax(axis=1)


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    n = len(values)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=repeats)
    means = counts @ values / n
    return float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5))


# %% q3b-fold
def fold_inputs(params, mean, scale):
    D = len(mean)
    prepare = np.vstack([np.hstack([np.eye(D) / scale, np.zeros((D, 1))]), np.append(-mean / scale, 1.0)])
    first = prepare @ np.vstack([params["W1"], params["b1"]])
    return {**params, "W1": first[:-1], "b1": first[-1]}
