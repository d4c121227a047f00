"""Seeds the generator anew in every iteration.

loses: q3a-train

says: not so: every iteration draws a new batch
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
        rng = np.random.default_rng(0)
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        rate = decayed_rate(learning_rate, decay, iteration, per_epoch)
        params, velocity = momentum_step(params, velocity, grads, rate, momentum)
        losses.append(float(loss))
        if on_step is not None:
            on_step(iteration, loss, params)
    return params, losses
