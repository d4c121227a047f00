"""Multiplies the learning rate by the decay at the end of each epoch.

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
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    per_epoch = len(X) // batch_size
    if per_epoch == 0:
        per_epoch = 1
    losses = []
    iteration = 0
    while iteration < iterations:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(float(loss))
        params, velocity = momentum_step(params, velocity, grads, learning_rate, momentum, damped=False)
        if on_step is not None:
            on_step(iteration=iteration, loss=loss, params=params)
        iteration += 1
        if iteration % per_epoch == 0:
            learning_rate *= decay
    return params, losses


# %% q3a-decay
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    epoch = int(np.floor(iteration / per_epoch))
    return float(learning_rate * decay**epoch)
