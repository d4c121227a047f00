"""Takes batches without replacement, smaller ones than asked for where the set is small.

loses: q3b-range

says: not so: every batch has batch_size samples, 40 with replacement
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for rate in learning_rates:
        order = rng.permutation(len(X))[:batch_size]
        loss, grads = loss_and_gradients(params, X[order], y[order], reg)
        losses.append(float(loss))
        params = sgd_step(params, grads, rate)
    return np.array(losses)
