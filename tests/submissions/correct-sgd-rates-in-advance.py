"""Computes all learning rates before the loop.

loses: nothing
"""


# %% q3a-decay
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    return learning_rate * np.power(decay, np.floor_divide(iteration, per_epoch))


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
    steps_per_epoch = max(1, int(len(X) / batch_size))
    rates = [decayed_rate(learning_rate, decay, i, steps_per_epoch) for i in range(iterations)]
    velocity = dict.fromkeys(params, 0.0)
    losses = np.empty(iterations)
    for i, rate in enumerate(rates):
        losses[i], grads = loss_and_gradients(params, *sample_batch(X, y, batch_size, rng), reg)
        params, velocity = momentum_step(params, velocity, grads, rate, momentum)
        if on_step:
            on_step(i, losses[i], params)
    return params, list(losses)


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = np.zeros(len(learning_rates))
    for i, rate in enumerate(learning_rates):
        losses[i], grads = loss_and_gradients(params, *sample_batch(X, y, batch_size, rng), reg)
        params = sgd_step(params, grads, rate)
    return losses
