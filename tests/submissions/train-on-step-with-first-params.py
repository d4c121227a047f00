"""Trains under another name, so that on_step gets the params of the start.

loses: q3a-train

says: not so: on_step gets the new parameters, those after the step
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
    theta = dict(params)
    velocity = {name: np.zeros_like(value) for name, value in theta.items()}
    per_epoch = max(len(X) // batch_size, 1)
    losses = []
    for iteration in range(iterations):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(theta, X_batch, y_batch, reg)
        rate = decayed_rate(learning_rate, decay, iteration, per_epoch)
        theta, velocity = momentum_step(theta, velocity, grads, rate, momentum)
        losses.append(loss)
        if on_step is not None:
            on_step(iteration, loss, params)
    return theta, losses
