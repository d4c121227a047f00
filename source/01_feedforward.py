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
# # 1 · Feed-forward: from images to a loss
#
# In this notebook you build a two-layer neural network with nothing but NumPy: a batch of inputs goes in, class
# probabilities come out, and one number, the loss, says how wrong they are. In notebook 02 that number will tell every
# weight how to change.
#
# | exercise | you write | points |
# |---|---|---|
# | `q1-warmup` | the number of parameters | 1 |
# | `q1a-affine` | $Z = XW + b$ for a whole batch | 2 |
# | `q1a-relu` | the hidden units' nonlinearity | 1 |
# | `q1a-softmax` | probabilities from scores, without overflow | 3 |
# | `q1a-forward` | the whole network, every activation kept | 4 |
# | `q1b-cross-entropy` | the loss of a batch of scores | 3 |
# | `q1b-loss` | the regularised loss: **1.30378789133** on the toy problem | 4 |
# | `q1c-vectorised` | no Python loop anywhere | 2 |
#
# **How to work.** Each exercise is one cell with a `raise NotImplementedError(...)`. Replace that line, run the cell
# (Shift+Enter), then run the locked check below it. A failing check says where, what you have, what was expected, and
# sometimes which mistake it looks like. At grading the same checks run, and the same functions are tried on inputs that
# nobody has seen. What your code prints or warns about never costs marks. A mistake costs only its own exercise: at grading,
# later functions are also tried with right versions of the earlier ones they call. Plan about 90 minutes.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "01-points", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers.points import show_points

show_points("01_feedforward.ipynb")

# %% nbgrader={"grade": false, "grade_id": "01-setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import timeit

import numpy as np
import scipy.special

from helpers import (
    check_close,
    check_no_loops,
    check_true,
    check_unchanged,
    exercise,
    second_probe,
    toy_problem,
)
from helpers.figures import draw_network, plot_times

# %% [markdown]
# ## The network
#
# The input $x$ has $D$ features. A hidden layer of $H$ units follows, then one output unit for each of the $K$ classes.
# The sheet writes the network for one input, a column vector. The hidden layer applies the ReLU to each of its units,
#
# $$ \phi(u) = \begin{cases} u & \text{if } u \ge 0 \\ 0 & \text{if } u < 0 \end{cases} \tag{1.1} $$
#
# the output layer the softmax, which turns $K$ scores into $K$ probabilities,
#
# $$ \psi(u)_k = \frac{e^{u_k}}{\sum_{j=1}^{K} e^{u_j}} \tag{1.2} $$
#
# and the whole model is
#
# $$ \begin{align} a^{(1)} &= x \\ z^{(2)} &= W^{(1)} a^{(1)} + b^{(1)} \\ a^{(2)} &= \phi\bigl(z^{(2)}\bigr) \\
# z^{(3)} &= W^{(2)} a^{(2)} + b^{(2)} \\ f_\theta(x) = a^{(3)} &= \psi\bigl(z^{(3)}\bigr) \tag{1.3} \end{align} $$
#
# with the parameters $\theta = (W^{(1)}, b^{(1)}, W^{(2)}, b^{(2)})$. Entry $k$ of $f_\theta(x)$ is the probability
# that the network gives to class $k$.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "01-network-figure", "locked": true, "schema_version": 3, "solution": false, "task": false}
draw_network((4, 10, 3))

# %% [markdown]
# ## Warm-up
#
# ### Exercise `q1-warmup` · 1 point
#
# Learn the loop of writing and checking on something small. A network has $D$ inputs, $H$ hidden units and $K$ classes.
# How many numbers are in $W^{(1)}, b^{(1)}, W^{(2)}, b^{(2)}$ together?


# %% nbgrader={"grade": false, "grade_id": "q1-warmup", "locked": false, "schema_version": 3, "solution": true, "task": false}
def number_of_parameters(D, H, K):
    """The number of weights and biases of a network with D inputs, H hidden units and K
    classes (an int), see (1.3)."""
    ### BEGIN SOLUTION
    return D * H + H + H * K + K
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q1-warmup-test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
"""Are all four parameter arrays counted?"""
with exercise("q1-warmup"):
    check_true(
        not np.array_equal(number_of_parameters(4, 10, 3), 70),
        "number_of_parameters(4, 10, 3) counts the biases, too; 70 are the weights alone",
    )
    check_close(number_of_parameters(4, 10, 3), 83, "number_of_parameters(4, 10, 3)")
    check_close(number_of_parameters(3072, 50, 10), 154_160, "number_of_parameters(3072, 50, 10)")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q1-warmup") as rng:
    D, H, K = (int(size) for size in rng.integers(2, 500, size=3))
    check_close(
        number_of_parameters(D, H, K), (D + 1) * H + (H + 1) * K, "number_of_parameters(D, H, K)"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## From one column to a batch of rows
#
# (1.3) handles one input. Code handles a **batch**: $N$ inputs, one per row of a matrix $X$ of shape $(N, D)$.
# Transposing $z = Wx + b$ gives $z^\top = x^\top W^\top + b^\top$; stacking the $N$ rows gives
#
# $$ Z = X W + b \tag{1.8} $$
#
# where $b$ is added to every row, and the code's $W$ is the sheet's $W$ transposed. Both describe the same network:
#
# | | sheet: one column | code: a batch of rows |
# |---|---|---|
# | input | $x$: $(D,)$ | `X`: $(N, D)$ |
# | first weights | $W^{(1)}$: $(H, D)$ | `W1`: $(D, H)$ |
# | second weights | $W^{(2)}$: $(K, H)$ | `W2`: $(H, K)$ |
# | layer | $z = Wx + b$ | $Z = XW + b$ |
#
# From here on everything is in the right-hand column: **one row, one sample**. The parameters live in a dict,
# `params = {"W1": ..., "b1": ..., "W2": ..., "b2": ...}`. Functions return new arrays and leave their arguments alone.
#
# ### Exercise `q1a-affine` · 2 points


# %% nbgrader={"grade": false, "grade_id": "q1a-affine", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine(X, W, b):
    """One layer's scores Z (N, H) for a batch X (N, D), weights W (D, H) and biases b (H,),
    equation (1.8)."""
    ### BEGIN SOLUTION
    return X @ W + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q1a-affine-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does every row get multiplied by W, and b added?"""
with exercise("q1a-affine"):
    X, W, b = (
        np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        np.array([[1.0, 0.0, 2.0, 1.0], [0.0, 1.0, 1.0, -1.0]]),
        np.arange(4.0),
    )
    expected = np.array([[1.0, 3.0, 6.0, 2.0], [3.0, 5.0, 12.0, 2.0], [5.0, 7.0, 18.0, 2.0]])
    check_close(affine(X, W, b), expected, "affine(X, W, b)")
    probe = second_probe()
    check_close(
        affine(probe.X, probe.params["W1"], probe.params["b1"]),
        probe.cache["Z2"],
        "affine(X, W1, b1) of the probe",
    )
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q1a-affine") as rng:
    for N, D, H in ((6, 3, 5), (1, 4, 2), (3, 1, 7)):
        X, W, b = rng.normal(size=(N, D)), rng.normal(size=(D, H)), rng.normal(size=H)
        check_close(affine(X, W, b), np.einsum("nd,dh->nh", X, W) + b[None, :], "affine(X, W, b)")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q1a-relu` · 1 point
#
# The ReLU of (1.1), for each entry of an array.


# %% nbgrader={"grade": false, "grade_id": "q1a-relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(Z):
    """Each entry of Z (N, H) where it is positive, else 0: shape (N, H), equation (1.1)."""
    ### BEGIN SOLUTION
    return np.maximum(Z, 0.0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q1a-relu-test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
"""Do negative entries become 0, and only they, in a new array?"""
with exercise("q1a-relu"):
    Z = np.array([[-2.0, 0.0, 3.0, 0.25], [0.5, -0.1, 1.0, -4.0]])
    before = Z.copy()
    check_close(relu(Z), [[0.0, 0.0, 3.0, 0.25], [0.5, 0.0, 1.0, 0.0]], "relu(Z)")
    check_close(relu(np.array([[1e-9]])), [[1e-9]], "relu of a tiny number")
    check_unchanged(Z, before, "relu", "Z")
    probe = second_probe()
    check_close(relu(probe.cache["Z2"]), probe.cache["A2"], "relu(Z2) of the probe")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q1a-relu") as rng:
    Z = rng.normal(size=(8, 6))
    check_close(relu(Z), np.where(Z < 0, 0.0, Z), "relu(Z)")
    check_close(relu(-Z), (np.abs(Z) - Z) / 2, "relu(-Z)")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q1a-softmax` · 3 points
#
# The softmax of (1.2), for each row of a matrix of scores. In float64, `np.exp(710)` is infinite, and scores do get that
# large while a network trains. Adding one constant to all scores of a row changes nothing in (1.2): which constant makes
# every exponential safe, whatever the other rows hold?


# %% nbgrader={"grade": false, "grade_id": "q1a-softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(Z):
    """Class probabilities P (N, K) for scores Z (N, K), each row by itself, for scores of any
    size, equation (1.2)."""
    ### BEGIN SOLUTION
    shifted = Z - Z.max(axis=1, keepdims=True)
    E = np.exp(shifted)
    return E / E.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q1a-softmax-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Is every row a set of probabilities, and does softmax survive large scores?"""
with exercise("q1a-softmax"):
    toy, probe = toy_problem(), second_probe()
    check_close(softmax(toy.cache["Z3"]), toy.cache["P"], "softmax(Z3) of the toy problem")
    check_close(softmax(probe.cache["Z3"]), probe.cache["P"], "softmax(Z3) of the probe")
    check_close(softmax(probe.cache["Z3"] + 1000.0), probe.cache["P"], "softmax(Z3 + 1000)")
    far_apart = np.array([[0.0, np.log(3.0)], [2000.0, 2000.0 + np.log(3.0)]])
    check_close(
        softmax(far_apart),
        [[0.25, 0.75], [0.25, 0.75]],
        "softmax of two rows far apart, each safe by itself,",
    )
    check_close(
        softmax(np.array([[0.0, 2000.0, 0.0]])),
        [[0.0, 1.0, 0.0]],
        "softmax of (0, 2000, 0), one score far above the others,",
    )
    Z = np.array([[1.0, 2.0]])
    softmax(Z)
    check_unchanged(Z, [[1.0, 2.0]], "softmax", "Z")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q1a-softmax") as rng:
    Z = rng.normal(scale=3.0, size=(7, 5))
    check_close(softmax(Z), scipy.special.softmax(Z, axis=1), "softmax(Z)")
    offsets = rng.uniform(-5000, 5000, size=(7, 1))
    check_close(
        softmax(Z + offsets),
        scipy.special.softmax(Z + offsets, axis=1),
        "softmax(Z) with an offset for each row",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## The forward pass
#
# ### Exercise `q1a-forward` · 4 points
#
# Now (1.3) for a batch, one operation per line. Back-propagation will need every intermediate result, so return them all,
# in a dict with the keys
#
# | key | is | shape |
# |---|---|---|
# | `"X"` | $a^{(1)}$, the input | $(N, D)$ |
# | `"Z2"` | $z^{(2)}$ | $(N, H)$ |
# | `"A2"` | $a^{(2)} = \phi(z^{(2)})$ | $(N, H)$ |
# | `"Z3"` | $z^{(3)}$, the scores | $(N, K)$ |
# | `"P"` | $a^{(3)} = \psi(z^{(3)})$, the probabilities | $(N, K)$ |


# %% nbgrader={"grade": false, "grade_id": "q1a-forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward(params, X):
    """All activations, a dict with X (N, D), Z2, A2 (N, H), Z3, P (N, K), equation (1.3).

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,).
    """
    ### BEGIN SOLUTION
    Z2 = affine(X, params["W1"], params["b1"])
    A2 = relu(Z2)
    Z3 = affine(A2, params["W2"], params["b2"])
    P = softmax(Z3)
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": P}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q1a-forward-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Does every activation match, on the toy problem and where its zero biases are blind?"""


def _check_forward():
    for problem, title in ((second_probe(), "the probe"), (toy_problem(), "the toy problem")):
        cache = forward(problem.params, problem.X)
        check_close(cache, problem.cache, f"forward(params, X) on {title}: cache")


### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

_check_forward = truth.either(_check_forward, globals(), **truth.FORWARD_BLOCKS)
### END HIDDEN TESTS
with exercise("q1a-forward"):
    _check_forward()
### BEGIN HIDDEN TESTS
with fresh_inputs("q1a-forward") as rng:
    params, X, _, _ = truth.random_problem(rng)

    def _check_fresh():
        check_close(forward(params, X), truth.cache(params, X), "forward(params, X): cache")

    truth.either(_check_fresh, globals(), **truth.FORWARD_BLOCKS)()
### END HIDDEN TESTS

# %% [markdown]
# Row 0 of the toy problem's probabilities is $(0.36446210,\ 0.22911264,\ 0.40642526)$ in the sheet. Yours:

# %% tags=["only-shows"]
print(forward(toy_problem().params, toy_problem().X)["P"][0])

# %% [markdown]
# ## The loss
#
# The network is right about a sample when it gives a high probability to its label. The **cross-entropy** of one sample is
#
# $$ J(\theta, x_i, y_i) = -\log f_\theta(x_i)_{y_i} = -\log \frac{\exp\bigl(z_i^{(3)}\bigr)_{y_i}}{\sum_{j=1}^{K} \exp\bigl(z_i^{(3)}\bigr)_j} \tag{1.4} $$
#
# and its mean over the batch
#
# $$ J(\theta) = \frac{1}{N} \sum_{i=1}^{N} -\log \frac{\exp\bigl(z_i^{(3)}\bigr)_{y_i}}{\sum_{j=1}^{K} \exp\bigl(z_i^{(3)}\bigr)_j} \tag{1.5} $$
#
# It is 0 in the limit where every label gets probability 1, and $\log K$ for a network that cannot tell the classes apart.
#
# ### Exercise `q1b-cross-entropy` · 3 points
#
# Compute (1.5) from the **scores**, not from the probabilities. For scores $(0, 2000, 0)$ and label 0 the loss is 2000, but
# the probability of class 0 is $e^{-2000}$, which float64 rounds to 0, and $-\log 0$ is infinite. The logarithm of the
# quotient in (1.4) is a difference of two logarithms, and one of them simplifies.


# %% nbgrader={"grade": false, "grade_id": "q1b-cross-entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(Z, y):
    """The mean cross-entropy (a number) of scores Z (N, K) and labels y (N,) of integers, for
    any scores, equation (1.5)."""
    ### BEGIN SOLUTION
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    label_scores = shifted[np.arange(len(y)), y]
    return np.mean(log_sums - label_scores)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q1b-cross-entropy-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Is it the mean over the batch, with the natural logarithm, for small and for huge scores?"""
with exercise("q1b-cross-entropy"):
    toy, probe = toy_problem(), second_probe()
    check_close(cross_entropy(toy.cache["Z3"], toy.y), toy.data_loss, "cross_entropy(Z3, y), toy")
    check_close(
        cross_entropy(probe.cache["Z3"], probe.y), probe.data_loss, "cross_entropy(Z3, y), probe"
    )
    equal, huge = np.zeros((6, 3)), np.array([[0.0, 2000.0, 0.0]])
    check_close(
        cross_entropy(equal, np.array([0, 1, 2, 0, 1, 1])), np.log(3), "the loss of equal scores"
    )
    check_close(cross_entropy(huge, np.array([0])), 2000.0, "the loss of (0, 2000, 0), label 0,")
### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

with fresh_inputs("q1b-cross-entropy") as rng:
    Z, y = rng.normal(scale=3.0, size=(9, 4)), rng.integers(4, size=9)
    check_close(cross_entropy(Z, y), truth.cross_entropy(Z, y), "cross_entropy(Z, y)")
    Z = Z + rng.uniform(-5000, 5000, size=(9, 1))
    check_close(
        cross_entropy(Z, y),
        truth.cross_entropy(Z, y),
        "cross_entropy(Z, y) with an offset for each row",
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q1b-loss` · 4 points
#
# A network with small weights is a simpler model. The training loss therefore adds a penalty on the weights, not on the
# biases,
#
# $$ \tilde J(\theta) = J(\theta) + \lambda \left( \bigl\lVert W^{(1)} \bigr\rVert^2 + \bigl\lVert W^{(2)} \bigr\rVert^2 \right) \tag{1.6} $$
#
# where the norm is the Frobenius norm, the square root of the sum of squares of all entries:
#
# $$ \bigl\lVert W^{(1)} \bigr\rVert^2 = \sum_{p=1}^{H} \sum_{q=1}^{D} \bigl( W^{(1)}_{pq} \bigr)^2 \tag{1.7} $$
#
# There is no ½ in (1.6). Your function must give **1.30378789133** on the toy problem with $\lambda = 0.05$.


# %% nbgrader={"grade": false, "grade_id": "q1b-loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_loss(params, X, y, reg):
    """The regularised loss (a number) on a batch X (N, D) with labels y (N,); reg is the λ of
    equation (1.6)."""
    ### BEGIN SOLUTION
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    penalty = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    return data_loss + reg * penalty
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q1b-loss-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Is it 1.30378789133 on the toy problem, and right where the biases are not zero?"""


def _check_loss():
    for problem, title in ((toy_problem(), "the toy problem"), (second_probe(), "the probe")):
        loss = compute_loss(problem.params, problem.X, problem.y, problem.reg)
        check_close(loss, problem.loss, f"compute_loss(params, X, y, reg) on {title}")


### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

_check_loss = truth.either(_check_loss, globals(), **truth.LOSS_BLOCKS)
### END HIDDEN TESTS
with exercise("q1b-loss"):
    _check_loss()
### BEGIN HIDDEN TESTS
with fresh_inputs("q1b-loss") as rng:
    for _ in range(3):
        problem = truth.random_problem(rng)

        def _check_fresh():
            check_close(
                compute_loss(*problem), truth.loss(*problem), "compute_loss(params, X, y, reg)"
            )

        truth.either(_check_fresh, globals(), **truth.LOSS_BLOCKS)()
### END HIDDEN TESTS

# %% [markdown]
# ## No loops
#
# A Python loop handles one number at a time, and interprets every step anew. NumPy hands a whole array to compiled code.
# Below, the definition of a matrix product, written with three loops, against `A @ B`:


# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "01-loop-timing", "locked": true, "schema_version": 3, "solution": false, "task": false}
def product_with_loops(A, B):
    """The matrix product A B, entry by entry."""
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for k in range(A.shape[1]):
                C[i, j] += A[i, k] * B[k, j]
    return C


rng = np.random.default_rng(0)
B = rng.normal(size=(64, 20))
sizes, loops, vectorised = [1, 4, 16, 64], [], []
for size in sizes:
    A = rng.normal(size=(size, 64))
    loops.append(min(timeit.repeat(lambda: product_with_loops(A, B), number=1, repeat=3)))
    vectorised.append(min(timeit.repeat(lambda: A @ B, number=100, repeat=3)) / 100)
print(f"64 rows: the loops take {loops[-1] / vectorised[-1]:,.0f} times as long.")
plot_times(sizes, {"three loops": loops, "A @ B": vectorised})

# %% [markdown]
# ### Exercise `q1c-vectorised` · 2 points
#
# If any of your functions above has a Python loop (`for`, `while`, a comprehension, `map` or `np.vectorize`), go back and
# write it with array operations. Nothing to fill in here: the check reads the source of your functions.

# %% nbgrader={"grade": true, "grade_id": "q1c-vectorised-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does the forward pass, from affine to the loss, do without Python loops?"""
with exercise("q1c-vectorised"):
    check_no_loops(affine, relu, softmax, forward, cross_entropy, compute_loss)

# %% [markdown]
# Your forward pass at the size of real images, 3072 inputs and 50 hidden units:

# %% tags=["only-shows"]
rng = np.random.default_rng(0)
big = {
    "W1": 0.01 * rng.normal(size=(3072, 50)),
    "b1": np.zeros(50),
    "W2": 0.01 * rng.normal(size=(50, 10)),
    "b2": np.zeros(10),
}
images = rng.normal(size=(1000, 3072))
seconds = min(timeit.repeat(lambda: forward(big, images), number=1, repeat=3))
print(f"1,000 images in {1000 * seconds:.0f} ms")

# %% [markdown]
# ## What the toy problem does not see
#
# 1.30378789133 is a good number to hit, and a blind one. All biases of the toy problem are zero, so a forgotten bias costs
# nothing there; all its scores are negative, so a ReLU applied to the output as well makes the classes look equal; and
# $N - 1 = D$, so two wrong divisors look alike. That is why the checks above use a second probe as well. Keep the habit:
# **test with inputs in which nothing is zero, equal or square.**
#
# Save the notebook. Notebook 02 takes `forward` and `compute_loss` from it.

# %% [markdown]
# ## Hand in
#
# Save, then run this cell. It packs **all** your notebooks of this folder, with trained weights, into `submission.zip`, whichever
# notebook you do it from, and says what is missing or failing. Hand in that one file.

# %% tags=["skip-grading", "hand-in"] nbgrader={"grade": false, "grade_id": "01-hand-in", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers import hand_in

hand_in()
