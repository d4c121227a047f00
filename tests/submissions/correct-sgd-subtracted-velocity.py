"""Keeps the step to be subtracted, where the notebook keeps the one to be added.

loses: nothing
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    new_params, new_velocity = {}, {}
    for name, theta in params.items():
        step = -momentum * velocity[name] + learning_rate * grads[name] * (1 - momentum * damped)
        new_params[name] = theta - step
        new_velocity[name] = -step
    return new_params, new_velocity


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
    steps = {name: np.zeros(value.shape) for name, value in params.items()}
    per_epoch = max(len(y) // batch_size, 1)
    losses = []
    for iteration in range(iterations):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        for name in params:
            steps[name] = (
                momentum * steps[name] + decayed_rate(learning_rate, decay, iteration, per_epoch) * grads[name]
            )
        params = {name: params[name] - steps[name] for name in params}
        losses.append(loss)
        if on_step is not None:
            on_step(iteration, loss, params)
    return params, losses
