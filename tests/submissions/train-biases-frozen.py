"""Never updates the biases.

loses: q3a-train

says: not so: the biases move
"""


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
    params = {name: value.copy() for name, value in params.items()}
    v_W1, v_W2 = np.zeros_like(params["W1"]), np.zeros_like(params["W2"])
    per_epoch = max(len(X) // batch_size, 1)
    losses = []
    for iteration in range(iterations):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        rate = decayed_rate(learning_rate, decay, iteration, per_epoch)
        v_W1 = momentum * v_W1 - rate * grads["W1"]
        v_W2 = momentum * v_W2 - rate * grads["W2"]
        params["W1"] += v_W1
        params["W2"] += v_W2
        losses.append(loss)
        if on_step is not None:
            on_step(iteration, loss, params)
    return params, losses
