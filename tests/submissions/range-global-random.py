"""Draws its batches from NumPy's global generator.

loses: q3b-range

says: not so: the same rng gives the same batches
"""


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for rate in learning_rates:
        rows = np.random.randint(len(X), size=batch_size)
        loss, grads = loss_and_gradients(params, X[rows], y[rows], reg)
        losses.append(float(loss))
        params = sgd_step(params, grads, rate)
    return np.array(losses)
