"""Never keeps the parameters of a step.

loses: q3b-range

says: The loss stays as it is: from which parameters does the second step start?
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for rate in learning_rates:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(loss)
        new_params = sgd_step(params, grads, rate)
    return np.array(losses)
