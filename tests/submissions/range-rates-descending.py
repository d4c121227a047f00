"""Tries the largest rate first.

loses: q3b-range

says: These are the losses of the largest rate first: in which order are the rates given?
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for learning_rate in sorted(learning_rates, reverse=True):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(loss)
        params = sgd_step(params, grads, learning_rate)
    return np.array(losses)
