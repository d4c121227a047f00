"""Right answers to notebook 03 that look different: each must keep its marks.

loses: nothing
"""


# %% q3a-objective · from-the-probabilities
# Takes the logarithm of the labels' probabilities, which the cache has.
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    data_loss = -np.log(cache["P"][np.arange(len(y)), y]).mean()
    return data_loss + reg * (np.square(params["W1"]).sum() + np.square(params["W2"]).sum()), backward(
        params, cache, y, reg
    )


# %% q3a-objective · gradients-first
# Takes the gradients first, and names every argument.
def loss_and_gradients(params, X, y, reg):
    cache = forward(params=params, X=X)
    grads = backward(params=params, cache=cache, y=y, reg=reg)
    loss = cross_entropy(Z=cache["Z3"], y=y)
    loss += reg * np.linalg.norm(params["W1"]) ** 2
    loss += reg * np.linalg.norm(params["W2"]) ** 2
    return loss, grads


# %% q3a-objective · penalty-apart
# Asks for the gradient of the data alone and adds that of the penalty.
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    loss, grads = cross_entropy(cache["Z3"], y), dict(backward(params, cache, y, 0.0))
    for name in ("W1", "W2"):
        loss = loss + reg * (params[name] ** 2).sum()
        grads[name] = grads[name] + 2 * reg * params[name]
    return loss, grads


# %% q3a-objective · no-penalty-early
# Returns early where nothing is penalised.
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    grads = backward(params, cache, y, reg)
    data_loss = cross_entropy(cache["Z3"], y)
    if reg == 0:
        return float(data_loss), grads
    weights = np.concatenate([params[name].ravel() for name in ("W1", "W2")])
    return float(data_loss + reg * weights @ weights), grads


# %% q3a-objective · every-key-that-begins-with-w
# Adds up the penalties of whatever is called W.
def loss_and_gradients(params, X, y, reg):
    activations = forward(params, X)
    penalty = sum(np.vdot(value, value) for name, value in params.items() if name.startswith("W"))
    return (cross_entropy(activations["Z3"], y) + reg * penalty, backward(params, activations, y, reg))


# %% q3a-objective · own-cross-entropy
# Writes the cross-entropy out with SciPy's logarithm of a sum.
from scipy.special import logsumexp


def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    Z = cache["Z3"]
    own = np.take_along_axis(Z, y.reshape(-1, 1), axis=1).ravel()
    J = np.mean(logsumexp(Z, axis=1) - own)
    J += reg * (np.einsum("ij,ij", params["W1"], params["W1"]) + np.einsum("ij,ij", params["W2"], params["W2"]))
    return J, backward(params, cache, y, reg)


# %% q3a-objective · own-gradients
# Writes the way back out.
def loss_and_gradients(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    cache = forward(params, X)
    N = X.shape[0]
    loss = cross_entropy(cache["Z3"], y) + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dZ3 = cache["P"].copy()
    dZ3[range(N), y] -= 1
    dZ3 /= N
    dZ2 = dZ3.dot(W2.T)
    dZ2[cache["Z2"] <= 0] = 0
    grads = {}
    grads["W2"] = cache["A2"].T.dot(dZ3) + 2 * reg * W2
    grads["b2"] = np.sum(dZ3, axis=0)
    grads["W1"] = X.T.dot(dZ2) + 2 * reg * W1
    grads["b1"] = np.sum(dZ2, axis=0)
    return loss, grads


# %% q3a-objective · named-tuple
# Names the two halves of the answer.
from typing import NamedTuple


class Objective(NamedTuple):
    loss: float
    grads: dict


def l2_penalty(params, reg):
    return reg * sum((params[f"W{layer}"] ** 2).sum() for layer in (1, 2))


def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    return Objective(cross_entropy(cache["Z3"], y) + l2_penalty(params, reg), backward(params, cache, y, reg))


# %% q3a-objective · scores-shifted-by-hand
# Subtracts the largest score of each row, and picks with the one-hot vectors.
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    shifted = cache["Z3"] - cache["Z3"].max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    one_hot = np.eye(log_P.shape[1])[y]
    data = -(one_hot * log_P).sum() / len(y)
    penalty = np.trace(params["W1"].T @ params["W1"]) + np.trace(params["W2"].T @ params["W2"])
    return data + reg * penalty, backward(params, cache, y, reg)


# %% q3a-objective · array-of-no-dimension
# Adds up an array of three terms, and prints them.
def loss_and_gradients(params, X, y, reg):
    cache = forward(params, X)
    terms = np.array([cross_entropy(cache["Z3"], y), *(reg * np.sum(params[name] ** 2) for name in ("W1", "W2"))])
    print("loss and penalties:", *terms.round(4))
    return np.asarray(terms.sum()), backward(params, cache, y, reg)


# %% q3a-batch · last-index-included
# Draws up to the last index, included.
def sample_batch(X, y, batch_size, rng):
    chosen = rng.integers(0, len(X) - 1, size=batch_size, endpoint=True)
    return X[chosen], y[chosen]


# %% q3a-batch · pairs
# Zips rows and labels, and draws pairs.
def sample_batch(X, y, batch_size, rng):
    pairs = list(zip(X, y))
    rows, labels = zip(*(pairs[i] for i in rng.integers(len(pairs), size=batch_size)))
    return np.stack(rows), np.array(labels)


# %% q3a-batch · filled-row-by-row
# Makes the room for the batch first and fills it.
def sample_batch(X, y, batch_size, rng):
    X_batch = np.empty((batch_size, *X.shape[1:]), dtype=X.dtype)
    y_batch = np.empty(batch_size, dtype=y.dtype)
    for j in range(batch_size):
        i = rng.choice(len(X))
        X_batch[j], y_batch[j] = X[i], y[i]
    return X_batch, y_batch


# %% q3a-batch · labels-as-a-column
# Puts the labels beside the rows, draws, and takes them apart again.
def sample_batch(X, y, batch_size, rng):
    both = rng.choice(np.column_stack([X, y]), size=batch_size, replace=True, axis=0)
    return both[:, :-1].astype(X.dtype), both[:, -1].astype(y.dtype)


# %% q3a-batch · how-often-each
# Draws how often each sample comes, and mixes them.
def sample_batch(X, y, batch_size, rng):
    N = len(X)
    counts = rng.multinomial(batch_size, np.ones(N) / N)
    chosen = np.repeat(np.arange(N), counts)
    rng.shuffle(chosen)
    return X[chosen], y[chosen]


# %% q3a-batch · pandas
# Lets pandas draw.
import pandas as pd


def sample_batch(X, y, batch_size, rng):
    chosen = pd.Series(range(len(X))).sample(n=batch_size, replace=True, random_state=rng).to_numpy()
    return X[chosen], y[chosen]


# %% q3a-batch · pythons-random
# Seeds Python's generator from rng.
import random


def sample_batch(X, y, batch_size, rng):
    dice = random.Random(int(rng.integers(2**62)))
    chosen = dice.choices(range(len(X)), k=batch_size)
    return X[chosen], y[chosen]


# %% q3a-batch · inverse-of-the-distribution
# Looks random numbers up in the cumulative distribution.
def sample_batch(X, y, batch_size, rng):
    cumulative = np.arange(1, len(X) + 1) / len(X)
    chosen = np.searchsorted(cumulative, rng.random(batch_size), side="right")
    return np.take(X, chosen, axis=0), np.take(y, chosen, axis=0)


# %% q3a-batch · first-of-a-permutation
# Takes the first of a new permutation for each draw.
def sample_batch(X, y, batch_size, rng):
    indices = [rng.permutation(X.shape[0])[0] for _ in range(batch_size)]
    return X[indices], y[indices]


# %% q3a-batch · spawned-for-each-batch
# Lets rng spawn a generator for each batch.
def sample_batch(X, y, batch_size, rng):
    (own,) = rng.spawn(1)
    chosen = own.integers(len(X), size=batch_size)
    return X[chosen], y[chosen]


# %% q3a-batch · random-state
# Lets the older kind of generator draw from the bits of rng.
def sample_batch(X, y, batch_size, rng):
    chosen = np.random.RandomState(rng.bit_generator).randint(0, len(X), size=batch_size)
    return X[chosen], y[chosen]


# %% q3a-step · zip
# Zips three views of two dicts.
def sgd_step(params, grads, learning_rate):
    gradients = (grads[name] for name in params)
    return dict(zip(params, (p - learning_rate * g for p, g in zip(params.values(), gradients))))


# %% q3a-step · copied-array-by-array
# Copies every array and subtracts in place.
def sgd_step(params, grads, learning_rate):
    after = {name: value.copy() for name, value in params.items()}
    for name, gradient in grads.items():
        after[name] -= learning_rate * gradient
    return after


# %% q3a-step · keys-of-the-gradient
# Takes the keys from the gradient, which are the same.
def sgd_step(params, grads, learning_rate):
    updated = {}
    for key in grads:
        update = -learning_rate * grads[key]
        updated[key] = params[key] + update
    return updated


# %% q3a-step · ufuncs
# Names the operations.
def sgd_step(params, grads, learning_rate):
    return {name: np.subtract(params[name], np.multiply(grads[name], learning_rate)) for name in params}


# %% q3a-step · small-function-and-hints
# Leaves one array to a function of its own.
def _descend(value: np.ndarray, gradient: np.ndarray, rate: float) -> np.ndarray:
    assert value.shape == gradient.shape
    return value - rate * gradient


def sgd_step(params: dict, grads: dict, learning_rate: float) -> dict:
    return {name: _descend(value, grads[name], learning_rate) for name, value in params.items()}


# %% q3a-step · over-the-old-ones
# Lays the new arrays over the old dict.
def sgd_step(params, grads, learning_rate):
    return params | {name: params[name] - learning_rate * grads[name] for name in grads}


# %% q3a-step · sorted-keys-and-a-copy-of-the-dict
# Copies the dict alone, and replaces its arrays.
def sgd_step(params, grads, learning_rate):
    params = params.copy()
    for name in sorted(params):
        params[name] = params[name] - learning_rate * grads[name]
    return params


# %% q3a-step · ordered-dict
# Returns an OrderedDict, and prints how far it went.
from collections import OrderedDict


def sgd_step(params, grads, learning_rate):
    after = OrderedDict()
    for name, value in params.items():
        after[name] = value - learning_rate * grads[name]
    print("moved by", {name: float(np.abs(after[name] - params[name]).max()) for name in params})
    return after


# %% q3a-step · walrus
# Goes back through a vector of all entries.
def sgd_step(params, grads, learning_rate):
    vector = np.concatenate([(params[name] - learning_rate * grads[name]).ravel() for name in params])
    end = 0
    return {name: vector[end : (end := end + value.size)].reshape(value.shape) for name, value in params.items()}


# %% q3a-momentum · classic-calls-itself
# Calls itself with a smaller rate for the damped form.
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    if damped:
        return momentum_step(params, velocity, grads, (1 - momentum) * learning_rate, momentum)
    new_velocity = {name: momentum * velocity[name] - learning_rate * grads[name] for name in params}
    return {name: params[name] + new_velocity[name] for name in params}, new_velocity


# %% q3a-momentum · two-forms-written-out
# Writes both forms out.
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    moved, v = {}, {}
    for name in params:
        if damped is True:
            v[name] = momentum * velocity[name] - (1 - momentum) * learning_rate * grads[name]
        else:
            v[name] = momentum * velocity[name] - learning_rate * grads[name]
        moved[name] = params[name] + v[name]
    return moved, v


# %% q3a-momentum · velocity-by-sgd
# Takes the step along the velocity with the function for plain steps.
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    factor = 1 - momentum if damped else 1
    slowed = {name: momentum * v for name, v in velocity.items()}
    velocity = sgd_step(slowed, grads, factor * learning_rate)
    return sgd_step(params, velocity, -1.0), velocity


# %% q3a-momentum · weighted-mean
# Takes the damped velocity for a moving average, and the classic one for a multiple of it.
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    def average(old, new):
        return old + (1 - momentum) * (new - old)

    longer = 1.0 if damped else 1 / (1 - momentum)
    new_velocity = {name: longer * average(velocity[name] / longer, -learning_rate * grads[name]) for name in velocity}
    return {name: params[name] + v for name, v in new_velocity.items()}, new_velocity


# %% q3a-momentum · copies-in-place
# Works in place on copies.
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    new_params = {name: np.copy(value) for name, value in params.items()}
    new_velocity = {name: np.copy(value) for name, value in velocity.items()}
    for name, g in grads.items():
        new_velocity[name] *= momentum
        new_velocity[name] -= (1 - momentum if damped else 1.0) * learning_rate * g
        new_params[name] += new_velocity[name]
    return new_params, new_velocity


# %% q3a-momentum · rates-by-form
# Looks the rate up by the form.
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    rate = {False: learning_rate, True: learning_rate * (1 - momentum)}[bool(damped)]
    steps = {k: np.add(np.multiply(momentum, velocity[k]), np.multiply(-rate, grads[k])) for k in params}
    return {k: np.add(params[k], steps[k]) for k in params}, steps


# %% q3a-momentum · pair-by-pair
# Makes both arrays of a name at once, and takes the pairs apart.
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    def one(theta, v, g):
        v = momentum * v - (1 - momentum * int(damped)) * learning_rate * g
        return theta + v, v

    pairs = {name: one(params[name], velocity[name], grads[name]) for name in params}
    return {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}


# %% q3a-momentum · position-from-the-old-velocity
# Writes the new parameters without the new velocity.
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    a = learning_rate
    if damped:
        a = a - a * momentum
    theta = {n: params[n] + momentum * velocity[n] - a * grads[n] for n in params}
    v = {n: momentum * velocity[n] - a * grads[n] for n in params}
    return (theta, v)


# %% q3a-decay · divmod
# Takes the whole epochs from divmod.
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    epochs, _ = divmod(iteration, per_epoch)
    return learning_rate * pow(decay, epochs)


# %% q3a-decay · math
# Rounds down and raises with the functions of math.
import math


def decayed_rate(learning_rate, decay, iteration, per_epoch):
    return learning_rate * math.pow(decay, math.floor(iteration / per_epoch))


# %% q3a-decay · recursion
# Goes back epoch by epoch.
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    if iteration < per_epoch:
        return learning_rate
    return decay * decayed_rate(learning_rate, decay, iteration - per_epoch, per_epoch)


# %% q3a-decay · while
# Counts epochs down.
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    rate = float(learning_rate)
    while iteration >= per_epoch:
        rate *= decay
        iteration -= per_epoch
    return rate


# %% q3a-decay · product
# Multiplies a list of factors.
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    return np.prod([learning_rate] + [decay] * (iteration // per_epoch))


# %% q3a-decay · exponential
# Lets the exponential function raise.
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    return learning_rate * np.exp((iteration // per_epoch) * np.log(decay))


# %% q3a-decay · remainder
# Takes the remainder away and divides.
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    epoch = (iteration - iteration % per_epoch) / per_epoch
    return np.float64(learning_rate) * decay**epoch


# %% q3a-decay · one-for-each-end-of-an-epoch
# Multiplies once for each end of an epoch so far.
from functools import reduce


def decayed_rate(learning_rate: float, decay: float, iteration: int, per_epoch: int) -> float:
    """Equation (3.6)."""
    return reduce(lambda rate, _: rate * decay, range(per_epoch, iteration + 1, per_epoch), learning_rate)


# %% q3a-decay · list-of-rates
# Makes the rates of all iterations so far and takes the last one.
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    rates = np.repeat(learning_rate * decay ** np.arange(iteration // per_epoch + 1), per_epoch)
    return float(rates[iteration])


# %% q3a-train · heavy-ball
# Keeps the parameters of the step before instead of a velocity.
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
    before, per_epoch, losses = params, max(len(X) // batch_size, 1), []
    for t in range(iterations):
        loss, grads = loss_and_gradients(params, *sample_batch(X, y, batch_size, rng), reg)
        rate = learning_rate * decay ** (t // per_epoch)
        after = {name: value - rate * grads[name] + momentum * (value - before[name]) for name, value in params.items()}
        before, params = params, after
        losses.append(float(loss))
        if on_step is not None:
            on_step(t, loss, params)
    return params, losses


# %% q3a-train · epochs-and-batches
# Runs over epochs, and over batches within them.
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
    velocity = {name: 0 * value for name, value in params.items()}
    per_epoch, losses, epoch = max(1, len(X) // batch_size), [], 0
    while len(losses) < iterations:
        rate = learning_rate * decay**epoch
        for _ in range(per_epoch):
            if len(losses) == iterations:
                break
            X_batch, y_batch = sample_batch(X, y, batch_size, rng)
            loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
            params, velocity = momentum_step(params, velocity, grads, rate, momentum)
            losses.append(float(loss))
            if on_step is not None:
                on_step(len(losses) - 1, loss, params)
        epoch += 1
    return params, losses


# %% q3a-train · progress-bar
# Shows a progress bar with the loss.
from tqdm import tqdm


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
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    per_epoch = max(X.shape[0] // batch_size, 1)
    losses = []
    with tqdm(range(iterations), desc="training") as bar:
        for iteration in bar:
            X_batch, y_batch = sample_batch(X, y, batch_size, rng)
            loss, grads = loss_and_gradients(params, X_batch, y_batch, reg=reg)
            rate = decayed_rate(learning_rate, decay, iteration, per_epoch)
            params, velocity = momentum_step(params, velocity, grads, rate, momentum)
            losses.append(loss)
            bar.set_postfix(loss=f"{loss:.4f}")
            if on_step:
                on_step(iteration, loss, params)
    return params, losses


# %% q3a-train · generator
# Yields its steps from a generator, which the loop uses up.
def _steps(objective, params, draw, rates, momentum):
    velocity = None
    for t, rate in enumerate(rates):
        loss, grads = objective(params, *draw())
        velocity = velocity or {name: np.zeros(np.shape(value)) for name, value in params.items()}
        params, velocity = momentum_step(params, velocity, grads, rate, momentum)
        yield t, float(loss), params


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
    per_epoch = max(len(X) // batch_size, 1)
    rates = (decayed_rate(learning_rate, decay, t, per_epoch) for t in range(iterations))
    losses = []
    for t, loss, params in _steps(
        lambda theta, *batch: loss_and_gradients(theta, *batch, reg),
        params,
        lambda: sample_batch(X, y, batch_size, rng),
        rates,
        momentum,
    ):
        losses.append(loss)
        if on_step is not None:
            on_step(t, loss, params)
    return params, losses


# %% q3a-train · in-place-with-snapshots
# Moves arrays of its own in place and shows copies of them.
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
    def snapshot():
        return {name: value.copy() for name, value in theta.items()}

    theta = {name: np.array(value) for name, value in params.items()}
    velocity = {name: np.zeros_like(value) for name, value in theta.items()}
    losses = np.zeros(iterations)
    N = len(y)
    T = N // batch_size if N >= batch_size else 1
    for t in range(iterations):
        draws = rng.integers(0, N, size=batch_size)
        losses[t], grads = loss_and_gradients(snapshot(), X[draws], y[draws], reg)
        for name in theta:
            velocity[name][...] = momentum * velocity[name] - learning_rate * decay ** (t // T) * grads[name]
            theta[name][...] += velocity[name]
        if on_step is not None:
            on_step(t, losses[t], snapshot())
    return theta, losses.tolist()


# %% q3a-train · rate-beside-the-velocity
# Collects gradients without the rate while it stays the same, and multiplies when it falls.
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
    per_epoch = max(len(X) // batch_size, 1)
    collected = {name: np.zeros_like(value) for name, value in params.items()}
    rate, losses = learning_rate, []
    for t in range(iterations):
        if t > 0 and t % per_epoch == 0:
            rate = rate * decay
            collected = {name: value / decay for name, value in collected.items()}
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        collected = {name: momentum * collected[name] + grads[name] for name in params}
        params = {name: params[name] - rate * collected[name] for name in params}
        losses = [*losses, float(loss)]
        if on_step is not None:
            on_step(t, float(loss), params)
    return params, losses


# %% q3a-predict · smallest-of-the-negative
# Takes the smallest of the negative probabilities.
def predict(forward, params, X):
    return (-forward(params, X)["P"]).argmin(axis=-1)


# %% q3a-predict · sorted-downwards
# Sorts each row downwards and takes the first.
def predict(forward, params, X):
    return np.argsort(-forward(params, X)["P"], axis=1)[:, 0]


# %% q3a-predict · class-by-class
# Goes through the classes and keeps the best so far.
def predict(forward, params, X):
    P = forward(params, X)["P"]
    best, top = np.zeros(len(P), dtype=int), P[:, 0].copy()
    for k in range(1, P.shape[1]):
        better = P[:, k] > top
        best[better], top[better] = k, P[better, k]
    return best


# %% q3a-predict · max-with-a-key
# Asks Python for the index of the largest.
def predict(forward, params, X):
    return np.array([max(range(len(p)), key=p.__getitem__) for p in forward(params, X)["P"]])


# %% q3a-predict · pandas-names-the-column
# Asks pandas for the column.
import pandas as pd


def predict(forward, params, X):
    return pd.DataFrame(forward(params, X)["P"]).idxmax(axis="columns").to_numpy()


# %% q3a-predict · ten-rows-at-a-time
# Goes forward with ten rows at a time.
def predict(forward, params, X):
    parts = [forward(params, X[start : start + 10])["P"].argmax(axis=1) for start in range(0, len(X), 10)]
    return np.concatenate(parts)


# %% q3a-predict · along-the-axis
# Applies argmax along the axis, and returns short integers.
def predict(forward, params, X):
    scores = np.log(np.exp(forward(params, X)["P"]))
    return np.apply_along_axis(np.argmax, 1, scores).astype(np.int16)


# %% q3a-predict · partition
# Lets argpartition put the largest last.
def predict(forward, params, X):
    P = forward(params, X)["P"]
    return np.argpartition(P, P.shape[1] - 1, axis=1)[:, -1]


# %% q3b-init · drawn-at-once
# Draws all weights at once and cuts the vector.
def initial_parameters(D, H, K, rng, std=None):
    z1, z2 = np.split(rng.standard_normal(D * H + H * K), [D * H])
    s1, s2 = (np.sqrt(2 / D), np.sqrt(2 / H)) if std is None else (std, std)
    return {"W1": s1 * z1.reshape(D, H), "b1": np.zeros(H), "W2": s2 * z2.reshape(H, K), "b2": np.zeros(K)}


# %% q3b-init · transposed
# Draws a row for each unit and transposes.
def initial_parameters(D, H, K, rng, std=None):
    params = {}
    for name, n_in, n_out in (("1", D, H), ("2", H, K)):
        scale = np.sqrt(2.0 / n_in) if std is None else std
        params["W" + name] = rng.normal(0, scale, (n_out, n_in)).T
        params["b" + name] = np.zeros(shape=n_out, dtype=np.float64)
    return params


# %% q3b-init · quantiles
# Puts uniform numbers through the inverse of the normal distribution.
from scipy.special import ndtri


def initial_parameters(D, H, K, rng, std=None):
    def normal(rows, columns):
        return ndtri(rng.uniform(1e-12, 1, size=(rows, columns)))

    W1 = normal(D, H) * (std if std is not None else (2 / D) ** 0.5)
    W2 = normal(H, K) * (std if std is not None else (2 / H) ** 0.5)
    return dict(W1=W1, W2=W2, b1=np.zeros(H), b2=np.zeros(K))


# %% q3b-init · scipy-stats
# Lets SciPy's distribution draw with rng.
from scipy import stats


def initial_parameters(D, H, K, rng, std=None):
    variances = {"W1": 2 / D, "W2": 2 / H} if std is None else {"W1": std**2, "W2": std**2}
    shapes = {"W1": (D, H), "W2": (H, K)}
    weights = {
        name: stats.norm.rvs(loc=0, scale=np.sqrt(variances[name]), size=shapes[name], random_state=rng)
        for name in shapes
    }
    return weights | {"b1": np.zeros(H), "b2": np.zeros(K)}


# %% q3b-init · two-ways-written-out
# Writes both ways out and returns early.
def initial_parameters(D, H, K, rng, std=None):
    b1, b2 = np.zeros(H), np.zeros(K)
    if std is not None:
        return {"W1": rng.normal(0.0, std, (D, H)), "b1": b1, "W2": rng.normal(0.0, std, (H, K)), "b2": b2}
    W1 = rng.standard_normal((D, H)) / np.sqrt(D / 2)
    W2 = rng.standard_normal((H, K)) / np.sqrt(H / 2)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


# %% q3b-init · generators-of-their-own
# Gives each layer a generator of its own, seeded from rng.
def initial_parameters(D, H, K, rng, std=None):
    seeds, params = rng.integers(2**32, size=2), {}
    for layer, (seed, n, m) in enumerate(zip(seeds, (D, H), (H, K)), start=1):
        own = np.random.default_rng(seed)
        params[f"W{layer}"] = own.normal(scale=np.sqrt(2 / n) if std is None else std, size=(n, m))
        params[f"b{layer}"] = np.full(m, 0.0)
    return params


# %% q3b-init · filled
# Makes zeros of all shapes, and fills the weights.
def initial_parameters(D, H, K, rng, std=None):
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}
    params = {name: np.zeros(shape) for name, shape in shapes.items()}
    for W in (params["W1"], params["W2"]):
        rng.standard_normal(out=W)
        W *= np.sqrt(2 / len(W)) if std is None else std
    return params


# %% q3b-init · column-by-column
# Draws columns one after the other.
def initial_parameters(D: int, H: int, K: int, rng: np.random.Generator, std: float | None = None) -> dict:
    def layer(inputs: int, outputs: int) -> np.ndarray:
        spread = std
        if spread is None:
            spread = np.sqrt(2) / np.sqrt(inputs)
        return np.column_stack([rng.normal(0, spread, inputs) for _ in range(outputs)])

    return {"b2": np.zeros(K), "W2": layer(H, K), "b1": np.zeros(H), "W1": layer(D, H)}


# %% q3b-init · spawned
# Lets rng spawn a generator for each layer.
def initial_parameters(D, H, K, rng, std=None):
    first, second = rng.spawn(2)
    return {
        "W1": first.normal(0, np.sqrt(2 / D) if std is None else std, (D, H)),
        "b1": np.zeros(H),
        "W2": second.normal(0, np.sqrt(2 / H) if std is None else std, (H, K)),
        "b2": np.zeros(K),
    }


# %% q3b-range · momentum-of-none
# Takes plain steps with the function for momentum, which is 0.
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    still, losses = {name: np.zeros_like(value) for name, value in params.items()}, []
    for rate in learning_rates:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        params, _ = momentum_step(params, still, grads, rate, momentum=0.0)
        losses.append(loss)
    return np.array(losses, dtype=float)


# %% q3b-range · generator-of-losses
# Yields the losses, and collects them with fromiter.
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    def losses(theta):
        for rate in learning_rates:
            loss, grads = loss_and_gradients(theta, *sample_batch(X, y, batch_size, rng), reg)
            yield loss
            theta = {name: theta[name] - rate * grads[name] for name in theta}

    return np.fromiter(losses(params), dtype=float)


# %% q3b-range · batches-in-advance
# Draws all batches in advance.
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    batches = [sample_batch(X, y, batch_size, rng) for _ in learning_rates]
    losses = []
    for rate, (X_batch, y_batch) in zip(learning_rates, batches):
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(float(loss))
        params = sgd_step(params, grads, learning_rate=rate)
    return np.stack(losses)


# %% q3b-range · rates-recursively
# Tries the first rate, and then the others from where it got.
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    if len(learning_rates) == 0:
        return np.zeros(0)
    X_batch, y_batch = sample_batch(X, y, batch_size, rng)
    loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
    moved = sgd_step(params, grads, learning_rates[0])
    others = range_test(loss_and_gradients, moved, X, y, learning_rates[1:], rng=rng, reg=reg, batch_size=batch_size)
    return np.concatenate([[loss], others])


# %% q3b-range · reported
# Notes losses by their number in an array, and reports.
from tqdm import tqdm


def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses = np.full(len(learning_rates), np.nan)
    theta = dict(params)
    for i in tqdm(range(len(learning_rates)), desc="range test", leave=False):
        chosen = rng.choice(len(X), size=batch_size)
        losses[i], grads = loss_and_gradients(theta, X[chosen], y[chosen], reg)
        for name, gradient in grads.items():
            theta[name] = theta[name] - learning_rates[i] * gradient
    print(f"smallest loss {np.nanmin(losses):.4f} before the step with {learning_rates[np.nanargmin(losses)]:.2e}")
    return losses


# %% q3b-range · closure
# Keeps the parameters in a function that takes one step.
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    theta = params

    def loss_before(rate):
        nonlocal theta
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(theta, X_batch, y_batch, reg)
        theta = sgd_step(theta, grads, rate)
        return loss

    return np.array([loss_before(rate) for rate in learning_rates])


# %% q3b-range · step-before-the-next-loss
# Steps before the next loss and not after the last one, which is the same.
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    losses, grads, last = [], None, None
    for rate in learning_rates:
        if grads is not None:
            params = sgd_step(params, grads, last)
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(loss)
        last = rate
    return np.array(losses)


# %% q3b-interval · threads
# Divides the work among threads, each with a generator of its own.
from concurrent.futures import ThreadPoolExecutor


def bootstrap_interval(values, rng, repeats=2000):
    values = np.asarray(values, dtype=float)

    def means(job):
        seed, count = job
        own = np.random.default_rng(seed)
        return [own.choice(values, len(values)).mean() for _ in range(count)]

    counts = [len(part) for part in np.array_split(np.arange(repeats), 4)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        drawn = [mean for part in pool.map(means, zip(rng.integers(2**63, size=4), counts)) for mean in part]
    return tuple(np.percentile(drawn, [2.5, 97.5]))


# %% q3b-interval · sorted-means
# Sorts the means and interpolates between them.
def bootstrap_interval(values, rng, repeats=2000):
    values = np.asarray(values, dtype=float)
    means = np.sort([rng.choice(values, len(values), replace=True).mean() for _ in range(repeats)])
    positions = np.linspace(0, 1, repeats) if repeats > 1 else [0.0]
    return float(np.interp(0.025, positions, means)), float(np.interp(0.975, positions, means))


# %% q3b-interval · how-often-each-value
# Counts how often each value was drawn, and weighs.
def bootstrap_interval(values, rng, repeats=2000):
    values, means = np.array(values, dtype=np.float64), []
    for _ in range(repeats):
        weights = np.bincount(rng.integers(values.size, size=values.size), minlength=values.size)
        means.append(np.average(values, weights=weights))
    return np.quantile(means, 0.025), np.quantile(means, 0.975)


# %% q3b-interval · a-hundred-at-a-time
# Draws a hundred samples at a time to save memory.
def bootstrap_interval(values, rng, repeats=2000):
    n, means = len(values), np.empty(repeats)
    numbers = np.asarray(values).astype(float)
    for start in range(0, repeats, 100):
        size = min(100, repeats - start)
        means[start : start + size] = numbers[rng.integers(0, n, (size, n))].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return low, high


# %% q3b-interval · pandas-quantiles
# Leaves the quantiles to pandas.
import pandas as pd


def bootstrap_interval(values, rng, repeats=2000):
    drawn = rng.choice(np.array(values) * 1.0, size=(len(values), repeats))
    bounds = pd.DataFrame(drawn).mean(axis=0).quantile([0.025, 0.975])
    return tuple(float(bound) for bound in bounds)


# %% q3b-interval · scipy-bootstrap
# Leaves it all to SciPy.
from scipy import stats


def bootstrap_interval(values, rng, repeats=2000):
    means = stats.bootstrap(
        (np.asarray(values, dtype=float),), np.mean, n_resamples=repeats, method="percentile", random_state=rng
    ).bootstrap_distribution
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


# %% q3b-interval · cut-at-both-ends
# Cuts off as many means at either end.
def bootstrap_interval(values, rng, repeats=2000):
    x = np.asarray(values, dtype=float)
    means = sorted(float(x[rng.integers(len(x), size=len(x))].sum()) / len(x) for _ in range(repeats))
    cut = int(repeats * 0.025)
    middle = means[cut : repeats - cut]
    return middle[0], middle[-1]


# %% q3b-interval · deviations
# Draws deviations from the mean.
def bootstrap_interval(values: np.ndarray, rng: np.random.Generator, repeats: int = 2000) -> tuple[float, float]:
    x = np.asarray(values, dtype=float)
    mean = x.mean()
    deviations = rng.choice(x - mean, (repeats, len(x))).mean(axis=1)
    bounds = mean + np.percentile(deviations, [2.5, 97.5], method="median_unbiased")
    return float(bounds[0]), float(bounds[1])


# %% q3b-interval · partition-of-means
# Finds both bounds by partition.
def bootstrap_interval(values, rng, repeats=2000):
    x = np.asarray(values) + 0.0
    means = (rng.random((repeats, len(x))) * len(x)).astype(int)
    means = x.take(means).sum(1) / len(x)
    a, b = round(0.025 * (repeats - 1)), round(0.975 * (repeats - 1))
    ordered = np.partition(means, [a, b])
    return ordered[a].item(), ordered[b].item()


# %% q3b-fold · mean-through-the-first-layer
# Puts the prepared zero through the first layer for the new biases.
def fold_inputs(params, mean, scale):
    b1 = (0 - mean) / scale @ params["W1"] + params["b1"]
    return {"W1": params["W1"] / scale, "b1": b1, "W2": params["W2"], "b2": params["b2"]}


# %% q3b-fold · probed
# Asks the first layer what it does to zero and to the unit vectors.
def fold_inputs(params, mean, scale):
    def first(x):
        return (x - mean) / scale @ params["W1"] + params["b1"]

    at_zero = first(np.zeros(len(mean)))
    new = dict(params)
    new["W1"] = first(np.eye(len(mean))) - at_zero
    new["b1"] = at_zero
    return new


# %% q3b-fold · reciprocal
# Multiplies by the reciprocal of the scale.
def fold_inputs(params, mean, scale):
    inverse = 1.0 / scale
    result = {name: np.array(value) for name, value in params.items()}
    result["W1"] = inverse * params["W1"]
    result["b1"] = params["b1"] - inverse * np.dot(params["W1"].T, mean)
    return result


# %% q3b-fold · tensordot
# Lets tensordot multiply and lays the two new arrays over the old dict.
def fold_inputs(params, mean, scale):
    W1 = np.divide(params["W1"], scale)
    b1 = np.subtract(params["b1"], np.tensordot(mean, W1, axes=1))
    return {**params, **{"W1": W1, "b1": b1}}


# %% q3b-fold · sum-of-products
# Sums the products with a column of means.
def fold_inputs(params, mean, scale):
    folded = params.copy()
    folded["W1"] = params["W1"] / scale
    folded["b1"] = params["b1"] - np.sum(mean[:, np.newaxis] * folded["W1"], axis=0)
    return folded


# %% q3b-fold · row-of-means
# Makes a matrix of one row of the mean.
def fold_inputs(params: dict, mean: np.ndarray, scale: float) -> dict:
    """Equation (3.8)."""
    shift = (mean.reshape(1, -1) / scale) @ params["W1"]
    W1, b1, W2, b2 = (params[name].copy() for name in ("W1", "b1", "W2", "b2"))
    W1 /= scale
    b1 -= shift[0]
    return {"b2": b2, "W2": W2, "b1": b1, "W1": W1}


# %% q3b-fold · unit-by-unit
# Folds one hidden unit after the other.
def fold_inputs(params, mean, scale):
    columns, biases = [], []
    for w, b in zip(params["W1"].T, params["b1"]):
        columns.append(w / scale)
        biases.append(b - mean @ w / scale)
    return params | {"W1": np.stack(columns, axis=1), "b1": np.array(biases)}


# %% q3b-fold · diagonal-matrix
# Takes the preparation for a diagonal matrix and a shift.
def fold_inputs(params, mean, scale):
    A, c = np.diag(np.full(len(mean), 1 / scale)), -mean / scale
    return params | {"W1": A @ params["W1"], "b1": c @ params["W1"] + params["b1"]}
