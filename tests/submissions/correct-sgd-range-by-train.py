"""Takes the steps of the range test, and plain steps, with functions that can do more.

loses: nothing
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    still = {name: np.zeros_like(value) for name, value in params.items()}

    def step(value, v, g):
        return value + (0.0 * v - learning_rate * g)

    return {name: step(params[name], still[name], grads[name]) for name in params}


# %% q3b-range
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = []
    for rate in learning_rates:
        params, one = train(
            loss_and_gradients,
            params,
            X,
            y,
            rng=rng,
            learning_rate=rate,
            decay=1.0,
            reg=reg,
            batch_size=batch_size,
            iterations=1,
        )
        losses += one
    return np.array(losses)


# %% q3b-init
def initial_parameters(D, H, K, rng, std=None):
    params = {"b1": np.zeros((H,)), "b2": np.zeros((K,))}
    for name, shape in {"W1": (D, H), "W2": (H, K)}.items():
        params[name] = rng.normal(0.0, std if std is not None else np.sqrt(2 / shape[0]), shape)
    return params
