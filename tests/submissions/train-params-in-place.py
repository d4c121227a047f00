"""Changes the parameters that it starts from.

loses: q3a-train

says: train changed its argument params.
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
    per_epoch = max(len(X) // batch_size, 1)
    losses = []
    for iteration in range(iterations):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        rate = decayed_rate(learning_rate, decay, iteration, per_epoch)
        for name in params:
            velocity[name] = momentum * velocity[name] - rate * grads[name]
            params[name] += velocity[name]
        losses.append(loss)
        if on_step is not None:
            on_step(iteration, loss, params)
    return params, losses
