"""Writes the loop and the range test without the small functions.

loses: nothing
"""


# %% q3a-train
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
    N = X.shape[0]
    theta = {name: np.array(value) for name, value in params.items()}
    v = {name: np.zeros_like(value) for name, value in params.items()}
    T = max(N // batch_size, 1)
    losses = []
    for t in range(iterations):
        chosen = rng.integers(0, N, batch_size)
        loss, g = loss_and_gradients(theta, X[chosen], y[chosen], reg)
        losses.append(loss)
        alpha = learning_rate * decay ** (t // T)
        for name in theta:
            v[name] *= momentum
            v[name] -= alpha * g[name]
            theta[name] += v[name]
        if on_step is not None:
            on_step(t, loss, theta)
    return theta, losses


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    theta = {name: value.copy() for name, value in params.items()}
    losses = []
    for rate in learning_rates:
        chosen = rng.integers(len(X), size=batch_size)
        loss, g = loss_and_gradients(theta, X[chosen], y[chosen], reg)
        losses.append(loss)
        for name in theta:
            theta[name] -= rate * g[name]
    return np.array(losses)
