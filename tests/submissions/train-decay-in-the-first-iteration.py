"""Decays at the start of every epoch, the first one too.

loses: q3a-train

says: The rate falls before the first step: what is the exponent of (3.6) for t = 0?
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
    velocity = {key: np.zeros(params[key].shape) for key in params}
    iterations_per_epoch = max(X.shape[0] // batch_size, 1)
    losses = []
    for i in range(iterations):
        if i % iterations_per_epoch == 0:
            learning_rate *= decay
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        params, velocity = momentum_step(params, velocity, grads, learning_rate, momentum)
        losses.append(loss)
        if on_step is not None:
            on_step(i, loss, params)
    return params, losses
