"""Notes the loss after the step.

loses: q3b-range

says: These are the losses after each step: when is a loss noted, before the step or after it?
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for learning_rate in learning_rates:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        _, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        params = sgd_step(params, grads, learning_rate)
        loss, _ = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(loss)
    return np.array(losses)
