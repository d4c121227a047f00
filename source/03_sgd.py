# ---
# jupyter:
#   hands_in: [best_two_layer.npz]
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 · SGD: train it, see it fail, find out why, make it work
#
# You have a network, its loss, and a gradient that you can prove. Now it learns: first five points, then real images. With
# the sheet's hyper-parameters the network gets about 30 % of the validation images right. You will see in pictures why, and
# bring it above 48 %.
#
# | exercise | you do | points |
# |---|---|---|
# | `q3a-objective` | loss and gradients from one forward pass | 2 |
# | `q3a-batch` | draw a mini-batch | 3 |
# | `q3a-step` | one step of plain SGD | 2 |
# | `q3a-momentum` | one step with momentum, classic and damped | 4 |
# | `q3a-decay` | a learning rate that decays | 2 |
# | `q3a-train` | the training loop | 8 |
# | `q3a-predict` | from scores to classes | 2 |
# | `q3b-init` | initial weights | 2 |
# | `q3b-diagnosis` | why the defaults fail | 6 (written) |
# | `q3b-range` | the learning-rate range test | 4 |
# | `q3b-interval` | how sure is an accuracy? | 3 |
# | `q3b-fold` | a network for raw pixels | 3 |
# | `q3b-weights`, `q3b-accuracy` | hand in your best network, above 48 % | 2 + 6 |
# | `q3b-report` | the test set, once, and what you conclude | 6 (written) |
#
# Plan about four hours, of which the computer takes some minutes. The training loop is judged on problems whose solution is
# known in closed form; your network is judged on images that nobody has seen.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "03-points", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers.points import show_points

show_points("03_sgd.ipynb")

# %% nbgrader={"grade": false, "grade_id": "03-setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from helpers import (
    carry,
    check_accuracy,
    check_close,
    check_gradient,
    check_true,
    exercise,
    second_probe,
    toy_problem,
    unchanged,
)
from helpers.data import as_rows, load_images
from helpers.image_figures import plot_confusion, show_images, show_weights
from helpers.search import bottom, grid, plot_search, random_settings, search, top
from helpers.training import TrainingCurve
from helpers.training_figures import (
    plot_curves,
    plot_intervals,
    plot_range_test,
    plot_update_ratios,
)
from helpers.weights import load_weights, save_weights


def _random_arrays(rng, **shapes):
    """Random arrays of these shapes, by name."""
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


# %% [markdown]
# ## 3a · Stochastic gradient descent
#
# ### Exercise `q3a-objective` · 2 points
#
# Training asks for the loss and its gradient at the same parameters, thousands of times. `compute_loss` and `backward` each need
# the activations; one forward pass is enough for both. Carry your functions over from the earlier notebooks and combine them:
# the loss (1.6) and its gradient from a single call of `forward`.

# %% nbgrader={"grade": false, "grade_id": "03-carry", "locked": true, "schema_version": 3, "solution": false, "task": false}
forward, cross_entropy = carry("01_feedforward.ipynb", "forward", "cross_entropy")
(backward,) = carry("02_backprop.ipynb", "backward")


# %% nbgrader={"grade": false, "grade_id": "q3a-objective", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_and_gradients(params, X, y, reg):
    """The regularised loss (a number) and its gradient (a dict like params), a tuple.

    X (N, D), y (N,): the batch; reg: λ. Equation (1.6).
    """
    ### BEGIN SOLUTION
    cache = forward(params, X)
    penalty = reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    loss = cross_entropy(cache["Z3"], y) + penalty
    return loss, backward(params, cache, y, reg)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3a-objective-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Are both the loss and the gradient those of the toy problem and of the probe?"""


def _check_pair(answer, loss, grads, name):
    check_true(
        isinstance(answer, tuple) and len(answer) == 2 and not isinstance(answer[0], dict),
        f"{name} is a tuple: first the loss, then the gradients",
    )
    check_close(answer[0], loss, f"the loss of {name}")
    check_gradient(answer[1], grads, f"the gradients of {name}")


def _check_objective():
    for make, name in ((toy_problem, "the toy problem"), (second_probe, "the probe")):
        problem = make()
        with unchanged("loss_and_gradients", params=problem.params):
            answer = loss_and_gradients(problem.params, problem.X, problem.y, problem.reg)
        _check_pair(answer, problem.loss, problem.grads, f"loss_and_gradients on {name}")


### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

_check_objective = truth.either(_check_objective, globals(), **truth.OBJECTIVE_BLOCKS)
### END HIDDEN TESTS
with exercise("q3a-objective"):
    _check_objective()
### BEGIN HIDDEN TESTS
with fresh_inputs("q3a-objective") as rng:
    params, X, y, reg = truth.random_problem(rng)
    loss, grads = truth.loss(params, X, y, reg), truth.gradient(params, X, y, reg)

    def _check_fresh():
        _check_pair(loss_and_gradients(params, X, y, reg), loss, grads, "loss_and_gradients")

    truth.either(_check_fresh, globals(), **truth.OBJECTIVE_BLOCKS)()
### END HIDDEN TESTS

# %% [markdown]
# ### Mini-batches
#
# The loss (1.6) is a mean over all $N$ samples. The mean over $B$ of them, drawn at random as $i_1, \dots, i_B$, has the same
# expectation at a fraction of the cost:
#
# $$ g = \frac1B \sum_{j=1}^{B} \frac{\partial J_{i_j}}{\partial \theta} + \frac{\partial}{\partial\theta}\, \lambda \bigl( \lVert W^{(1)} \rVert^2 + \lVert W^{(2)} \rVert^2 \bigr) \tag{3.1} $$
#
# ### Exercise `q3a-batch` · 3 points
#
# Draw the samples **with replacement**: every draw may be any of the $N$ samples, so that a batch may even be larger than the
# set. All randomness comes from `rng`, an `np.random.Generator`, as in `rng.integers(...)`.


# %% nbgrader={"grade": false, "grade_id": "q3a-batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_batch(X, y, batch_size, rng):
    """batch_size samples, drawn with replacement, as a tuple: rows of X (batch_size, D), and
    their labels (batch_size,)."""
    ### BEGIN SOLUTION
    chosen = rng.integers(len(X), size=batch_size)
    return X[chosen], y[chosen]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3a-batch-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Does every row keep its label, and does every sample have the same chance?"""


def _check_batches(N, seed, batch_size):
    X, y = np.arange(2 * N, dtype=np.float32).reshape(N, 2), np.arange(N) * 3 % 7
    with unchanged("sample_batch", X=X, y=y):
        X_batch, y_batch = sample_batch(X, y, batch_size, np.random.default_rng(seed))
    for name, batch, shape, why in (
        ("X_batch", X_batch, (batch_size, 2), "with replacement, it may have more than the set"),
        ("y_batch", y_batch, (batch_size,), "a label for each row that is drawn"),
    ):
        check_true(
            isinstance(batch, np.ndarray),
            f"{name} is an array",
            f"yours     {type(batch).__name__}",
        )
        check_true(
            batch.shape == shape, f"{name} has shape {shape}: {why}", f"yours     {batch.shape}"
        )
    check_true(
        X_batch.dtype == np.float32,
        "X_batch has the dtype of X, float32",
        f"yours     {X_batch.dtype}",
    )
    rows = np.round(X_batch[:, 0] / 2).astype(int)
    check_true(
        np.all((rows >= 0) & (rows < N)) and np.array_equal(X_batch, X[rows]),
        "every row of X_batch is a row of X",
    )
    check_true(
        np.array_equal(y_batch, y[rows]), "every row of X_batch has its own label in y_batch"
    )
    expected, counts = batch_size / N, np.bincount(rows, minlength=N)
    check_true(counts.min() > 0, "every sample can be drawn, the first and the last one, too")
    check_true(
        np.all(np.abs(counts - expected) < 6 * np.sqrt(expected)),
        "every sample is drawn about equally often",
    )
    check_true(
        counts.min() < counts.max(), "the draws are independent, not a fixed number of each sample"
    )


def _check_randomness(seed):
    X, y = np.arange(1000.0).reshape(500, 2), np.arange(500)
    draws = [sample_batch(X, y, 20, np.random.default_rng(s))[0] for s in (seed, seed, seed + 1)]
    check_true(np.array_equal(draws[0], draws[1]), "the same rng gives the same batch")
    check_true(not np.array_equal(draws[0], draws[2]), "another rng gives another batch")
    rng = np.random.default_rng(seed)
    first, second = (sample_batch(X, y, 20, rng)[0] for _ in range(2))
    check_true(not np.array_equal(first, second), "the next batch from one rng is another one")


with exercise("q3a-batch"):
    _check_randomness(1)
    _check_batches(10, 0, 4000)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q3a-batch") as rng:
    _check_batches(int(rng.integers(5, 15)), int(rng.integers(2**32)), 5000)
    _check_randomness(int(rng.integers(2**32)))
### END HIDDEN TESTS

# %% [markdown]
# ### One step
#
# Against the gradient the loss falls, if the step is not too long. The **learning rate** $\alpha$ sets its length:
#
# $$ \theta^{(t+1)} = \theta^{(t)} - \alpha\, g^{(t)} \tag{3.2} $$
#
# ### Exercise `q3a-step` · 2 points
#
# One step, for every parameter there is. Return a new dict; the old one stays as it was.


# %% nbgrader={"grade": false, "grade_id": "q3a-step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_step(params, grads, learning_rate):
    """The parameters after one step of SGD: a new dict with the keys and shapes of params,
    equation (3.2)."""
    ### BEGIN SOLUTION
    return {name: value - learning_rate * grads[name] for name, value in params.items()}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3a-step-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does every parameter, biases too, move against its gradient?"""


def _check_step(rng, learning_rate):
    shapes = {"W1": (3, 4), "b1": (4,), "W2": (4, 2), "b2": (2,), "W3": (2, 5)}
    params, grads = _random_arrays(rng, **shapes), _random_arrays(rng, **shapes)
    with unchanged("sgd_step", params=params, grads=grads):
        after = sgd_step(params, grads, learning_rate)
    check_true(
        isinstance(after, dict) and set(after) == set(shapes),
        "the result has every key of params, whatever they are",
    )
    still = [name for name in shapes if np.array_equal(after[name], params[name])]
    check_true(
        not still, "every parameter moves, the biases, too", f"yours     {', '.join(still)} did not"
    )
    moved = {name: (params[name] - after[name]) / learning_rate for name in after}
    check_close(moved, grads, "(params before - after) / learning_rate", tolerance=1e-6)


with exercise("q3a-step"):
    one = sgd_step({"w": np.array([1.0, 2.0])}, {"w": np.array([0.5, -1.0])}, 0.1)
    check_close(one, {"w": [0.95, 2.1]}, "sgd_step({'w': [1, 2]}, {'w': [0.5, -1]}, 0.1)")
    _check_step(np.random.default_rng(0), 0.5)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q3a-step") as rng:
    _check_step(rng, rng.uniform(0.1, 0.9))
### END HIDDEN TESTS

# %% [markdown]
# ### Momentum
#
# A ball that rolls keeps its direction. The **velocity** $v$ collects past gradients, and the step follows it. In the classic
# form, with momentum $\mu$ (often 0.9) and $v = 0$ at the start,
#
# $$ v^{(t+1)} = \mu\, v^{(t)} - \alpha\, g^{(t)} \tag{3.3} $$
#
# $$ \theta^{(t+1)} = \theta^{(t)} + v^{(t+1)} \tag{3.4} $$
#
# Under a constant gradient the velocity grows to $-\alpha g / (1 - \mu)$, ten times a plain step for $\mu = 0.9$. The damped form
# makes that limit $-\alpha g$, so that momentum can be changed without a new learning rate:
#
# $$ v^{(t+1)} = \mu\, v^{(t)} - (1 - \mu)\, \alpha\, g^{(t)} \tag{3.5} $$
#
# Both are called "SGD with momentum". Whoever reports a learning rate has to say which. (The sheet prints
# $\theta \leftarrow \theta + v$ with $v = -\partial J / \partial \theta$: there both $\alpha$ and $\mu$ are missing.)
#
# ### Exercise `q3a-momentum` · 4 points
#
# One step in either form. Return the new parameters and the new velocity; all that is given stays as it was.


# %% nbgrader={"grade": false, "grade_id": "q3a-momentum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    """Parameters and velocity after one step, a tuple of two new dicts with the keys of params.

    Equations (3.3) and (3.4); with damped=True, (3.5) in place of (3.3).
    """
    ### BEGIN SOLUTION
    rate = (1 - momentum) * learning_rate if damped else learning_rate
    velocity = {name: momentum * velocity[name] - rate * grads[name] for name in params}
    return {name: params[name] + velocity[name] for name in params}, velocity
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3a-momentum-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Does the velocity grow under a constant gradient as it must, in both forms?"""


def _check_constant_gradient(gradient, rate, momentum, damped, steps):
    """After t steps v = -s (1 - μ^t) / (1 - μ), θ the sum of all v; s: a first step's length."""
    grads = {"W": gradient, "b": gradient[0]}
    params, velocity = ({name: value * 0 for name, value in grads.items()} for _ in range(2))
    s = rate * (1 - momentum if damped else 1.0)
    where = f"(momentum={momentum:g}, damped={damped})"
    for t in range(1, steps + 1):
        with unchanged("momentum_step", params=params, velocity=velocity, grads=grads):
            answer = momentum_step(params, velocity, grads, rate, momentum, damped)
        check_true(
            isinstance(answer, tuple) and len(answer) == 2,
            "momentum_step returns (params, velocity)",
            f"yours     {type(answer).__name__}",
        )
        params, velocity = answer
        other = -(rate if damped else rate * (1 - momentum)) * grads["W"]
        form = "damped form (3.5)" if damped else "classic form (3.3)"
        check_true(
            t > 1 or momentum == 0 or not np.allclose(velocity["W"], other),
            f"damped={damped} is the {form}, not the other one",
        )
        v = -s * (1 - momentum**t) / (1 - momentum)
        moved = -s * (t - momentum * (1 - momentum**t) / (1 - momentum)) / (1 - momentum)
        check_close(
            velocity,
            {name: v * value for name, value in grads.items()},
            f"the velocity after step {t} {where}",
        )
        check_close(
            params,
            {name: moved * value for name, value in grads.items()},
            f"the params after step {t} {where}",
        )


with exercise("q3a-momentum"):
    for damped in (False, True):
        _check_constant_gradient(np.array([[1.0, -2.0], [0.5, 4.0]]), 0.1, 0.9, damped, 4)
    _check_constant_gradient(np.array([[1.0, -2.0], [0.5, 4.0]]), 0.1, 0.0, False, 2)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q3a-momentum") as rng:
    for damped in (False, True):
        _check_constant_gradient(
            rng.normal(size=(3, 2)), rng.uniform(0.1, 1.0), rng.uniform(0.3, 0.95), damped, 6
        )
### END HIDDEN TESTS

# %% [markdown]
# ### Learning-rate decay
#
# Far from the minimum long steps are right, near it short ones. The sheet multiplies the rate by a factor $d$ after every
# **epoch**, which is as many iterations as it takes to draw $N$ samples, $T = \max(\lfloor N / B \rfloor, 1)$. In iteration
# $t = 0, 1, 2, \dots$
#
# $$ \alpha^{(t)} = \alpha^{(0)}\, d^{\,\lfloor t / T \rfloor} \tag{3.6} $$
#
# ### Exercise `q3a-decay` · 2 points
#
# The rate of one iteration, computed from the initial rate: it is not handed on from step to step.


# %% nbgrader={"grade": false, "grade_id": "q3a-decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    """The learning rate (a number) in an iteration (0, 1, ...) when an epoch has per_epoch
    iterations, equation (3.6)."""
    ### BEGIN SOLUTION
    return learning_rate * decay ** (iteration // per_epoch)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3a-decay-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does the rate fall by one factor after each epoch, and only then?"""
with exercise("q3a-decay"):
    for iteration, expected in ((0, 0.5), (9, 0.5), (10, 0.4), (19, 0.4), (20, 0.32), (25, 0.32)):
        check_close(
            decayed_rate(0.5, 0.8, iteration, 10),
            expected,
            f"decayed_rate(0.5, 0.8, {iteration}, 10)",
        )
    check_close(decayed_rate(0.1, 0.95, 3, 1), 0.1 * 0.95**3, "decayed_rate(0.1, 0.95, 3, 1)")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q3a-decay") as rng:
    rate, decay, per_epoch = (
        rng.uniform(0.01, 1.0),
        rng.uniform(0.5, 0.99),
        int(rng.integers(2, 50)),
    )
    expected = rate
    for epoch in range(5):
        for iteration in (epoch * per_epoch, (epoch + 1) * per_epoch - 1):
            check_close(
                decayed_rate(rate, decay, iteration, per_epoch),
                expected,
                "decayed_rate(learning_rate, decay, iteration, per_epoch)",
            )
        expected = expected * decay
### END HIDDEN TESTS

# %% [markdown]
# ### The training loop
#
# ### Exercise `q3a-train` · 8 points
#
# Put it together: in every iteration draw a batch, get its loss and gradients, and take a (classic) momentum step with the
# decayed rate. The function to be minimised comes as an argument, so the same loop trains anything:
# `loss_and_gradients(params, X_batch, y_batch, reg)` returns a loss and a dict of gradients. Collect the losses. If `on_step`
# is not `None`, call it at the end of each iteration with three arguments, the iteration, its loss and the new parameters: that
# is how a progress bar or a figure looks in.
#
# The toy problem must reach a loss of **0.02** or less. That bar alone is blind: a loop that never updates the biases, and one
# that forgets its velocity in every step, pass it as well. So your loop is also tried on a quadratic bowl, where every step is
# known.


# %% nbgrader={"grade": false, "grade_id": "q3a-train", "locked": false, "schema_version": 3, "solution": true, "task": false}
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
    """Trained parameters (a new dict) and the loss of every iteration (a list), as a tuple.

    params: where to start, left unchanged; X (N, D), y (N,): the training set; rng: for batches.
    The defaults are the sheet's. Equations (3.1), (3.3), (3.4), (3.6).
    """
    ### BEGIN SOLUTION
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    per_epoch = max(len(X) // batch_size, 1)
    losses = []
    for iteration in range(iterations):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        rate = decayed_rate(learning_rate, decay, iteration, per_epoch)
        params, velocity = momentum_step(params, velocity, grads, rate, momentum)
        losses.append(float(loss))
        if on_step is not None:
            on_step(iteration, loss, params)
    return params, losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3a-train-test", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
"""Is every step the one that a quadratic bowl demands, and does the toy problem reach 0.02?"""


class _Bowl:
    """J = ½ ‖θ - c‖² + reg, whatever the batch; it notes what it is asked."""

    def __init__(self, centers, N=40):
        self.centers, self.asked, self.steps = centers, [], []
        self.X, self.y = np.arange(3.0 * N).reshape(N, 3), np.arange(N) * 5 % 11

    def loss_and_gradients(self, params, X, y, reg):
        self.asked.append((np.array(X), np.array(y), reg))
        away = {name: params[name] - center for name, center in self.centers.items()}
        return reg + sum(np.sum(value**2) for value in away.values()) / 2, away

    def note(self, iteration, loss, params):
        self.steps.append(
            (iteration, float(loss), {name: value.copy() for name, value in params.items()})
        )


def _distances(steps, rate, momentum, decay, per_epoch):
    """How far from the centre, in shares of the start, θ is after 0, 1, 2, ... steps."""
    state, shares = np.array([1.0, 0.0]), [1.0]
    for t in range(steps):
        a = rate * decay ** (t // per_epoch)
        state = np.array([[1 - a, momentum], [-a, momentum]]) @ state
        shares.append(state[0])
    return np.array(shares)


def _check_bowl(seed, rate, momentum, decay, batch_size, steps=9):
    rng = np.random.default_rng(seed)
    shapes = {"W1": (3, 2), "b1": (2,), "W2": (2, 4), "b2": (4,)}
    bowl, start = _Bowl(_random_arrays(rng, **shapes)), _random_arrays(rng, **shapes)
    options = {
        "rng": np.random.default_rng(seed),
        "learning_rate": rate,
        "momentum": momentum,
        "decay": decay,
        "reg": 0.7,
        "batch_size": batch_size,
        "iterations": steps,
        "on_step": bowl.note,
    }
    with unchanged("train", params=start, X=bowl.X, y=bowl.y):
        answer = train(bowl.loss_and_gradients, start, bowl.X, bowl.y, **options)
    check_true(
        isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], dict),
        "train returns (params, losses)",
        f"yours     {type(answer).__name__}",
    )
    check_true(
        isinstance(answer[1], list),
        "the losses are a list",
        f"yours     {type(answer[1]).__name__}",
    )
    for name, calls in (("loss_and_gradients", len(bowl.asked)), ("on_step", len(bowl.steps))):
        check_true(
            calls == steps,
            f"{name} is called once in each of {steps} iterations",
            f"yours     {calls} calls",
        )
    for _, _, reg in bowl.asked:
        check_true(
            reg == 0.7,
            "loss_and_gradients gets the reg that train was called with, 0.7",
            f"yours     {reg}",
        )
    for kind, names in (("weights of both layers", ("W1", "W2")), ("biases", ("b1", "b2"))):
        check_true(
            not any(np.allclose(answer[0][name], start[name]) for name in names), f"the {kind} move"
        )
    _, _, first = bowl.steps[0]
    check_true(
        not np.allclose(first["W1"], start["W1"]),
        "on_step gets the new parameters, those after the step",
    )
    away = {name: start[name] - center for name, center in bowl.centers.items()}
    per_epoch = max(len(bowl.X) // batch_size, 1)
    shares = _distances(steps, rate, momentum, decay, per_epoch)
    where = f"with momentum={momentum:g}, decay={decay:g}, {per_epoch} iterations an epoch"
    for t, (iteration, _, params) in enumerate(bowl.steps):
        check_true(iteration == t, "on_step gets the iterations 0, 1, 2, ...")
        expected = {
            name: center + shares[t + 1] * away[name] for name, center in bowl.centers.items()
        }
        check_close(params, expected, f"params after step {t + 1} {where}")
    check_close(answer[0], expected, f"the params that train returns {where}")
    losses = 0.7 + shares[:-1] ** 2 * sum(np.sum(value**2) for value in away.values()) / 2
    check_close(np.array(answer[1], dtype=float), losses, f"the losses that train returns {where}")
    check_close(
        np.array([step[1] for step in bowl.steps]), losses, f"the losses that on_step gets {where}"
    )
    return bowl


def _check_asked(bowl, batch_size):
    for X, y, _ in bowl.asked:
        check_true(
            len(X) == len(y) == batch_size,
            f"a batch has {batch_size} samples, drawn with replacement",
            f"yours     {len(X)}",
        )
        check_true(
            np.array_equal(y, np.round(X[:, 0] / 3).astype(int) * 5 % 11),
            "every sample keeps its label",
        )
    if batch_size >= 20:
        check_true(
            any(len(np.unique(X[:, 0])) < batch_size for X, _, _ in bowl.asked),
            "batches are drawn with replacement",
        )
    batches = {X.tobytes() for X, _, _ in bowl.asked}
    check_true(len(batches) == len(bowl.asked), "every iteration draws a new batch")


def _check_training():
    _check_asked(_check_bowl(0, rate=0.3, momentum=0.0, decay=1.0, batch_size=8), 8)
    _check_bowl(1, rate=0.2, momentum=0.9, decay=1.0, batch_size=8)
    _check_bowl(2, rate=0.3, momentum=0.0, decay=0.5, batch_size=15)
    _check_asked(_check_bowl(3, rate=0.3, momentum=0.5, decay=0.8, batch_size=100), 100)
    toy = toy_problem()
    settings = {"learning_rate": 0.1, "reg": 5e-6, "iterations": 100}
    _, losses = train(
        loss_and_gradients, toy.params, toy.X, toy.y, rng=np.random.default_rng(0), **settings
    )
    check_true(
        losses[-1] <= 0.02, "the toy problem reaches a loss of 0.02", f"yours     {losses[-1]:.6f}"
    )


def _check_reproducible(seed):
    toy = toy_problem()
    runs = [
        train(
            loss_and_gradients, toy.params, toy.X, toy.y, rng=np.random.default_rng(s), iterations=5
        )[1]
        for s in (seed, seed, seed + 1)
    ]
    check_true(runs[0] == runs[1], "the same rng gives the same training")
    check_true(runs[0] != runs[2], "another rng gives another one")


### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

_check_training = truth.either(_check_training, globals(), **truth.TRAINING_BLOCKS)
_check_reproducible = truth.either(_check_reproducible, globals(), **truth.TRAINING_BLOCKS)
### END HIDDEN TESTS
with exercise("q3a-train"):
    _check_training()
    _check_reproducible(0)
### BEGIN HIDDEN TESTS
with fresh_inputs("q3a-train") as rng:
    for _ in range(3):
        seed, batch_size = int(rng.integers(2**32)), int(rng.integers(4, 30))
        rate, momentum, decay = (
            rng.uniform(0.05, 0.5),
            rng.uniform(0.2, 0.95),
            rng.uniform(0.5, 0.95),
        )

        def _check_fresh():
            _check_asked(_check_bowl(seed, rate, momentum, decay, batch_size), batch_size)

        truth.either(_check_fresh, globals(), **truth.TRAINING_BLOCKS)()
### END HIDDEN TESTS

# %% [markdown]
# Your loop on the toy problem. With momentum 0.9 the loss falls faster here; without decay as well. Which of the
# curves would you have expected? The toy problem has five points, and the network 83 parameters.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "03-toy", "locked": true, "schema_version": 3, "solution": false, "task": false}
toy = toy_problem()
choices = {
    "as on the sheet": {},
    "no decay": {"decay": 1.0},
    "momentum 0.9": {"momentum": 0.9},
    "learning rate 0.01": {"learning_rate": 0.01},
}
curves = {}
for name, choice in choices.items():
    settings = {"learning_rate": 0.1, "reg": 5e-6, "iterations": 100} | choice
    _, curves[name] = train(
        loss_and_gradients, toy.params, toy.X, toy.y, rng=np.random.default_rng(0), **settings
    )
print(f"as on the sheet, the loss ends at {curves['as on the sheet'][-1]:.4f}")
plot_curves(curves, "iteration", "loss of the batch", "SGD on the toy problem", log=True)

# %% [markdown]
# ### Exercise `q3a-predict` · 2 points
#
# The class that the network chooses is the one with the highest probability. `forward` comes as an argument and returns a
# dict with the probabilities (or scores: the order is the same) in `"P"`.


# %% nbgrader={"grade": false, "grade_id": "q3a-predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(forward, params, X):
    """The most probable class of each row of X (N, D): an array (N,) of integers."""
    ### BEGIN SOLUTION
    return np.argmax(forward(params, X)["P"], axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3a-predict-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Is it the class with the highest probability, row by row?"""


def _linear(params, X):
    return {"X": X, "P": X @ params["W"]}


def _check_predictions(X, W):
    predicted = predict(_linear, {"W": W}, X)
    check_true(
        np.shape(predicted) != W.shape[1:], "each row gets a class: a row is a sample, not a column"
    )
    expected = [max(range(W.shape[1]), key=lambda k: scores[k]) for scores in (X @ W).tolist()]
    check_close(predicted, np.array(expected), "predict(forward, params, X)")
    check_true(np.asarray(predicted).dtype.kind in "iu", "the classes are integers")


with exercise("q3a-predict"):
    _check_predictions(np.random.default_rng(0).normal(size=(30, 4)), np.eye(4))
    _check_predictions(
        np.eye(3), np.array([[0.1, 0.7, 0.1, 0.1], [0.4, 0.2, 0.3, 0.1], [0, 0, 0, 1.0]])
    )
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q3a-predict") as rng:
    _check_predictions(rng.normal(size=(25, 6)), rng.normal(size=(6, 5)))
### END HIDDEN TESTS

# %% [markdown]
# ## 3b · Real images
#
# CIFAR-10 has 50,000 training images of 32 × 32 pixels in ten classes. The first time they are downloaded (170 MB); without a
# network you get a built-in set with images of the same size, fewer of them, and the same lessons, and a line that says so. The
# last 1,000 training images are set aside for **validation**: all choices are made on them. The **test** images are for one
# look at the very end.
#
# Cells that train on images are not run again when your work is graded.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-images", "locked": true, "schema_version": 3, "solution": false, "task": false}
images = load_images()
print(images)
show_images(images.X_train[:2000], images.y_train[:2000], images.classes)

# %% [markdown]
# A row per image, and the mean training image subtracted from all of them, so that an input is how a pixel differs from
# its usual value. The mean is computed on the training images alone.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-rows", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_train, X_val = as_rows(images.X_train), as_rows(images.X_val)
y_train, y_val = np.array(images.y_train), np.array(images.y_val)
mean_image = X_train.mean(axis=0)
X_train -= mean_image
X_val -= mean_image
D, K = X_train.shape[1], len(images.classes)
print(f"X_train {X_train.shape} {X_train.dtype}, from {X_train.min():.0f} to {X_train.max():.0f}")
print(f"standard deviation of the inputs: {X_train[:5000].std():.1f}")


# %% [markdown]
# ### Exercise `q3b-init` · 2 points
#
# Where training starts. Biases are 0. Weights are random, else all hidden units would stay the same; their standard deviation
# `std` is the sheet's 1e-4, or, with `std=None`, the one of He et al. (2015) that keeps the size of signals through a ReLU layer:
#
# $$ W \sim \mathcal N\Bigl(0, \frac{2}{\text{number of inputs of the layer}}\Bigr) \tag{3.7} $$


# %% nbgrader={"grade": false, "grade_id": "q3b-init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initial_parameters(D, H, K, rng, std=None):
    """Random parameters: a dict with W1 (D, H), b1 (H,), W2 (H, K), b2 (K,), float64.

    std: the standard deviation of all weights; None: that of equation (3.7), for each layer.
    """
    ### BEGIN SOLUTION
    return {
        "W1": rng.normal(scale=np.sqrt(2 / D) if std is None else std, size=(D, H)),
        "b1": np.zeros(H),
        "W2": rng.normal(scale=np.sqrt(2 / H) if std is None else std, size=(H, K)),
        "b2": np.zeros(K),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3b-init-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Do the weights have the spread that was asked for, mean 0, and the biases 0?"""


def _check_initial(D, H, K, seed, std):
    params = initial_parameters(D, H, K, np.random.default_rng(seed), std)
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}
    check_true(
        isinstance(params, dict) and set(params) == set(shapes),
        "the result is a dict with W1, b1, W2, b2",
    )
    for name, shape in shapes.items():
        yours, dtype = np.shape(params[name]), np.asarray(params[name]).dtype
        check_true(yours == shape, f"{name} has shape {shape}", f"yours     {yours}")
        check_true(dtype == np.float64, f"{name} has dtype float64", f"yours     {dtype}")
    for name in ("b1", "b2"):
        check_true(not np.any(params[name]), f"the biases {name} start at 0")
    for name, inputs in (("W1", D), ("W2", H)):
        wanted, count = np.sqrt(2 / inputs) if std is None else std, params[name].size
        yours, near = params[name].std(), 5 / np.sqrt(2 * count)
        check_true(
            std is not None or abs(yours / wanted**2 - 1) > near,
            f"(3.7) is the variance of {name}, not its standard deviation",
        )
        check_true(
            std is not None or abs(yours**2 / wanted**2 - 0.5) > near,
            f"the variance of {name} is that of (3.7), not half of it",
        )
        check_true(
            abs(yours / wanted - 1) < near,
            f"{name}, a layer of {inputs} inputs, has a standard deviation of about {wanted:.3g} "
            f"for std={std}",
            f"yours     {yours:.3g}",
        )
        check_true(
            abs(params[name].mean()) < 5 * wanted / np.sqrt(count), f"{name} has a mean of about 0"
        )
    again = initial_parameters(D, H, K, np.random.default_rng(seed), std)
    other = initial_parameters(D, H, K, np.random.default_rng(seed + 1), std)
    for name in ("W1", "W2"):
        check_true(np.array_equal(params[name], again[name]), f"the same rng gives the same {name}")
        check_true(
            not np.array_equal(params[name], other[name]), f"another rng gives another {name}"
        )


with exercise("q3b-init"):
    _check_initial(300, 40, 20, 0, 1e-4)
    _check_initial(300, 60, 20, 1, None)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q3b-init") as rng:
    sizes = [int(size) for size in rng.integers(30, 90, size=3)]
    _check_initial(*sizes, int(rng.integers(2**32)), rng.uniform(0.01, 2.0))
    _check_initial(*sizes, int(rng.integers(2**32)), None)
### END HIDDEN TESTS

# %% [markdown]
# ### The sheet's defaults
#
# 50 hidden units, 1,000 iterations, batches of 200, learning rate 1e-4 with a decay of 0.95 per epoch, $\lambda = 0.25$, initial
# standard deviation 1e-4. The images are float32, which halves the time; so are the parameters here.


# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-defaults", "locked": true, "schema_version": 3, "solution": false, "task": false}
def in_float32(params):
    """The parameters in the precision of the images."""
    return {name: value.astype(np.float32) for name, value in params.items()}


def accuracy(params, X, y):
    """The share of X (N, D) that is classified as y (N,)."""
    return np.mean(predict(forward, params, X) == y)


def measures():
    """What to measure: accuracy on some training images, and on the validation images."""
    return {
        "training": lambda params: accuracy(params, X_train[:1000], y_train[:1000]),
        "validation": lambda params: accuracy(params, X_val, y_val),
    }


curve = TrainingCurve(1000, measures(), every=50, title="The sheet's defaults")
start = in_float32(initial_parameters(D, 50, K, np.random.default_rng(0), std=1e-4))
defaults, _ = train(
    loss_and_gradients, start, X_train, y_train, rng=np.random.default_rng(0), on_step=curve
)
print(f"validation accuracy with the defaults: {accuracy(defaults, X_val, y_val):.1%}")

# %% [markdown]
# What have the hidden units learned? Each has one weight per pixel and colour: an image.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-weights-defaults", "locked": true, "schema_version": 3, "solution": false, "task": false}
show_weights(defaults["W1"], images.X_train.shape[1:])

# %% [markdown]
# And how far did each update move the weights, compared with their own length? A rule of thumb says about 1e-3.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-ratios-defaults", "locked": true, "schema_version": 3, "solution": false, "task": false}
plot_update_ratios(curve.history)

# %% [markdown]
# But how long should weights be? He's initialisation (3.7) is for inputs of size 1. Where inputs are 64 times as large, weights
# may be 64 times smaller and the layer passes on as much.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-spread", "locked": true, "schema_version": 3, "solution": false, "task": false}
he = {"W1": np.sqrt(2 / D) / X_train[:5000].std(), "W2": np.sqrt(2 / 50)}
print("standard deviations of the weights")
for name, asked in he.items():
    at_start, at_end = start[name].std(), defaults[name].std()
    print(f"  {name}: {at_start:.1e} at the start, {at_end:.1e} at the end; He: {asked:.1e}")
activations = forward(start, X_train[:1000])
print("of the activations at the start")
for name in ("X", "Z2", "Z3"):
    print(f"  {name}: {activations[name].std():.1e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "q3b-diagnosis-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q3b-diagnosis` · 6 points (marked by hand)
#
# Why does this network fail? Say what each picture shows and what follows from it:
#
# 1. the loss curve: its shape, and where it would end if you waited;
# 2. the gap between training and validation accuracy: is this network too large, or too small, or neither?
# 3. the images of the weights: how many units do different things?
# 4. the ratio of update to weights: does it look healthy, and can you trust that here, with each layer's weights as long as
#    they are?
# 5. so which two or three hyper-parameters will you change first, in which direction, and which one surely not?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q3b-diagnosis", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# 1. The loss stays at $\log 10 \approx 2.3$ for some hundred iterations, then falls nearly in a straight line and is still
#    falling at the end: the training is cut off. The flat start is the second layer: its weights of 1e-4 let almost nothing
#    through, no scores up (a spread of 2e-4) and no errors down. The hidden units are awake ($Z^{(2)}$ has a spread of 0.36),
#    since the pixels are large.
# 2. There is no gap. The network does as badly on images that it has seen, so it underfits: more regularisation or a smaller
#    network cannot help.
# 3. Most units show the same blurred blob of one colour: they all started near zero and followed the same gradient. The network has
#    in effect a handful of units.
# 4. The ratios lie between 5e-4 and 2e-2, which looks healthy. For the first layer it is: for inputs of this size He asks for
#    4.0e-4, and its weights go from 1e-4 to 2.7e-4. For the second it is not: He asks for 0.2, its weights go from 1e-4 to
#    0.0043, and the ratio is relative to weights that are still some fifty times too short.
# 5. Raise the learning rate (by about ten), train longer, and give the network more hidden units, with a larger initialisation
#    so that they differ from the start. Less regularisation may help later; more of it surely not, nor a stronger decay.

# %% [markdown]
# ### How large may the learning rate be?
#
# The **range test** (Smith, 2015) finds out in one short run: take steps of plain SGD (3.2) while the rate rises exponentially
# from far too small to far too large, and watch the loss. Where it falls fastest, the rate is good; where it rises again, it is
# too large.
#
# ### Exercise `q3b-range` · 4 points
#
# For each rate in turn: draw a batch, note its loss at the current parameters, then take a step with that rate.


# %% nbgrader={"grade": false, "grade_id": "q3b-range", "locked": false, "schema_version": 3, "solution": true, "task": false}
def range_test(loss_and_gradients, params, X, y, learning_rates, *, rng, reg=0.0, batch_size=200):
    """The loss of the batch before each step: an array (n,), for n learning rates in the order
    in which they are tried."""
    ### BEGIN SOLUTION
    losses = []
    for learning_rate in learning_rates:
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grads = loss_and_gradients(params, X_batch, y_batch, reg)
        losses.append(float(loss))
        params = sgd_step(params, grads, learning_rate)
    return np.array(losses)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3b-range-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Is each loss the one before the step with that rate?"""


class _Slope:
    """J = ½ Σ θ² + reg, whatever the batch; it notes the batches."""

    def __init__(self):
        self.X, self.y, self.asked = np.arange(60.0).reshape(30, 2), np.arange(30) % 4, []

    def loss_and_gradients(self, params, X, y, reg):
        self.asked.append((np.array(X), np.array(y), reg))
        return reg + sum(np.sum(value**2) for value in params.values()) / 2, dict(params)


def _check_range(seed, rates):
    rng, slope = np.random.default_rng(seed), _Slope()
    start = _random_arrays(rng, W1=(2, 3), b1=(3,))
    options = {"rng": np.random.default_rng(seed), "reg": 0.3, "batch_size": 40}
    with unchanged("range_test", params=start, X=slope.X, y=slope.y):
        losses = range_test(slope.loss_and_gradients, start, slope.X, slope.y, rates, **options)
    shrunk = np.concatenate([[1.0], np.cumprod(1 - np.asarray(rates)[:-1])])
    expected = 0.3 + shrunk**2 * sum(np.sum(value**2) for value in start.values()) / 2
    check_close(losses, expected, "range_test(...)")
    check_true(
        all(reg == 0.3 for _, _, reg in slope.asked), "reg is passed on to loss_and_gradients"
    )
    yours = [len(X) for X, _, _ in slope.asked]
    check_true(
        set(yours) == {40},
        "every batch has batch_size samples, 40 with replacement",
        f"yours     {yours[0]}",
    )
    check_true(
        all(np.array_equal(y, np.round(X[:, 0] / 2).astype(int) % 4) for X, y, _ in slope.asked),
        "every sample keeps its label",
    )
    check_true(
        len(slope.asked) == len(rates), "loss_and_gradients is called once for every learning rate"
    )
    batches = [X.tobytes() for X, _, _ in slope.asked]
    check_true(len(set(batches)) == len(rates), "every step draws a new batch")
    return batches


def _check_ranges():
    _check_range(0, [0.01, 0.1, 0.5, 1.5, 3.0])
    rates = np.logspace(-3, 0.3, 12)
    check_true(
        _check_range(1, rates) == _check_range(1, rates), "the same rng gives the same batches"
    )


### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

_check_ranges = truth.either(_check_ranges, globals(), **truth.TRAINING_BLOCKS)
### END HIDDEN TESTS
with exercise("q3b-range"):
    _check_ranges()
### BEGIN HIDDEN TESTS
with fresh_inputs("q3b-range") as rng:
    seed, rates = int(rng.integers(2**32)), rng.uniform(0.1, 2.5, size=6)

    def _check_fresh():
        _check_range(seed, rates)

    truth.either(_check_fresh, globals(), **truth.TRAINING_BLOCKS)()
### END HIDDEN TESTS

# %% [markdown]
# Now with your network. Two things change first, because they cost nothing: the weights begin with He's initialisation (3.7), and
# since that needs inputs of size about 1, the pixels are divided by 64. (To run the defaults again after this cell, first run the
# one that makes the rows.)

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-range", "locked": true, "schema_version": 3, "solution": false, "task": false}
SCALE = 64.0


def prepared(X):
    """Images as inputs: (pixels - mean) / SCALE, a row for each image."""
    rows = as_rows(X)
    rows -= mean_image
    rows /= SCALE
    return rows


X_train, X_val = prepared(images.X_train), prepared(images.X_val)
rates = np.logspace(-4, 0.7, 120)
start = in_float32(initial_parameters(D, 100, K, np.random.default_rng(0)))
with np.errstate(all="ignore"):
    range_losses = range_test(
        loss_and_gradients, start, X_train, y_train, rates, rng=np.random.default_rng(0)
    )
plot_range_test(rates, range_losses)

# %% [markdown]
# ### A grid
#
# `search` runs a function for many settings, on all cores, and keeps each result in a file as soon as it is there: interrupt it,
# run it again, and it goes on. It does not notice when your code changes: remove the file after changing a function. Which
# settings to try is up to you.
#
# A run whose loss is not finite any more has **diverged**. Its accuracy is that of a network that answers class 0 to
# everything, since `np.argmax` of a row of `nan` is 0, and it must not be ranked as if it had learned that.


# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-grid", "locked": true, "schema_version": 3, "solution": false, "task": false}
def run(learning_rate, reg, hidden=100, momentum=0.9, iterations=500, batch_size=256, decay=0.9):
    """Train once with these hyper-parameters, and measure."""
    params = in_float32(initial_parameters(D, hidden, K, np.random.default_rng(1)))
    params, losses = train(
        loss_and_gradients,
        params,
        X_train,
        y_train,
        rng=np.random.default_rng(1),
        learning_rate=learning_rate,
        reg=reg,
        momentum=momentum,
        iterations=iterations,
        batch_size=batch_size,
        decay=decay,
    )
    return {"loss": losses[-1]} | {name: measure(params) for name, measure in measures().items()}


runs = grid(learning_rate=[1e-3, 1e-2, 3e-2, 1.0], reg=[1e-4, 1e-2, 0.25])
results = search(run, runs, file=f"grid-{images.name}.jsonl")
plot_search(results, "learning_rate", "reg")

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-top", "locked": true, "schema_version": 3, "solution": false, "task": false}
top(results, 5)

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-bottom", "locked": true, "schema_version": 3, "solution": false, "task": false}
bottom(results, 5)

# %% [markdown]
# In a report on this exercise the ten worst settings all had the same training accuracy, 0.100265, and the same validation
# accuracy, 0.087. Of 49,000 training and 1,000 validation images these are $4913 + 87 = 5000$: exactly one class, class 0. They
# were not ten bad networks but ten times the network that is `nan` everywhere.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-diverged", "locked": true, "schema_version": 3, "solution": false, "task": false}
nowhere = {name: np.full_like(value, np.nan) for name, value in start.items()}
with np.errstate(all="ignore"):
    print("classes that a diverged network predicts:", np.unique(predict(forward, nowhere, X_val)))
print(f"share of class 0 in the validation set: {np.mean(y_val == 0):.1%}")

# %% [markdown]
# ### Coarse to fine
#
# A grid spends many runs on values of a hyper-parameter that does not matter. Random settings try a new value of each in every run:
# `random_settings(20, rng, reg=(1e-5, 1e-1), hidden=[50, 100])` makes 20, in which `reg` is drawn between the two numbers of a
# tuple, uniformly in its logarithm, and `hidden` is one of a list. The first, coarse search is wide; the second one stays near
# its best. Adapt the ranges to what your grid and range test show. Call the two tables `coarse` and `fine`, keep them in files
# of their own, and put the name of the images into the files' names, as above.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "q3b-search", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
coarse = search(
    run,
    random_settings(
        8, np.random.default_rng(2), learning_rate=(3e-3, 1e-1), reg=(1e-4, 1e-2), hidden=[100, 200]
    ),
    file=f"coarse-{images.name}.jsonl",
)
best = top(coarse, 1).iloc[0]
near = {name: (best[name] / 2, best[name] * 2) for name in ("learning_rate", "reg")}
fine = search(
    run,
    random_settings(6, np.random.default_rng(3), hidden=[200], iterations=[800], **near),
    file=f"fine-{images.name}.jsonl",
)
### END SOLUTION
fine.sort_values("validation", ascending=False)

# %% [markdown]
# ### How sure is an accuracy?
#
# The validation set has 1,000 images. Had it been another 1,000, the accuracy would have been another one. The **bootstrap**
# estimates how different, with nothing but the set itself: draw 1,000 of its images with replacement, compute the accuracy
# again, and do that 2,000 times. The middle 95 % of these means are the interval.
#
# ### Exercise `q3b-interval` · 3 points
#
# `values` holds a number for every image, such as 1 for right and 0 for wrong.


# %% nbgrader={"grade": false, "grade_id": "q3b-interval", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bootstrap_interval(values, rng, repeats=2000):
    """The bounds (low, high), a tuple of numbers, of the middle 95 % of the means of bootstrap
    samples of values (n,)."""
    ### BEGIN SOLUTION
    values = np.asarray(values, dtype=float)
    chosen = rng.integers(len(values), size=(repeats, len(values)))
    low, high = np.percentile(values[chosen].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3b-interval-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Is the interval as wide as the standard error of a mean says?"""


def _looks_like(away, n):
    """What a bound so many standard errors from the mean may come from, as a list."""
    known = {
        0.0: "All means are the same: can a value be drawn more than once?",
        1.645: "This looks like the middle 90 %: how many of the means lie outside, on each side?",
        1.96 * np.sqrt(2): "It is √2 times too far away: how many values has a bootstrap sample?",
        1.96 * np.sqrt(n): "This is how far the values spread, not how far their means do.",
    }
    return [text for there, text in known.items() if abs(away - there) < 0.1 * max(there, 1.0)]


def _check_interval(values, seed, repeats=2000):
    answer = bootstrap_interval(values, np.random.default_rng(seed), repeats)
    check_true(
        isinstance(answer, tuple) and len(answer) == 2 and answer[0] <= answer[1],
        "bootstrap_interval returns (low, high)",
        f"yours     {answer if isinstance(answer, tuple) else type(answer).__name__}",
    )
    error, middle = np.std(values) / np.sqrt(len(values)), (answer[0] + answer[1]) / 2
    check_true(
        abs(middle - np.mean(values)) <= 0.25 * error,
        "the middle of the interval is about the mean of the values",
        f"yours     {middle:.5f}",
        f"expected  {np.mean(values):.5f}, give or take {0.25 * error:.5f}",
    )
    for name, bound, away in (("low", answer[0], -1.96), ("high", answer[1], 1.96)):
        expected = np.mean(values) + away * error
        check_true(
            abs(bound - expected) <= 0.25 * error,
            f"the {name} bound is about 1.96 standard errors from the mean",
            f"yours     {bound:.5f}",
            f"expected  {expected:.5f}, give or take {0.25 * error:.5f}",
            *_looks_like(abs(bound - np.mean(values)) / error, len(values)),
        )


with exercise("q3b-interval"):
    _check_interval(np.arange(1000) % 2 == 0, 0)
    _check_interval(np.tile([0.0, 1.0, 5.0, -2.0], 100), 1)
    values = np.random.default_rng(2).normal(size=100)
    draws = [bootstrap_interval(values, np.random.default_rng(s), repeats=50) for s in (3, 3, 4)]
    check_true(np.array_equal(draws[0], draws[1]), "the same rng gives the same interval")
    check_true(not np.array_equal(draws[0], draws[2]), "another rng gives another interval")
    low, high = bootstrap_interval(values, np.random.default_rng(3), repeats=1)
    check_close(low, high, "the low bound of a single repeat, which is also its high bound,")
    check_close(
        np.array(bootstrap_interval(np.full(50, 0.25), np.random.default_rng(0))),
        [0.25, 0.25],
        "the interval of fifty equal values",
    )
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q3b-interval") as rng:
    # With 2,000 repeats the bounds of a right answer are, once in some thousand times, off by more than is allowed.
    _check_interval(rng.random(800) < rng.uniform(0.3, 0.7), int(rng.integers(2**32)), 8000)
    _check_interval(rng.normal(size=500), int(rng.integers(2**32)), 8000)
### END HIDDEN TESTS

# %% [markdown]
# The best runs of the grid with their intervals. How many of them can you tell from the first?

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-intervals", "locked": true, "schema_version": 3, "solution": false, "task": false}
best_runs = top(results, 8)
labels = [f"rate {row.learning_rate:g}, reg {row.reg:g}" for row in best_runs.itertuples()]
right = [np.arange(len(y_val)) < round(share * len(y_val)) for share in best_runs["validation"]]
intervals = [bootstrap_interval(values, np.random.default_rng(0)) for values in right]
plot_intervals(labels, list(best_runs["validation"]), intervals)

# %% [markdown]
# ### The best network
#
# Train your best setting for longer. Change what you like; above **48 %** on the validation images is the aim. The cells below
# need the trained parameters, `best_params`, and the `TrainingCurve` that watched the training, `curve`.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "q3b-best", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
batch_size, epochs = 256, 25
iterations = epochs * (len(X_train) // batch_size)
curve = TrainingCurve(iterations, measures(), every=iterations // 20, title="The best setting")
start = in_float32(initial_parameters(D, 300, K, np.random.default_rng(0)))
options = {"learning_rate": 2e-2, "momentum": 0.9, "decay": 0.87, "reg": 1.5e-3}
options |= {"batch_size": batch_size, "iterations": iterations, "on_step": curve}
best_params, _ = train(
    loss_and_gradients, start, X_train, y_train, rng=np.random.default_rng(0), **options
)
### END SOLUTION
print(f"validation accuracy: {accuracy(best_params, X_val, y_val):.1%}")

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-weights-best", "locked": true, "schema_version": 3, "solution": false, "task": false}
show_weights(best_params["W1"], images.X_train.shape[1:])

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-ratios-best", "locked": true, "schema_version": 3, "solution": false, "task": false}
plot_update_ratios(curve.history)

# %% [markdown]
# ### Handing it in
#
# Your network expects $(x - m) / s$, with the mean image $m$ and the scale $s$ of *your* training. A network for raw pixels $x$
# has them built in:
#
# $$ \frac{x - m}{s}\, W^{(1)} + b^{(1)} = x\, \frac{W^{(1)}}{s} + \Bigl( b^{(1)} - \frac{m}{s} W^{(1)} \Bigr) \tag{3.8} $$
#
# ### Exercise `q3b-fold` · 3 points
#
# Fold them into the first layer. The result acts on raw pixels and gives the same scores.


# %% nbgrader={"grade": false, "grade_id": "q3b-fold", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fold_inputs(params, mean, scale):
    """New parameters (a dict like params) that do on x what params do on (x - mean) / scale.

    x (D,), mean (D,); scale: a number. Equation (3.8).
    """
    ### BEGIN SOLUTION
    W1 = params["W1"] / scale
    return params | {"W1": W1, "b1": params["b1"] - mean @ W1}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q3b-fold-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Does the folded network do on raw inputs what the network does on prepared ones?"""


def _check_fold(rng, D, H, K):
    params = _random_arrays(rng, W1=(D, H), b1=(H,), W2=(H, K), b2=(K,))
    mean, scale = rng.uniform(50, 200, size=D), rng.uniform(2, 90)
    X = rng.uniform(0, 255, size=(6, D))
    with unchanged("fold_inputs", params=params, mean=mean):
        folded = fold_inputs(params, mean, scale)
    check_true(
        isinstance(folded, dict) and set(folded) == set(params),
        "fold_inputs returns a dict with the keys of params",
        f"yours     {type(folded).__name__}",
    )
    check_close(
        X @ folded["W1"] + folded["b1"],
        (X - mean) / scale @ params["W1"] + params["b1"],
        "the first layer of the folded network on raw inputs",
    )
    for name in ("W2", "b2"):
        check_close(folded[name], params[name], f'folded["{name}"]')


with exercise("q3b-fold"):
    _check_fold(np.random.default_rng(0), 5, 3, 2)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q3b-fold") as rng:
    _check_fold(rng, 7, 4, 3)
### END HIDDEN TESTS

# %% [markdown]
# `best_two_layer.npz` is what you hand in, together with this notebook. From here on that file is measured: what is handed in,
# and nothing else.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-save", "locked": true, "schema_version": 3, "solution": false, "task": false}
folded = fold_inputs(best_params, mean_image, SCALE)
save_weights("best_two_layer.npz", folded, images.classes)
handed_in = load_weights("best_two_layer.npz").params
reached = accuracy(handed_in, as_rows(images.X_val), y_val)
print(f"on raw pixels: {reached:.1%} of the validation images")

# %% [markdown]
# ### Exercise `q3b-weights` · 2 points
#
# The file is there, and holds a two-layer network.

# %% nbgrader={"grade": true, "grade_id": "q3b-weights-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Is the file there, with four finite arrays that fit together?"""
with exercise("q3b-weights"):
    load_weights("best_two_layer.npz")

# %% [markdown]
# ### Exercise `q3b-accuracy` · 6 points
#
# More than 48 % of images that the network has not seen. Here these are your validation images; at grading they are 2,000 that
# nobody has, so to be fair the bar is lower there by two standard errors, which is what chance may do: 45.8 %.

# %% nbgrader={"grade": true, "grade_id": "q3b-accuracy-test", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
"""Does your network classify more than 48 % of unseen images right?"""


def _images_for(classes):
    return as_rows(images.X_val), images.y_val


def _predicted(params, X):
    return predict(forward, params, X)


_bar = 0.48
### BEGIN HIDDEN TESTS
from autograde import truth, unseen

_images_for, _predicted, _bar = unseen.images, truth.predict, 0.458
### END HIDDEN TESTS
with exercise("q3b-accuracy"):
    network = load_weights("best_two_layer.npz")
    unseen_X, unseen_y = _images_for(network.classes)
    rows, pixels = len(network.params["W1"]), unseen_X.shape[1]
    check_true(
        rows == pixels, f"W1 has a row for each of {pixels} pixel values", f"yours     {rows}"
    )
    check_accuracy(_predicted(network.params, unseen_X), unseen_y, _bar)

# %% [markdown]
# ### The test set, once
#
# All choices are made. Now, and only now, the test images: this number is what you report. If you go back and change something
# because of it, it is no test any more.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "03-test-set", "locked": true, "schema_version": 3, "solution": false, "task": false}
handed_in = load_weights("best_two_layer.npz").params
for name, X, y in (
    ("validation", images.X_val, images.y_val),
    ("test", images.X_test, images.y_test),
):
    predicted = predict(forward, handed_in, as_rows(X))
    low, high = bootstrap_interval(predicted == y, np.random.default_rng(0))
    print(f"{name} accuracy: {np.mean(predicted == y):.1%} ({low:.1%} to {high:.1%})")
plot_confusion(np.array(images.y_test), predicted, images.classes)

# %% [markdown] nbgrader={"grade": false, "grade_id": "q3b-report-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q3b-report` · 6 points (marked by hand)
#
# 1. Your final hyper-parameters, and the validation and test accuracy with their intervals. Is the difference between the two a
#    surprise?
# 2. Which of your search results can you tell apart, and which not? What would it take to tell them apart?
# 3. How did the loss curve, the weight images and the update ratios change from the defaults to your best network?
# 4. Which two classes are confused most, and why those? What kind of network would see the difference?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q3b-report", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# 1. 300 hidden units, batches of 256, 25 epochs, learning rate 0.02 with classic momentum 0.9 and decay 0.87, $\lambda$ =
#    0.0015, inputs divided by 64, He's initialisation. The numbers and their intervals stand above. The validation accuracy was
#    used to choose, so it is a little too good on average; a difference within the intervals is no surprise.
# 2. With 1,000 images an accuracy near one half has a standard error of 1.6 points: settings within about three points of the
#    best cannot be told apart. Ten times the images would make the interval three times narrower; comparing two networks on the
#    same images, image by image, also helps; so do several seeds.
# 3. The loss falls at once and flattens out, training and validation accuracy part (now the network does overfit, and
#    regularisation has work to do); the units differ and show colours and edges instead of one blob; the ratios start between
#    1e-3 and 1e-2 and fall with the learning rate, now relative to weights of a sensible length.
# 4. The largest entry off the diagonal is named under the matrix. Such classes share colours and backgrounds, and that is most
#    of what a network on whole images can use; what tells them apart are small shapes at any place, which a convolutional
#    network can look for.

# %% [markdown]
# ## Hand in
#
# Save, then run this cell. It packs **all** your notebooks of this folder, with trained weights, into `submission.zip`, whichever
# notebook you do it from, and says what is missing or failing. Hand in that one file.

# %% tags=["skip-grading", "hand-in"] nbgrader={"grade": false, "grade_id": "03-hand-in", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers import hand_in

hand_in()
