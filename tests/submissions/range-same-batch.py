"""Takes every step on the same batch.

loses: q3b-range

says: not so: every step draws a new batch
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    X_batch, y_batch = sample_batch(X, y, batch_size, rng)
    losses = np.zeros(len(learning_rates))
    for i, learning_rate in enumerate(learning_rates):
        losses[i], grads = loss_and_gradients(params, X_batch, y_batch, reg)
        params = sgd_step(params, grads, learning_rate)
    return losses
