"""Prints its progress and warns.

loses: nothing
"""

# %% q3a-batch
import warnings


def sample_batch(X, y, batch_size, rng):
    if batch_size > len(X):
        warnings.warn("the batch is larger than the training set", stacklevel=2)
    chosen = rng.integers(low=0, high=len(X), size=(batch_size,))
    return X[chosen], y[chosen]


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
        params, velocity = momentum_step(params, velocity, grads, rate, momentum)
        losses.append(float(loss))
        if iteration % 10 == 0:
            print(f"iteration {iteration:5d}   loss {loss:.4f}   rate {rate:.2e}", flush=True)
        if not np.isfinite(loss):
            warnings.warn(f"diverged in iteration {iteration}", RuntimeWarning, stacklevel=2)
        if on_step is not None:
            on_step(iteration, loss, params)
    print("best loss:", min(losses), "in iteration", int(np.argmin(losses)))
    return params, losses


# %% q3b-range
import matplotlib.pyplot as plt


def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for rate in learning_rates:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(float(loss))
        print(f"{rate:.2e}: {loss:.3f}")
        params = sgd_step(params, grads, rate)
    plt.semilogx(learning_rates, losses)
    plt.show()
    return np.array(losses)
