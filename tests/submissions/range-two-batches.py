"""Notes the loss of one batch and takes the gradient of another.

loses: q3b-range

says: not so: loss_and_gradients is called once for every learning rate
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for rate in learning_rates:
        loss, _ = loss_and_gradients(params, *sample_batch(X, y, batch_size, rng), reg)
        losses.append(float(loss))
        _, grads = loss_and_gradients(params, *sample_batch(X, y, batch_size, rng), reg)
        params = sgd_step(params, grads, rate)
    return np.array(losses)
