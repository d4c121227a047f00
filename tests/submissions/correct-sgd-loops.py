"""Writes everything with loops, entry by entry.

loses: nothing
"""


# %% q3a-batch
def sample_batch(X, y, batch_size, rng):
    rows, labels = [], []
    for _ in range(batch_size):
        i = rng.integers(0, len(X))
        rows.append(X[i])
        labels.append(y[i])
    return np.array(rows), np.array(labels)


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    result = {}
    for name in params:
        new = np.empty_like(params[name])
        for index in np.ndindex(new.shape):
            new[index] = params[name][index] - learning_rate * grads[name][index]
        result[name] = new
    return result


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    new_params, new_velocity = {}, {}
    for name in params:
        v, theta = np.zeros(params[name].shape), np.zeros(params[name].shape)
        for index in np.ndindex(v.shape):
            step = learning_rate * grads[name][index]
            if damped:
                step = (1 - momentum) * step
            v[index] = momentum * velocity[name][index] - step
            theta[index] = params[name][index] + v[index]
        new_velocity[name], new_params[name] = v, theta
    return new_params, new_velocity


# %% q3a-decay
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    rate = learning_rate
    for i in range(1, iteration + 1):
        if i % per_epoch == 0:
            rate = rate * decay
    return rate


# %% q3a-predict
def predict(forward, params, X):
    P = forward(params, X)["P"]
    classes = []
    for n in range(len(P)):
        best = 0
        for k in range(len(P[n])):
            if P[n, k] > P[n, best]:
                best = k
        classes.append(best)
    return np.array(classes)


# %% q3b-init
def initial_parameters(D, H, K, rng, std=None):
    params = {}
    for layer, (inputs, outputs) in enumerate([(D, H), (H, K)], start=1):
        scale = std
        if scale is None:
            scale = (2 / inputs) ** 0.5
        params[f"W{layer}"] = np.array([[rng.normal(0, scale) for _ in range(outputs)] for _ in range(inputs)])
        params[f"b{layer}"] = np.array([0.0] * outputs)
    return params


# %% q3b-interval
def bootstrap_interval(values, rng, repeats=2000):
    means = []
    for _ in range(repeats):
        sample = [values[i] for i in rng.integers(0, len(values), len(values))]
        means.append(sum(sample) / len(sample))
    means.sort()
    return means[int(0.025 * repeats)], means[int(0.975 * repeats)]


# %% q3b-fold
def fold_inputs(params, mean, scale):
    W1, b1 = np.zeros(params["W1"].shape), params["b1"].copy()
    for d in range(W1.shape[0]):
        for h in range(W1.shape[1]):
            W1[d, h] = params["W1"][d, h] / scale
            b1[h] -= mean[d] * params["W1"][d, h] / scale
    return {"W1": W1, "b1": b1, "W2": params["W2"].copy(), "b2": params["b2"].copy()}
