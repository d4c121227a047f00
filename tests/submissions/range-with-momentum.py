"""Takes the steps with a momentum of 0.9.

loses: q3b-range

says: A step remembers the one before it: does (3.2) have a velocity?
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for learning_rate in learning_rates:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(loss)
        params, velocity = momentum_step(params, velocity, grads, learning_rate, 0.9)
    return np.array(losses)
