"""Keeps the velocity in an optimiser object, as libraries do.

loses: nothing
"""


# %% q3a-train
class Momentum:
    def __init__(self, params, momentum):
        self.params, self.momentum = params, momentum
        self.velocity = {name: np.zeros_like(value) for name, value in params.items()}

    def step(self, grads, rate):
        self.params, self.velocity = momentum_step(self.params, self.velocity, grads, rate, self.momentum)


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
    optimiser = Momentum(params, momentum)
    per_epoch = max(len(X) // batch_size, 1)
    on_step = on_step or (lambda *_: None)
    losses = []
    for iteration in range(iterations):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(optimiser.params, X_batch, y_batch, reg)
        optimiser.step(grads, decayed_rate(learning_rate, decay, iteration, per_epoch))
        losses.append(loss)
        on_step(iteration, loss, optimiser.params)
    return optimiser.params, losses


# %% q3b-range
class RangeTest:
    def __init__(self, params):
        self.params, self.losses = params, []

    def step(self, loss, grads, rate):
        self.losses.append(loss)
        self.params = sgd_step(self.params, grads, rate)


def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    test = RangeTest(params)
    for rate in learning_rates:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        test.step(*loss_and_gradients(test.params, X_batch, y_batch, reg), rate)
    return np.asarray(test.losses)
