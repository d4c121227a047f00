"""Returns the mean of the losses so far.

loses: q3b-range

says: These are means of all losses so far: what is noted is the loss of one batch.
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for learning_rate in learning_rates:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(loss)
        params = sgd_step(params, grads, learning_rate)
    return np.cumsum(losses) / np.arange(1, len(losses) + 1)
