# ---
# jupyter:
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
# # 6 · Digits, sample by sample
#
# Another network, another habit: 784 pixels, 300 hidden units with a **sigmoid**, 10 classes, and a step after every single
# image. First on points in the plane, then on digits, with the four experiments of a write-up whose table you will check against
# your own.
#
# | exercise | you do | points |
# |---|---|---|
# | `q6a-sigmoid` | the sigmoid and its slope | 3 |
# | `q6a-slopes` | local derivatives at the output | 4 |
# | `q6a-derivation` | why softmax and cross-entropy are differentiated together | 6 (written) |
# | `q6b-forward` | one sample forward | 4 |
# | `q6b-backward` | one sample backward | 6 |
# | `q6b-step` | a step of SGD on one sample | 3 |
# | `q6b-batch` | the same for a mini-batch, without loops | 5 |
# | `q6c-report` | four experiments, and what a table can be trusted for | 9 (written) |
#
# Plan about two and a half hours. Every function is judged alone; functions that call others are also tried with right ones.
# Cells that train on images are not run again when your work is graded.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "06-points", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers.points import show_points

show_points("06_mnist.ipynb")

# %% nbgrader={"grade": false, "grade_id": "06-setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import time

import numpy as np
import scipy.special

from helpers import (
    check_close,
    check_gradient,
    check_no_loops,
    check_true,
    exercise,
    numerical_gradient,
    unchanged,
)
from helpers.data import as_rows, load_digits
from helpers.image_figures import plot_confusion, show_images
from helpers.planar import ellipse_and_circle, plot_division
from helpers.search import search
from helpers.training_figures import plot_curves, plot_spread

# %% [markdown]
# ## 6a · Local derivatives
#
# For one sample $x$ (D,) with label $t$, the network computes, one after the other,
#
# $$ z = x\,W + b, \qquad h = \sigma(z), \qquad o = h\,V + c, \qquad p = \operatorname{softmax}(o) \tag{6.1} $$
#
# with $W$ (D, H), $b$ (H,), $V$ (H, K), $c$ (K,), and its loss is
#
# $$ \ell = -\log p_t \tag{6.2} $$
#
# (The write-up has columns, $z = W^\top x + b$; rows are this course's convention, and for a single sample nothing else changes.)
#
# ### Exercise `q6a-sigmoid` · 3 points
#
# $$ \sigma(z) = \frac{1}{1 + e^{-z}} \tag{6.3} $$
#
# Its slope can be written with its own value alone, so that the way back needs no second exponential.


# %% nbgrader={"grade": false, "grade_id": "q6a-sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(z):
    """σ(z), equation (6.3), for each entry of z, any shape."""
    ### BEGIN SOLUTION
    return 1 / (1 + np.exp(-z))
    ### END SOLUTION


def sigmoid_slope(h):
    """σ'(z) for each entry, computed from h = σ(z) alone."""
    ### BEGIN SOLUTION
    return h * (1 - h)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q6a-sigmoid-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Do value and slope agree with an independent sigmoid?"""


def _check_sigmoid(z):
    h = scipy.special.expit(z)
    with unchanged("sigmoid", z=z):
        mistakes = {"σ rises from 0 to 1. Does yours fall?": 1 - h}
        check_close(sigmoid(z), h, "sigmoid(z)", mistakes=mistakes)
    slope = numerical_gradient(lambda v: scipy.special.expit(v).sum(), z)
    with unchanged("sigmoid_slope", h=h):
        answer = sigmoid_slope(h)
    wrong = scipy.special.expit(h) * scipy.special.expit(-h)
    mistakes = {"h is σ(z) already: it is not put through σ once more.": wrong}
    check_gradient(answer, slope, "sigmoid_slope(h)", mistakes=mistakes)


with exercise("q6a-sigmoid"):
    _check_sigmoid(np.array([-3.0, -0.5, 0.0, 1.0, 4.0]))
    _check_sigmoid(np.array([[0.5, -2.0], [1.5, -1.0], [0.1, 0.2]]))
    check_close(sigmoid(np.array([-800.0, 800.0])), [0.0, 1.0], "sigmoid(z) of very large z")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q6a-sigmoid") as rng:
    _check_sigmoid(rng.normal(scale=2.0, size=(4, 3)))
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q6a-slopes` · 4 points
#
# Two vectors of $K$ numbers, for one sample: the derivative of the loss (6.2) by the probabilities, $\partial \ell/\partial p$,
# as if they could be chosen one by one; and by the scores, $\partial\ell/\partial o$, for which the two last steps are taken
# together.


# %% nbgrader={"grade": false, "grade_id": "q6a-slopes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_slopes(p, t):
    """∂ℓ/∂p (K,) for probabilities p (K,) and the label t, an integer."""
    ### BEGIN SOLUTION
    slopes = np.zeros(len(p))
    slopes[t] = -1 / p[t]
    return slopes
    ### END SOLUTION


def score_slopes(p, t):
    """∂ℓ/∂o (K,) for p = softmax(o) (K,) and the label t, with no division and no Jacobian."""
    ### BEGIN SOLUTION
    slopes = p.copy()
    slopes[t] -= 1
    return slopes
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q6a-slopes-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Are both the numerical gradients of the loss, and is the second one finite where the first is not?"""


def _check_slopes(o, t):
    p = scipy.special.softmax(o)
    of_p = numerical_gradient(lambda v: -np.log(v[t]), p)
    of_o = numerical_gradient(lambda v: scipy.special.logsumexp(v) - v[t], o)
    with unchanged("loss_slopes", p=p):
        answer = loss_slopes(p, t)
    mistakes = {"ℓ depends on the label's probability alone.": -1 / p}
    check_gradient(answer, of_p, "loss_slopes(p, t)", mistakes=mistakes)
    with unchanged("score_slopes", p=p):
        answer = score_slopes(p, t)
    mistakes = {
        "The label's own score enters the loss once more than the others do.": p,
        "Is this the slope of the loss, or of the log-probability?": -of_o,
        "The softmax's derivatives off the diagonal count, too.": of_p * p * (1 - p),
    }
    check_gradient(answer, of_o, "score_slopes(p, t)", mistakes=mistakes)


with exercise("q6a-slopes"):
    for t in range(3):
        _check_slopes(np.array([0.5, -1.0, 0.3]), t)
    extreme = np.array([1.0, 0.0])
    check_close(score_slopes(extreme, 1), [1.0, -1.0], "score_slopes([1, 0], 1)")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q6a-slopes") as rng:
    K = int(rng.integers(4, 9))
    _check_slopes(rng.normal(size=K), int(rng.integers(K)))
### END HIDDEN TESTS

# %% [markdown]
# The chain rule through the softmax's Jacobian (2.4) must give the same, and the write-up's code does it that way. (Times a vector $v$,
# that matrix is $p \odot (v - p^\top v)$.) Here are both for scores that are further and further apart, with the label on the
# losing side:

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "06-chain", "locked": true, "schema_version": 3, "solution": false, "task": false}
with np.errstate(all="ignore"):
    for gap in (1.0, 30.0, 700.0, 800.0):
        p = scipy.special.softmax(np.array([gap, 0.0]))
        slopes = loss_slopes(p, 1)
        chained = p * (slopes - p @ slopes)
        print(f"gap {gap:5}: p = {p}, by the chain {chained}, together {score_slopes(p, 1)}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "q6a-derivation-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q6a-derivation` · 6 points (marked by hand)
#
# 1. Write the target as a vector $\tau$ with $\tau_t = 1$ and zeros elsewhere, so that $\ell = -\sum_k \tau_k \log p_k$. Derive
#    $\partial \ell/\partial p_k$, and with (2.2) and (2.3) $\partial\ell/\partial o_j$, for any $\tau$. In which step do the two
#    cases of the Jacobian meet?
# 2. Where do you need that the entries of $\tau$ sum to 1? What is the result for a $\tau$ that sums to $s$?
# 3. The write-up prints $\partial\ell/\partial o_j = y_i - t_i$, with $y$ for our $p$ and $t$ for our $\tau$. What is wrong with
#    it?
# 4. The cell above prints `nan` for the chain. Why there, and why not for the other way? What does this say about the loss itself?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q6a-derivation", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# 1. $\partial\ell/\partial p_k = -\tau_k/p_k$. Then $\partial\ell/\partial o_j = \sum_k (-\tau_k/p_k)\, \partial p_k/\partial o_j
#    = -\frac{\tau_j}{p_j}\, p_j (1 - p_j) + \sum_{k \ne j} \frac{\tau_k}{p_k}\, p_k p_j = -\tau_j + p_j \sum_k \tau_k$. The
#    factors $p_k$ cancel in both cases, and $\tau_j p_j$ is just the term that was missing in the sum: there they meet, and
#    $p_j - \tau_j$ is left.
# 2. In the last step only; in general it is $s\, p_j - \tau_j$.
# 3. The indices: the left side speaks of $o_j$, the right of $i$. It must be $y_j - t_j$.
# 4. With a gap of 800 $p_t$ underflows to 0: $-1/p_t$ is infinite, the Jacobian's entries are 0, and $0 \cdot \infty$ is `nan`.
#    Taken together, $p_t$ has cancelled on paper, before any number was rounded. The loss has the same trouble: $-\log p_t$ is
#    infinite, so it should be computed from the scores, as log-sum-exp, not from $p$.

# %% [markdown]
# ## 6b · One sample, and many
#
# ### Exercise `q6b-forward` · 4 points
#
# One sample through (6.1). Return what the way back will need, and the loss, which must be right even where $p_t$ is too small for
# a float.


# %% nbgrader={"grade": false, "grade_id": "q6b-forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward_sample(params, x, t):
    """The hidden activations h (H,), the probabilities p (K,) and the loss, a dict with these keys.

    params: W (D, H), b (H,), V (H, K), c (K,); x (D,); t: the label. Equations (6.1), (6.2).
    """
    ### BEGIN SOLUTION
    h = sigmoid(x @ params["W"] + params["b"])
    o = h @ params["V"] + params["c"]
    o = o - o.max()
    raised = np.exp(o)
    return {"h": h, "p": raised / raised.sum(), "loss": np.log(raised.sum()) - o[t]}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q6b-forward-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Are activations, probabilities and loss right, for ordinary and for extreme scores?"""


def _sample(rng, D, H, K, spread=1.0):
    """Random params, a sample and its label."""
    params = {
        "W": rng.normal(size=(D, H)),
        "b": rng.normal(size=H),
        "V": spread * rng.normal(size=(H, K)),
        "c": rng.normal(size=K),
    }
    return params, rng.normal(size=D), int(rng.integers(K))


def _activations(params, x):
    """Hidden activations and scores, by other means than in notebook 01."""
    h = scipy.special.expit(np.einsum("d,dh->h", x, params["W"]) + params["b"])
    return h, np.einsum("h,hk->k", h, params["V"]) + params["c"]


def _loss_at(params, x, t):
    o = _activations(params, x)[1]
    return float(scipy.special.logsumexp(o) - o[t])


def _check_forward(params, x, t, name):
    h, o = _activations(params, x)
    with unchanged("forward_sample", params=params, x=x):
        answer = forward_sample(params, x, t)
    check_true(isinstance(answer, dict), "forward_sample returns a dict")
    mistakes = {
        "Hidden units are sigmoids here, not ReLUs.": {"h": np.maximum(scipy.special.logit(h), 0)},
        "Where is b in (6.1)?": {"h": scipy.special.expit(x @ params["W"])},
        "Where is c in (6.1)?": {"p": scipy.special.softmax(h @ params["V"])},
    }
    p = scipy.special.softmax(o)
    expected = {"h": h, "p": p, "loss": float(scipy.special.logsumexp(o) - o[t])}
    if isinstance(answer.get("loss"), float) and answer["loss"] < 746 < expected["loss"]:
        nudge = (
            "No logarithm of a float is below -745. What could the loss be computed from instead?"
        )
        mistakes[nudge] = {"loss": answer["loss"]}
    check_close(answer, expected, f"forward_sample on {name}", mistakes=mistakes)


def _check_forwards():
    for seed in range(3):
        _check_forward(*_sample(np.random.default_rng(seed), 4, 3, 5), "a random sample")
    params, x, _ = _sample(np.random.default_rng(3), 4, 3, 5, 2000.0)
    worst = int(np.argmin(_activations(params, x)[1]))
    _check_forward(params, x, worst, "a sample with scores of a thousand")


### BEGIN HIDDEN TESTS
from autograde import truth_samples
from helpers import fresh_inputs

_check_forwards = truth_samples.either(_check_forwards, globals())
### END HIDDEN TESTS
with exercise("q6b-forward"):
    _check_forwards()
### BEGIN HIDDEN TESTS
with fresh_inputs("q6b-forward") as rng:
    fresh = _sample(rng, 6, 4, 3)

    def _check_fresh():
        _check_forward(*fresh, "a sample")

    truth_samples.either(_check_fresh, globals())()
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q6b-backward` · 6 points
#
# The way back for one sample, from the loss to every parameter. `cache` is what `forward_sample` returned for this `x` and `t`.


# %% nbgrader={"grade": false, "grade_id": "q6b-backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward_sample(params, x, t, cache):
    """The gradient of the loss of one sample: a dict with the keys and shapes of params."""
    ### BEGIN SOLUTION
    do = score_slopes(cache["p"], t)
    dz = (params["V"] @ do) * sigmoid_slope(cache["h"])
    return {"W": np.outer(x, dz), "b": dz, "V": np.outer(cache["h"], do), "c": do}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q6b-backward-test", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
"""Are all four gradients the numerical ones?"""


def _check_backward(params, x, t):
    h, o = _activations(params, x)
    p = scipy.special.softmax(o)
    cache = {"h": h, "p": p, "loss": _loss_at(params, x, t)}
    with unchanged("backward_sample", params=params, x=x, cache=cache):
        answer = backward_sample(params, x, t, cache)
    expected = numerical_gradient(lambda values: _loss_at(values, x, t), params)
    of_h = params["V"] @ (p - np.eye(len(p))[t])
    slopes = {
        "Every hidden unit has a slope between its z and its h.": of_h,
        "The slope of the sigmoid at z is not σ(z) itself.": of_h * h,
        "Where does the label t enter?": (params["V"] @ p) * (expected["b"] / of_h),
    }
    mistakes = {nudge: {"W": np.outer(x, dz), "b": dz} for nudge, dz in slopes.items()}
    check_gradient(answer, expected, "backward_sample(params, x, t, cache)", mistakes=mistakes)


def _check_backwards():
    for seed in range(3):
        _check_backward(*_sample(np.random.default_rng(seed), 4, 3, 5))


### BEGIN HIDDEN TESTS
from autograde import truth_samples
from helpers import fresh_inputs

_check_backwards = truth_samples.either(_check_backwards, globals())
### END HIDDEN TESTS
with exercise("q6b-backward"):
    _check_backwards()
### BEGIN HIDDEN TESTS
with fresh_inputs("q6b-backward") as rng:
    fresh = _sample(rng, 5, 6, 3)

    def _check_fresh():
        _check_backward(*fresh)

    truth_samples.either(_check_fresh, globals())()
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q6b-step` · 3 points
#
# One sample, one step:
#
# $$ \theta \leftarrow \theta - \alpha\, \frac{\partial \ell}{\partial\theta} \tag{6.4} $$
#
# The write-up prints this rule with a plus, and its code updates $W$ as it should, but sets the others with lines such as
# `b = alpha * gb`. Return new parameters, and the loss *before* the step.


# %% nbgrader={"grade": false, "grade_id": "q6b-step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_on_sample(params, x, t, learning_rate):
    """New params (a dict like params) after one step on one sample, and its loss before it: a tuple.

    Equation (6.4).
    """
    ### BEGIN SOLUTION
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    after = {name: value - learning_rate * grads[name] for name, value in params.items()}
    return after, cache["loss"]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q6b-step-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Does every parameter take the step, downhill, and is the loss the one before it?"""


def _check_step(params, x, t, rate):
    with unchanged("sgd_on_sample", params=params, x=x):
        answer = sgd_on_sample(params, x, t, rate)
    check_true(
        isinstance(answer, tuple) and len(answer) == 2, "sgd_on_sample returns (params, loss)"
    )
    after, loss = answer
    slopes = numerical_gradient(lambda values: _loss_at(values, x, t), params)
    expected = {name: value - rate * slopes[name] for name, value in params.items()}
    mistakes = {
        "The step goes downhill.": {k: v + rate * slopes[k] for k, v in params.items()},
        "It is moved by the step, not replaced by it.": {k: rate * v for k, v in slopes.items()},
        "Not replaced by the step, and downhill.": {k: -rate * v for k, v in slopes.items()},
        "It has not moved at all.": params,
        "How long is the step? Look at (6.4).": {k: v - slopes[k] for k, v in params.items()},
    }
    name = "params after sgd_on_sample"
    check_close(after, expected, name, tolerance=1e-6, mistakes=mistakes)
    mistakes = {"This is the loss after the step.": _loss_at(expected, x, t)}
    name = "the loss that sgd_on_sample returns"
    check_close(loss, _loss_at(params, x, t), name, mistakes=mistakes)


def _check_steps():
    for seed in range(3):
        _check_step(*_sample(np.random.default_rng(seed), 4, 3, 5), 0.5)


### BEGIN HIDDEN TESTS
from autograde import truth_samples
from helpers import fresh_inputs

_check_steps = truth_samples.either(_check_steps, globals(), "forward_sample", "backward_sample")
### END HIDDEN TESTS
with exercise("q6b-step"):
    _check_steps()
### BEGIN HIDDEN TESTS
with fresh_inputs("q6b-step") as rng:
    fresh = _sample(rng, 5, 6, 3)

    def _check_fresh():
        _check_step(*fresh, 0.3)

    truth_samples.either(_check_fresh, globals(), "forward_sample", "backward_sample")()
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q6b-batch` · 5 points
#
# A mini-batch: the mean of the losses of its samples, and the gradient of that mean, with one matrix product where there was one
# for each sample. No loops, also not in a function that it calls, such as `sigmoid`, and no call of the functions for single samples.


# %% nbgrader={"grade": false, "grade_id": "q6b-batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batch_gradients(params, X, y):
    """The mean loss over a batch X (B, D), y (B,), and its gradient (a dict like params): a tuple."""
    ### BEGIN SOLUTION
    B = len(X)
    h = sigmoid(X @ params["W"] + params["b"])
    o = h @ params["V"] + params["c"]
    o = o - o.max(axis=1, keepdims=True)
    raised = np.exp(o)
    sums = raised.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - o[np.arange(B), y])
    do = raised / sums
    do[np.arange(B), y] -= 1
    do /= B
    dz = (do @ params["V"].T) * sigmoid_slope(h)
    return loss, {"W": X.T @ dz, "b": dz.sum(axis=0), "V": h.T @ do, "c": do.sum(axis=0)}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q6b-batch-test", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
"""Is it the mean over the samples, in loss and gradient, without a loop?"""


def _check_batch(rng, B, D, H, K):
    params, _, _ = _sample(rng, D, H, K)
    X, y = rng.normal(size=(B, D)), rng.integers(K, size=B)

    def J(values):
        return sum(_loss_at(values, x, t) for x, t in zip(X, y, strict=True)) / B

    with unchanged("batch_gradients", params=params, X=X, y=y):
        answer = batch_gradients(params, X, y)
    check_true(
        isinstance(answer, tuple) and len(answer) == 2, "batch_gradients returns (loss, gradients)"
    )
    loss, grads = answer
    mistakes = {"The loss is the mean over the batch, not the sum.": B * J(params)}
    check_close(loss, J(params), "the loss of batch_gradients", mistakes=mistakes)
    expected = numerical_gradient(J, params)
    mistakes = {
        "The loss is a mean over the batch: so is its gradient.": {
            name: B * values for name, values in expected.items()
        }
    }
    check_gradient(grads, expected, "the gradients of batch_gradients", mistakes=mistakes)


def _check_batches():
    _check_batch(np.random.default_rng(0), 6, 4, 3, 5)
    _check_batch(np.random.default_rng(1), 1, 4, 3, 5)


### BEGIN HIDDEN TESTS
from autograde import truth_samples
from helpers import fresh_inputs

_check_batches = truth_samples.either(_check_batches, globals())
### END HIDDEN TESTS
with exercise("q6b-batch"):
    check_no_loops(batch_gradients)
    _check_batches()
### BEGIN HIDDEN TESTS
with fresh_inputs("q6b-batch") as rng:
    seed = int(rng.integers(2**32))

    def _check_fresh():
        _check_batch(np.random.default_rng(seed), 7, 5, 6, 3)

    truth_samples.either(_check_fresh, globals())()
### END HIDDEN TESTS

# %% [markdown]
# ### Points in the plane
#
# An ellipse, and a circle that covers one end of it: where they overlap nobody can be right. The loss of a single sample jumps
# from step to step, so the curve shows the mean of every 1,000 observations.


# %% nbgrader={"grade": false, "grade_id": "06-fit", "locked": true, "schema_version": 3, "solution": false, "task": false}
def initial(D, H, K, rng):
    """Parameters to start from: weights of variance 1 / inputs, biases 0."""
    return {
        "W": rng.normal(size=(D, H)) / np.sqrt(D),
        "b": np.zeros(H),
        "V": rng.normal(size=(H, K)) / np.sqrt(H),
        "c": np.zeros(K),
    }


def train_by_sample(params, X, y, learning_rate, rng):
    """The params after one epoch in a random order, and the loss of every sample before its step."""
    before = []
    for index in rng.permutation(len(X)):
        params, loss = sgd_on_sample(params, X[index], int(y[index]), learning_rate)
        before.append(float(loss))
    return params, before


# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "06-plane", "locked": true, "schema_version": 3, "solution": false, "task": false}
points, kinds = ellipse_and_circle(4000, np.random.default_rng(0))
planar, rng, losses = initial(2, 10, 2, np.random.default_rng(1)), np.random.default_rng(2), []
for _ in range(10):
    planar, seen = train_by_sample(planar, points, kinds, 0.1, rng)
    losses += seen
means = np.reshape(losses, (-1, 1000)).mean(axis=1)
plot_curves(
    {"mean of 1,000": list(means)}, "thousands of observations", "loss", "An ellipse and a circle"
)


# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "06-division", "locked": true, "schema_version": 3, "solution": false, "task": false}
def probability_of_circle(rows):
    """The network's probability of class 1 for rows (n, 2)."""
    return np.array([forward_sample(planar, row, 0)["p"][1] for row in rows])


plot_division(points, kinds, probability_of_circle, "How the network divides the plane")

# %% [markdown]
# ## 6c · Digits
#
# Without a word from you these are the built-in digits, drawn by a program; `load_digits("mnist")` loads 70,000 handwritten ones.
# Pixels from 0 to 1, in float32; 784 inputs, 300 hidden units, 10 classes.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "06-digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
images = load_digits()
print(images)
X_train, X_val, X_test = (
    as_rows(part) / np.float32(255) for part in (images.X_train, images.X_val, images.X_test)
)
y_train, y_val, y_test = map(np.array, (images.y_train, images.y_val, images.y_test))
show_images(images.X_train[:1000], images.y_train[:1000], images.classes)


# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "06-run", "locked": true, "schema_version": 3, "solution": false, "task": false}
def new_params(seed):
    """Parameters of the 784-300-10 network, in float32."""
    params = initial(784, 300, 10, np.random.default_rng(seed))
    return {name: value.astype(np.float32) for name, value in params.items()}


def classified(params, X, y):
    """The loss and the most probable class of each row of X (N, 784), two arrays (N,)."""
    answers = [forward_sample(params, x, int(t)) for x, t in zip(X, y, strict=True)]
    return np.array([a["loss"] for a in answers]), np.array([a["p"].argmax() for a in answers])


X_part, y_part = X_train[:4000], y_train[:4000]


def run(learning_rate, seed):
    """Five epochs by the sample on a part of the images; losses after each, and the accuracy."""
    params, rng, numbers = new_params(seed), np.random.default_rng(seed), {}
    for epoch in range(1, 6):
        params, losses = train_by_sample(params, X_part, y_part, np.float32(learning_rate), rng)
        numbers[f"running {epoch}"] = np.mean(losses)
        numbers[f"training {epoch}"] = classified(params, X_part, y_part)[0].mean()
        losses, classes = classified(params, X_val, y_val)
        numbers[f"validation {epoch}"] = losses.mean()
    return numbers | {"validation": np.mean(classes == y_val)}


settings = [{"learning_rate": rate, "seed": 0} for rate in (0.001, 0.003, 0.01, 0.03)]
settings += [{"learning_rate": 0.01, "seed": seed} for seed in (1, 2)]
results = search(run, settings, file=f"by-sample-{images.name}.jsonl")
results[["learning_rate", "seed", "training 5", "validation 5", "validation", "seconds"]]

# %% [markdown]
# ### Experiment 1: training against validation loss
#
# At a fixed learning rate of 0.01. "Running" is what one gets for free: the mean of each sample's loss just before its step,
# averaged over the epoch. "Training" is the loss of the same images at the end of the epoch, at fixed weights, as the validation
# loss is.


# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "06-experiment-1", "locked": true, "schema_version": 3, "solution": false, "task": false}
def curve_of(rate, seed, kind):
    """One of a run's curves: running, training or validation loss after each epoch."""
    row = results[(results["learning_rate"] == rate) & (results["seed"] == seed)].iloc[0]
    return [float(row[f"{kind} {epoch}"]) for epoch in range(1, 6)]


plot_curves(
    {kind: curve_of(0.01, 0, kind) for kind in ("running", "training", "validation")},
    "epoch",
    "loss",
    "Experiment 1: learning rate 0.01",
)

# %% [markdown]
# ### Experiment 2: three runs
#
# The same with three seeds. The band is one standard deviation, of three runs; it is no confidence interval. On the scale of the
# loss it can hardly be seen, so the right panel shows the differences from the mean.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "06-experiment-2", "locked": true, "schema_version": 3, "solution": false, "task": false}
plot_spread(
    [curve_of(0.01, seed, "running") for seed in (0, 1, 2)],
    "epoch",
    "running training loss",
    "Experiment 2: three runs, learning rate 0.01",
)

# %% [markdown]
# ### Experiment 3: four learning rates

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "06-experiment-3", "locked": true, "schema_version": 3, "solution": false, "task": false}
rates = (0.001, 0.003, 0.01, 0.03)
theirs = {0.001: "89.82 %", 0.003: "94.8 %", 0.01: "92.60 %", 0.03: "96.14 %"}
for rate in rates:
    row = results[(results["learning_rate"] == rate) & (results["seed"] == 0)].iloc[0]
    print(f"learning rate {rate:5}: {row['validation']:.1%} here, {theirs[rate]} in the write-up")
plot_curves(
    {f"rate {rate:g}": curve_of(rate, 0, "validation") for rate in rates},
    "epoch",
    "validation loss",
    "Experiment 3: four learning rates",
)

# %% [markdown]
# ### Experiment 4: the best of them on all images
#
# Choose a learning rate with the help of the three experiments above, train five epochs on all training images, and call the
# parameters `best`. Expect more than **95 %** of the test images to be right.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "q6c-best", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
best, order = new_params(0), np.random.default_rng(0)
for epoch in range(5):
    best, _ = train_by_sample(best, X_train, y_train, np.float32(0.03), order)
    share = np.mean(classified(best, X_val, y_val)[1] == y_val)
    print(f"epoch {epoch + 1}: validation {share:.2%}")
### END SOLUTION

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "06-test-set", "locked": true, "schema_version": 3, "solution": false, "task": false}
predicted = classified(best, X_test, y_test)[1]
print(f"test {np.mean(predicted == y_test):.2%}")
plot_confusion(y_test, predicted, images.classes)

# %% [markdown]
# ### By the sample or by the batch
#
# You know the loop from notebook 03: one epoch in a random order, with a step (6.4) on every mini-batch. Write it with
# `batch_gradients`; it is not marked.


# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "q6c-batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_by_batch(params, X, y, learning_rate, rng, batch_size):
    """The params after one epoch, with a step on each batch; the last one may be smaller."""
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        _, grads = batch_gradients(params, X[rows], y[rows])
        params = {name: value - learning_rate * grads[name] for name, value in params.items()}
    return params
    ### END SOLUTION


# %% [markdown]
# Five epochs on the 4,000 images with steps on 1, 10 and 100 samples, first at the same learning rate, then with a rate that
# grows with the batch.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "06-batches", "locked": true, "schema_version": 3, "solution": false, "task": false}
for batch_size, rate in ((1, 0.01), (10, 0.01), (100, 0.01), (10, 0.1), (100, 1.0)):
    params, rng, started = new_params(0), np.random.default_rng(0), time.perf_counter()
    for _ in range(5):
        params = train_by_batch(params, X_part, y_part, np.float32(rate), rng, batch_size)
    seconds = time.perf_counter() - started
    share = np.mean(classified(params, X_val, y_val)[1] == y_val)
    print(f"batch {batch_size:3}, rate {rate:4}: {share:.1%} in {seconds:.1f} s")

# %% [markdown] nbgrader={"grade": false, "grade_id": "q6c-report-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q6c-report` · 9 points (marked by hand)
#
# 1. The write-up finds that "the validation loss is lower than the training loss" at first, and takes a validation loss above the
#    training loss for overfitting. What do your three curves of experiment 1 say about the first, and what would you call
#    overfitting?
# 2. Experiment 2: the write-up calls its band "confidence intervals" and says that the model "becomes more confident". What does
#    the band show, and how well do three runs know it?
# 3. The write-up's four accuracies are 89.82, 94.8, 92.60 and 96.14 % for rates of 0.001, 0.003, 0.01 and 0.03. Compare with
#    yours. In experiment 1 it has 91.2 % for 0.01. It chooses 0.003, trains on *all* images and gets 91.55 %, in a figure
#    captioned with 0.01. List what does not fit, and the simplest explanation that you can find.
# 4. It discards 0.03, since its validation loss ends above the training loss. Was that right? On what would you have decided? And it
#    supposes that six or seven epochs at 0.001 might do best: what do your curves say?
# 5. Your experiment 4: setting, accuracy, and its standard error. And the batches: what does a tenfold batch cost, what does it
#    save, and what must the learning rate do? Steps on single samples "swerve around the optimum", says the write-up: where do you
#    see that, and why do they not come to rest there?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q6c-report", "locked": false, "points": 9, "schema_version": 3, "solution": true, "task": false}
# 1. The running loss is an average over an epoch in which the network got better, the validation loss is taken at its end: they
#    belong to different weights. Measured at the same weights, the training loss lies below the running one, and below or close
#    to the validation loss. A gap between the two is no harm by itself; overfitting is when the validation loss *rises* while the
#    training loss falls.
# 2. The spread of three runs: one standard deviation, estimated from three numbers, so itself uncertain by half. A confidence
#    interval of the mean would be another, and with three runs a wide, thing. A small spread says that the seed matters little,
#    not that the model is sure of anything.
# 3. Here the accuracy rises with the rate, all the way; the write-up's has a bump. With the numbers of 0.003 and 0.01 swapped its
#    table would rise, too: 89.82, 92.60, 94.8, 96.14. The same setting, 0.01, has 91.2 and 92.60 % without a comment. And a model
#    with the same rate and *more* data should not fall from 94.8 to 91.55 %. If the two were swapped, 92.60 belongs to 0.003 and
#    91.55 is at least near. Nobody can know; three runs for each and a table kept by the program, not by hand, would have shown
#    it.
# 4. No. The rate of 0.03 had the highest validation accuracy, by 1.3 points on the next, and what one chooses by is what one
#    cares for, on validation data: accuracy or validation loss, not the gap to the training loss. At 0.001 the curve still falls
#    steeply, but after five epochs it is where the one of 0.003 was before its second: small steps get about as far as rate times
#    epochs, so seven epochs at 0.001 are worth a little more than two at 0.003. More epochs would have to be given to all rates.
# 5. Rate 0.03, five epochs, on all training images; the accuracy stands above, with a standard error of $\sqrt{p(1-p)/n}$, about
#    0.3 to 0.4 points for 2,000 test images. (On MNIST the same gives 97.9 % of 10,000 test images, standard error 0.14, and the
#    four rates on 4,000 images give 80.4, 87.0, 88.3 and 89.6 % of the validation images: they rise there, too.)
#    At an equal rate a tenfold batch takes a tenth of the steps, each as long on
#    average, and learns much less in five epochs, though it is several times faster. With ten times the rate it gets about as far
#    in a fraction of the time, until the rate is too large for the loss. The curve of the points in the plane goes up and down long
#    after it has stopped falling: at the optimum the gradients of the samples are 0 in the mean, and none of them by itself, so each
#    step leads away again. A mean over a batch makes that smaller, and so does a rate that falls.

# %% [markdown]
# ## Hand in
#
# Save, then run this cell. It packs **all** your notebooks of this folder, with trained weights, into `submission.zip`, whichever
# notebook you do it from, and says what is missing or failing. Hand in that one file.

# %% tags=["skip-grading", "hand-in"] nbgrader={"grade": false, "grade_id": "06-hand-in", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers import hand_in

hand_in()
