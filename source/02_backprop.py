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
# # 2 · Backprop: how the loss tells every weight what to do
#
# Training means to solve
#
# $$ \min_\theta \tilde J(\theta) \tag{2.1} $$
#
# and every method for that asks for the gradient of $\tilde J$, one number for each weight and bias. Back-propagation
# computes all of them in one sweep from the loss down to the input. You derive it on paper, turn each formula into a small
# function, put the functions together, and prove the result against numerical gradients.
#
# | exercise | you do | points |
# |---|---|---|
# | `q2a-jacobian` | the softmax Jacobian, in two forms | 4 |
# | `q2a-derivation` | derive $\partial J / \partial z_i^{(3)}$ | 4 (written) |
# | `q2a-scores` | that formula as a function | 3 |
# | `q2b-derivation` | derive the gradient of the output weights | 4 (written) |
# | `q2b-weights` | that formula as a function | 3 |
# | `q2c-derivation` | derive the other three gradients | 6 (written) |
# | `q2c-bias` | the bias gradient as a function | 2 |
# | `q2c-hidden` | the error signal of the hidden layer | 4 |
# | `q2d-backward` | the whole backward pass | 8 |
# | `mistake-…` | six mistakes found in real reports | 12 |
#
# Every function is judged alone, with right inputs: a mistake in notebook 01 costs nothing here, and `backward` is also
# tried with right versions of the formulas it calls. Plan about three hours; the derivations are the heart of the course. Notation and shapes are those of notebook 01.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "02-points", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers.points import show_points

show_points("02_backprop.ipynb")

# %% nbgrader={"grade": false, "grade_id": "02-setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import scipy.special

from helpers import (
    carry,
    check_calls_none_of,
    check_close,
    check_gradient,
    check_relative_error,
    check_true,
    check_unchanged,
    exercise,
    gradient_check,
    numerical_gradient,
    relative_error,
    second_probe,
    toy_problem,
)
from helpers.figures import plot_step_sizes

# %% [markdown]
# ## 2a · The gradient at the scores
#
# ### The softmax Jacobian
#
# The softmax (1.2) maps $K$ scores $z$ to $K$ probabilities $p = \psi(z)$. Every probability depends on every score, so its
# derivative is a $K \times K$ matrix. The quotient rule, with $S = \sum_j e^{z_j}$, gives for the diagonal
#
# $$ \frac{\partial p_i}{\partial z_i} = \frac{e^{z_i} S - e^{z_i} e^{z_i}}{S^2} = p_i (1 - p_i) \tag{2.2} $$
#
# and off the diagonal, where the numerator $e^{z_i}$ does not depend on $z_j$,
#
# $$ \frac{\partial p_i}{\partial z_j} = \frac{0 \cdot S - e^{z_i} e^{z_j}}{S^2} = -p_i\, p_j, \qquad i \ne j \tag{2.3} $$
#
# Both cases fit into one matrix:
#
# $$ \frac{\partial p}{\partial z} = \operatorname{diag}(p) - p\, p^\top \tag{2.4} $$
#
# ### Exercise `q2a-jacobian` · 4 points
#
# Write it both ways: entry by entry from (2.2) and (2.3), with loops, and as one matrix expression from (2.4).


# %% nbgrader={"grade": false, "grade_id": "q2a-jacobian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_jacobian_by_cases(p):
    """The matrix of ∂p_i/∂z_j (K, K) for probabilities p (K,), entry by entry, equations (2.2)
    and (2.3)."""
    ### BEGIN SOLUTION
    K = len(p)
    jacobian = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            jacobian[i, j] = p[i] * (1 - p[i]) if i == j else -p[i] * p[j]
    return jacobian
    ### END SOLUTION


def softmax_jacobian(p):
    """The matrix of ∂p_i/∂z_j (K, K) for probabilities p (K,), as one expression, equation (2.4)."""
    ### BEGIN SOLUTION
    return np.diag(p) - np.outer(p, p)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q2a-jacobian-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Do both forms agree with central differences of the softmax?"""


def _jacobian_by_differences(z):
    """Row i: the numerical gradient of the softmax's entry i."""
    return np.array(
        [numerical_gradient(lambda v, i=i: scipy.special.softmax(v)[i], z) for i in range(len(z))]
    )


with exercise("q2a-jacobian"):
    z = np.array([0.5, -1.0, 2.0, 0.1])
    p, expected = scipy.special.softmax(z), _jacobian_by_differences(z)
    check_gradient(softmax_jacobian_by_cases(p), expected, "softmax_jacobian_by_cases(p)")
    check_gradient(softmax_jacobian(p), expected, "softmax_jacobian(p)")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q2a-jacobian") as rng:
    for K in (2, 5):
        z = rng.normal(size=K)
        p, expected = scipy.special.softmax(z), _jacobian_by_differences(z)
        check_gradient(softmax_jacobian_by_cases(p), expected, "softmax_jacobian_by_cases(p)")
        check_gradient(softmax_jacobian(p), expected, "softmax_jacobian(p)")
### END HIDDEN TESTS

# %% [markdown]
# ### From the loss to the scores
#
# Verify that the mean loss (1.5) has this gradient with respect to the scores of sample $i$:
#
# $$ \frac{\partial J}{\partial z_i^{(3)}} = \frac{1}{N} \bigl( \psi(z_i^{(3)}) - \Delta_i \bigr) \tag{2.5} $$
#
# where $\Delta_i$ is a vector with $K$ entries,
#
# $$ (\Delta_i)_j = \begin{cases} 1 & \text{if } j = y_i \\ 0 & \text{otherwise} \end{cases} \tag{2.6} $$

# %% [markdown] nbgrader={"grade": false, "grade_id": "q2a-derivation-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q2a-derivation` · 4 points (marked by hand)
#
# Derive (2.5) in the cell below, in these steps:
#
# 1. Write the loss of one sample (1.4) as a logarithm of a sum minus a score.
# 2. Differentiate the logarithm of the sum with respect to $z_{i,j}$, for any class $j$.
# 3. Differentiate the other term: for which $j$ is the result not zero?
# 4. Put both together as a vector, and say where the $1/N$ comes from and why the other samples do not appear.
#
# Write formulas as `$...$` or, on a line of their own, `$$...$$`. Double-click the cell to edit it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "q2a-derivation", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# 1. The logarithm of the quotient in (1.4) is a difference, and $\log e^{z} = z$:
#    $$ J_i = \log \sum_{k=1}^{K} e^{z_{i,k}} - z_{i,y_i} $$
# 2. By the chain rule, with $S_i = \sum_k e^{z_{i,k}}$,
#    $$ \frac{\partial}{\partial z_{i,j}} \log S_i = \frac{1}{S_i} \, e^{z_{i,j}} = \psi(z_i)_j $$
# 3. $\partial z_{i,y_i} / \partial z_{i,j}$ is 1 for $j = y_i$ and 0 otherwise, which is $(\Delta_i)_j$.
# 4. Together $\partial J_i / \partial z_{i,j} = \psi(z_i)_j - (\Delta_i)_j$. The mean loss is $J = \frac1N \sum_n J_n$, and
#    only the term $n = i$ depends on $z_i$; it carries the factor $1/N$. Hence
#    $$ \frac{\partial J}{\partial z_i^{(3)}} = \frac1N \bigl( \psi(z_i^{(3)}) - \Delta_i \bigr) $$
#    The same follows from (2.4): $-\frac{1}{p_{y}} \bigl( \operatorname{diag}(p) - p p^\top \bigr)$, row $y$, is $p - \Delta$.

# %% [markdown]
# ### Exercise `q2a-scores` · 3 points
#
# (2.5) for a whole batch: one row per sample. `P` holds the probabilities that `forward` returned. Return a new array; `P`
# is still needed afterwards.


# %% nbgrader={"grade": false, "grade_id": "q2a-scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scores_gradient(P, y):
    """dJ/dZ3 (N, K) for probabilities P (N, K) and labels y (N,) of integers, equation (2.5)."""
    ### BEGIN SOLUTION
    N = len(y)
    dZ3 = P.copy()
    dZ3[np.arange(N), y] -= 1.0
    return dZ3 / N
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q2a-scores-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Is every row probabilities minus one-hot, over N, and P still what it was?"""
with exercise("q2a-scores"):
    P, y = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]), np.array([2, 0])
    before = P.copy()
    check_gradient(
        scores_gradient(P, y),
        [[0.1, 0.15, -0.25], [-0.2, 0.15, 0.05]],
        "scores_gradient(P, y)",
    )
    check_unchanged(P, before, "scores_gradient", "P")
    probe = second_probe()
    dZ3 = scores_gradient(probe.cache["P"], probe.y)
    check_gradient(
        np.sum(dZ3, axis=0),
        probe.grads["b2"],
        "the sum over the rows of scores_gradient(P, y) for the probe",
    )
### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

with fresh_inputs("q2a-scores") as rng:
    Z, y = rng.normal(scale=2.0, size=(6, 4)), rng.integers(4, size=6)
    expected = numerical_gradient(lambda scores: truth.cross_entropy(scores, y), Z)
    check_gradient(
        scores_gradient(scipy.special.softmax(Z, axis=1), y), expected, "scores_gradient(P, y)"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## 2b · The output weights
#
# In the sheet's notation, where one sample is a column and $z = Wa + b$, the chain rule gives
#
# $$ \frac{\partial J}{\partial W^{(2)}} = \sum_{i=1}^{N} \frac{\partial J}{\partial z_i^{(3)}} \cdot \frac{\partial z_i^{(3)}}{\partial W^{(2)}}
# = \sum_{i=1}^{N} \frac{1}{N} \bigl( \psi(z_i^{(3)}) - \Delta_i \bigr)\, a_i^{(2)\top} \tag{2.7} $$
#
# and with the penalty of (1.6)
#
# $$ \frac{\partial \tilde J}{\partial W^{(2)}} = \Bigl[ \sum_{i=1}^{N} \frac{1}{N} \bigl( \psi(z_i^{(3)}) - \Delta_i \bigr)\, a_i^{(2)\top} \Bigr] + 2 \lambda W^{(2)} \tag{2.8} $$
#
# For a batch of rows there are two rules to know by heart. If $Y = XW$, then
#
# $$ \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y}\, W^\top \tag{2.9} $$
#
# $$ \frac{\partial L}{\partial W} = X^\top\, \frac{\partial L}{\partial Y} \tag{2.10} $$
#
# Forgotten which side, and which transpose? Only one combination has the right shape, if all sizes differ.

# %% [markdown] nbgrader={"grade": false, "grade_id": "q2b-derivation-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q2b-derivation` · 4 points (marked by hand)
#
# 1. Verify (2.7): write $z_{i,k}^{(3)}$ as a sum over the hidden units, differentiate it with respect to one weight
#    $W_{kh}^{(2)}$, and collect the terms of all samples into a matrix.
# 2. Verify (2.8): differentiate the penalty, entry by entry.
# 3. Rewrite (2.8) for a batch of rows, where `W2` has shape $(H, K)$ and the samples are the rows of $A^{(2)}$ and
#    $\partial J / \partial Z^{(3)}$. Where did the sum over the samples go?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q2b-derivation", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# 1. $z_{i,k}^{(3)} = \sum_h W_{kh}^{(2)} a_{i,h}^{(2)} + b_k^{(2)}$, so $\partial z_{i,l}^{(3)} / \partial W_{kh}^{(2)}$ is
#    $a_{i,h}^{(2)}$ for $l = k$ and 0 otherwise. The chain rule sums over all samples and all scores; of the scores only
#    $l = k$ is left:
#    $$ \frac{\partial J}{\partial W_{kh}^{(2)}} = \sum_{i=1}^{N} \frac{\partial J}{\partial z_{i,k}^{(3)}} \, a_{i,h}^{(2)} $$
#    which is entry $(k, h)$ of $\sum_i \frac{\partial J}{\partial z_i^{(3)}} a_i^{(2)\top}$. Insert (2.5).
# 2. $\lVert W^{(2)} \rVert^2 = \sum_{kh} (W_{kh}^{(2)})^2$ has the derivative $2 W_{kh}^{(2)}$ in entry $(k, h)$; $W^{(1)}$ and
#    $J$'s samples do not enter. So the penalty adds $2 \lambda W^{(2)}$, once, outside the sum.
# 3. With rows, $Z^{(3)} = A^{(2)} W_2 + b_2$ and (2.10) gives
#    $$ \frac{\partial \tilde J}{\partial W_2} = A^{(2)\top} \frac{\partial J}{\partial Z^{(3)}} + 2 \lambda W_2 $$
#    of shape $(H, N)(N, K) = (H, K)$. The sum over the samples is the inner index $N$ of the matrix product.

# %% [markdown]
# ### Exercise `q2b-weights` · 3 points
#
# The regularised gradient of the weights of one layer $Z = AW + b$, from the layer's input $A$ and the error signal
# $\partial J/\partial Z$ at its output. It serves both layers of the network.


# %% nbgrader={"grade": false, "grade_id": "q2b-weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
def weight_gradient(A, dZ, W, reg):
    """dJ~/dW (D, H) of a layer Z = AW + b, from A (N, D), dZ = dJ/dZ (N, H), W (D, H) and λ =
    reg, equation (2.8)."""
    ### BEGIN SOLUTION
    return A.T @ dZ + 2 * reg * W
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q2b-weights-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Does it match central differences of a layer with a penalty?"""


def _layer_loss(W, A, b, dZ, reg):
    """A loss that is linear in Z = AW + b, so that its gradient there is dZ, plus the penalty."""
    return (
        np.einsum("nd,dh,nh->", A, W, dZ)
        + np.einsum("h,nh->", b, dZ)
        + reg * np.einsum("dh,dh->", W, W)
    )


with exercise("q2b-weights"):
    A, dZ = (
        np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]),
        np.array([[1.0, 0.0, 2.0, -1.0], [0.5, 1.0, 0.0, 2.0], [-1.0, 1.0, 1.0, 0.0]]),
    )
    W, b = np.array([[1.0, -2.0, 0.5, 1.5], [3.0, 1.0, -1.0, 2.0]]), np.zeros(4)
    for reg in (0.0, 0.3):
        expected = numerical_gradient(lambda values: _layer_loss(values, A, b, dZ, reg), W)
        check_gradient(
            weight_gradient(A, dZ, W, reg), expected, f"weight_gradient(A, dZ, W, reg={reg})"
        )
    before = A.copy(), dZ.copy(), W.copy()
    weight_gradient(A, dZ, W, 0.3)
    for name, value, original in zip(("A", "dZ", "W"), (A, dZ, W), before, strict=True):
        check_unchanged(value, original, "weight_gradient", name)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q2b-weights") as rng:
    A, dZ, W, b, reg = (
        rng.normal(size=(6, 3)),
        rng.normal(size=(6, 5)),
        rng.normal(size=(3, 5)),
        rng.normal(size=5),
        rng.uniform(0.05, 0.5),
    )
    expected = numerical_gradient(lambda values: _layer_loss(values, A, b, dZ, reg), W)
    check_gradient(weight_gradient(A, dZ, W, reg), expected, "weight_gradient(A, dZ, W, reg)")
### END HIDDEN TESTS

# %% [markdown]
# ## 2c · The rest of the network

# %% [markdown] nbgrader={"grade": false, "grade_id": "q2c-derivation-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q2c-derivation` · 6 points (marked by hand)
#
# Derive the gradients of the regularised loss (1.6) with respect to $b^{(2)}$, $W^{(1)}$ and $b^{(1)}$, for a batch of
# rows. Name the error signals on the way: $\partial J/\partial Z^{(3)}$ is known; go through the weights to
# $\partial J/\partial A^{(2)}$, and through the ReLU to $\partial J/\partial Z^{(2)}$.
#
# 1. $\partial \tilde J / \partial b^{(2)}$: every row of $Z^{(3)}$ contains the same $b^{(2)}$.
# 2. $\partial J / \partial A^{(2)}$: which of (2.9) and (2.10) applies, and with which matrix?
# 3. $\partial J / \partial Z^{(2)}$: what is the derivative of $\phi$ in (1.1), and why is the product with it entry by entry?
# 4. $\partial \tilde J / \partial W^{(1)}$ and $\partial \tilde J / \partial b^{(1)}$: now the first layer looks like the
#    second one did. State the shape of each result, and which of them have a penalty term.

# %% [markdown] nbgrader={"grade": true, "grade_id": "q2c-derivation", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# Write $G^{(3)} = \partial J/\partial Z^{(3)} = \frac1N (P - \Delta)$, shape $(N, K)$.
#
# 1. $z_{i,k}^{(3)} = \dots + b_k^{(2)}$ in every row $i$, with derivative 1, so
#    $$ \frac{\partial \tilde J}{\partial b_k^{(2)}} = \sum_{i=1}^{N} G_{i,k}^{(3)}, \qquad \text{shape } (K,) $$
#    Biases are not penalised.
# 2. $Z^{(3)} = A^{(2)} W_2 + b_2$ has the form $Y = XW$ with $X = A^{(2)}$, so by (2.9)
#    $$ \frac{\partial J}{\partial A^{(2)}} = G^{(3)} W_2^\top, \qquad (N, K)(K, H) = (N, H) $$
# 3. $\phi'(u)$ is 1 for $u > 0$ and 0 for $u < 0$. Unit $h$ of sample $i$ depends on its own pre-activation alone, so the
#    Jacobian is diagonal and the product is entry by entry:
#    $$ G^{(2)} = \frac{\partial J}{\partial Z^{(2)}} = \bigl( G^{(3)} W_2^\top \bigr) \odot \mathbf 1\bigl[ Z^{(2)} > 0 \bigr] $$
# 4. $Z^{(2)} = X W_1 + b_1$, so by (2.10), with the penalty on $W_1$ only,
#    $$ \frac{\partial \tilde J}{\partial W_1} = X^\top G^{(2)} + 2 \lambda W_1, \quad (D, H), \qquad
#    \frac{\partial \tilde J}{\partial b_1} = \sum_{i=1}^{N} G_{i,:}^{(2)}, \quad (H,) $$

# %% [markdown]
# ### Exercise `q2c-bias` · 2 points
#
# Your formula for a bias, as a function of the error signal at the layer's output.


# %% nbgrader={"grade": false, "grade_id": "q2c-bias", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bias_gradient(dZ):
    """dJ~/db (H,) of a layer Z = AW + b, from dZ = dJ/dZ (N, H)."""
    ### BEGIN SOLUTION
    return dZ.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q2c-bias-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does it match central differences of a layer's bias?"""
with exercise("q2c-bias"):
    A, W, b = np.zeros((3, 2)), np.zeros((2, 4)), np.array([0.5, -1.0, 2.0, 0.0])
    dZ = np.array([[1.1, 0.2, 2.3, -1.4], [0.5, 1.6, -0.7, 2.0], [-0.9, 1.0, 1.2, 0.5]])
    expected = numerical_gradient(lambda values: _layer_loss(W, A, values, dZ, 0.0), b)
    check_gradient(bias_gradient(dZ), expected, "bias_gradient(dZ)")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q2c-bias") as rng:
    A, W, b, dZ = (
        rng.normal(size=(6, 3)),
        rng.normal(size=(3, 5)),
        rng.normal(size=5),
        rng.normal(size=(6, 5)),
    )
    expected = numerical_gradient(lambda values: _layer_loss(W, A, values, dZ, 0.0), b)
    check_gradient(bias_gradient(dZ), expected, "bias_gradient(dZ)")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q2c-hidden` · 4 points
#
# Your formula for the error signal below the ReLU, from the one at the scores: through the weights, then through the ReLU.


# %% nbgrader={"grade": false, "grade_id": "q2c-hidden", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hidden_gradient(dZ3, W2, Z2):
    """dJ/dZ2 (N, H) from dZ3 = dJ/dZ3 (N, K), W2 (H, K) and the hidden pre-activations Z2 (N, H)."""
    ### BEGIN SOLUTION
    dA2 = dZ3 @ W2.T
    return dA2 * (Z2 > 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q2c-hidden-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Does the error signal go through the weights, and only through units that are on?"""


def _upper_loss(Z2, W2, dZ3):
    """A loss that is linear in Z3 = ReLU(Z2) W2, so that its gradient there is dZ3."""
    return np.einsum("nh,hk,nk->", (Z2 + np.abs(Z2)) / 2, W2, dZ3)


with exercise("q2c-hidden"):
    Z2, W2 = (
        np.array([[1.5, -1.2, 0.5], [-0.3, 0.7, -1.0]]),
        np.array([[1.0, 2.0, 0.0, -1.0], [0.5, -1.0, 1.0, 2.0], [3.0, 0.0, 1.0, 1.0]]),
    )
    dZ3 = np.array([[0.1, -0.2, 0.3, -0.2], [-0.4, 0.1, 0.2, 0.1]])
    expected, before = (
        numerical_gradient(lambda values: _upper_loss(values, W2, dZ3), Z2),
        Z2.copy(),
    )
    check_gradient(hidden_gradient(dZ3, W2, Z2), expected, "hidden_gradient(dZ3, W2, Z2)")
    check_unchanged(Z2, before, "hidden_gradient", "Z2")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q2c-hidden") as rng:
    dZ3, W2 = rng.normal(size=(7, 4)), rng.normal(size=(5, 4))
    Z2 = rng.choice([-1.0, 1.0], size=(7, 5)) * rng.uniform(0.01, 2.0, size=(7, 5))
    expected = numerical_gradient(lambda values: _upper_loss(values, W2, dZ3), Z2)
    check_gradient(hidden_gradient(dZ3, W2, Z2), expected, "hidden_gradient(dZ3, W2, Z2)")
### END HIDDEN TESTS

# %% [markdown]
# ## 2d · The backward pass
#
# ### Exercise `q2d-backward` · 8 points
#
# Put it together. `backward` gets the parameters, the cache that `forward` returned (keys `X`, `Z2`, `A2`, `Z3`, `P`), the
# labels and $\lambda$. It mirrors the forward pass line by line, from the last line to the first, and returns a dict with
# the gradient of (1.6) for each parameter, in the parameter's shape. Use your own formulas: no framework, no numerical
# gradient. On the toy problem the largest relative error must be **below 1e-8**.


# %% nbgrader={"grade": false, "grade_id": "q2d-backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(params, cache, y, reg):
    """The gradient of the loss (1.6): a dict with W1 (D, H), b1 (H,), W2 (H, K), b2 (K,).

    params: the parameters; cache: what forward(params, X) returned; y: labels (N,); reg: λ.
    """
    ### BEGIN SOLUTION
    dZ3 = scores_gradient(cache["P"], y)
    dW2 = weight_gradient(cache["A2"], dZ3, params["W2"], reg)
    db2 = bias_gradient(dZ3)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    dW1 = weight_gradient(cache["X"], dZ2, params["W1"], reg)
    db1 = bias_gradient(dZ2)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q2d-backward-test", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
"""Are all four gradients right, on the toy problem to 1e-8 and where its zero biases are blind?"""


def _check_backward():
    toy, probe = toy_problem(), second_probe()
    grads = backward(toy.params, toy.cache, toy.y, toy.reg)
    check_relative_error(grads, toy.grads, "backward on the toy problem: grads", bound=1e-8)
    grads = backward(probe.params, probe.cache, probe.y, probe.reg)
    check_gradient(grads, probe.grads, "backward on the probe: grads")
    check_unchanged(probe.params, second_probe().params, "backward", "params")
    check_unchanged(probe.cache, second_probe().cache, "backward", "cache")


def _check_own_formula():
    forbidden = ("torch", "jax", "tensorflow", "autograd", "numerical_gradient", "gradient_check")
    check_calls_none_of(backward, forbidden)


### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

_check_backward = truth.either(_check_backward, globals(), **truth.BACKWARD_BLOCKS)


def _is_own_gradient():
    _check_own_formula()
    return truth.is_gradient_of_own_loss(globals(), "01_feedforward.ipynb", "q2d-backward")


_check_backward = truth.consistent(
    _check_backward,
    _is_own_gradient,
    "Yet it is the gradient of your own loss: backward fits your forward and compute_loss, and the mistake is in them.",
)
### END HIDDEN TESTS
with exercise("q2d-backward"):
    _check_backward()
    _check_own_formula()
### BEGIN HIDDEN TESTS
with fresh_inputs("q2d-backward") as rng:
    for _ in range(3):
        params, X, y, reg = truth.random_problem(rng)
        expected = truth.gradient(params, X, y, reg)

        def _check_fresh():
            grads = backward(params, truth.cache(params, X), y, reg)
            check_gradient(grads, expected, "backward(params, cache, y, reg): grads")

        truth.either(_check_fresh, globals(), **truth.BACKWARD_BLOCKS)()
### END HIDDEN TESTS

# %% [markdown]
# ### The gradient check
#
# The check above compared with stored numbers. In your own projects nobody stores them, but the loss itself always knows:
# move one weight a little to both sides and see how the loss changes. `numerical_gradient` does that for every entry, with
# *your* `forward` and `compute_loss`, carried over from notebook 01.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "02-carry", "locked": true, "schema_version": 3, "solution": false, "task": false}
forward, compute_loss = carry("01_feedforward.ipynb", "forward", "compute_loss")
toy = toy_problem()
grads = backward(toy.params, forward(toy.params, toy.X), toy.y, toy.reg)
check = gradient_check(
    lambda params: compute_loss(params, toy.X, toy.y, toy.reg), toy.params, grads
)
print(check)
print(f"largest relative error: {check.max_error:.1e}; the sheet asks for less than 1e-8")
check.plot()

# %% [markdown]
# How small a step? The error of a central difference has two parts: the curvature it ignores, which shrinks with $h^2$, and
# rounding, which grows with $1/h$. A one-sided difference ignores much more. The figure shows the largest relative error
# over the gradient of the first weights, for your loss on the toy problem.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "02-step-size", "locked": true, "schema_version": 3, "solution": false, "task": false}
forward, compute_loss = carry("01_feedforward.ipynb", "forward", "compute_loss")
grads = backward(toy.params, forward(toy.params, toy.X), toy.y, toy.reg)


def toy_loss(W1):
    """Your loss on the toy problem, as a function of its first weights."""
    return compute_loss({**toy.params, "W1": W1}, toy.X, toy.y, toy.reg)


def one_sided(W1, h):
    """Forward differences of toy_loss."""
    result, here = np.zeros_like(W1), toy_loss(W1)
    for index in np.ndindex(W1.shape):
        moved = W1.copy()
        moved[index] += h
        result[index] = (toy_loss(moved) - here) / h
    return result


steps = 10.0 ** np.arange(-9, -2)
errors = {
    "central": [
        relative_error(numerical_gradient(toy_loss, toy.params["W1"], h), grads["W1"])
        for h in steps
    ],
    "one-sided": [relative_error(one_sided(toy.params["W1"], h), grads["W1"]) for h in steps],
}
plot_step_sizes(steps, errors)

# %% [markdown]
# A last trap. Where a pre-activation is exactly 0, the ReLU has a kink and the loss has no gradient: every slope between
# the two sides is as good as any other. Numerical and analytic gradient then differ although nothing is wrong, and
# `gradient_check` says so.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "02-kink", "locked": true, "schema_version": 3, "solution": false, "task": false}
forward, compute_loss = carry("01_feedforward.ipynb", "forward", "compute_loss")
probe = second_probe()
probe.params["W1"][:, 2], probe.params["b1"][2], probe.X[6, :2] = (
    [0.5, -0.5, 0.0, 0.0, 0.0],
    0.0,
    0.75,
)  # Z2[6, 2] is exactly 0
grads = backward(probe.params, forward(probe.params, probe.X), probe.y, probe.reg)
print(
    gradient_check(
        lambda params: compute_loss(params, probe.X, probe.y, probe.reg), probe.params, grads
    )
)

# %% [markdown]
# ## Find the mistake
#
# Each of the following comes from a real report, by students or on a course page, in other words. Find what is wrong, and write
# the right version. They are good practice for reading your own derivation.
#
# ### Exercise `mistake-norm` · 2 points
#
# > *The norm can be written as* $\lVert W^{(1)} \rVert^2 + \lVert W^{(2)} \rVert^2 = W^{(1)\top} W^{(1)} + W^{(2)\top} W^{(2)}$.
#
# Try the shapes of both sides. (`np.linalg.norm(W, 2) ** 2` does give a number, but look up which norm it is.)


# %% nbgrader={"grade": false, "grade_id": "mistake-norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def penalty(W1, W2, reg):
    """The penalty λ (‖W1‖² + ‖W2‖²) (a number) for W1 (D, H), W2 (H, K) and λ = reg, equations
    (1.6) and (1.7)."""
    ### BEGIN SOLUTION
    return reg * (np.sum(W1**2) + np.sum(W2**2))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mistake-norm-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Is it a number, and the sum of all squares?"""
with exercise("mistake-norm"):
    W1, W2 = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]), np.array([[2.0], [0.0], [1.0]])
    check_close(penalty(W1, W2, 0.1), 2.0, "penalty(W1, W2, reg=0.1)")
    toy = toy_problem()
    check_close(
        penalty(toy.params["W1"], toy.params["W2"], toy.reg),
        toy.loss - toy.data_loss,
        "penalty on the toy problem",
    )
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("mistake-norm") as rng:
    W1, W2, reg = rng.normal(size=(4, 6)), rng.normal(size=(6, 3)), rng.uniform(0.1, 1.0)
    check_close(
        penalty(W1, W2, reg), reg * (np.vdot(W1, W1) + np.vdot(W2, W2)), "penalty(W1, W2, reg)"
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `mistake-one-hot` · 2 points
#
# > *The loss of one sample is $J = \log \sum_j e^{z_j} - z_y$. With $v = \sum_j e^{z_j}$,*
# > $$ \frac{\partial J}{\partial z} = \frac{1}{v} \cdot \frac{\partial v}{\partial z} = \frac{e^{z}}{\sum_j e^{z_j}} $$
# > *and therefore* $\partial J/\partial z = \psi(z) - \delta$.
#
# The second line does not follow from the first. One term was forgotten, and put back without a word. Write the gradient
# that really follows, for one sample.


# %% nbgrader={"grade": false, "grade_id": "mistake-one-hot", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_sample_gradient(z, label):
    """The gradient (K,) of the loss of one sample (1.4) at its scores z (K,), for an integer label."""
    ### BEGIN SOLUTION
    exponentials = np.exp(z - np.max(z))
    gradient = exponentials / np.sum(exponentials)
    gradient[label] -= 1.0
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mistake-one-hot-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does the gradient of one sample contain the derivative of both terms?"""
with exercise("mistake-one-hot"):
    z = np.array([0.5, -1.0, 2.0, 0.1])
    for label in (0, 2):
        expected = numerical_gradient(lambda v: scipy.special.logsumexp(v) - v[label], z)
        check_gradient(
            one_sample_gradient(z.copy(), label), expected, f"one_sample_gradient(z, {label})"
        )
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("mistake-one-hot") as rng:
    z = rng.normal(scale=2.0, size=6)
    for label in range(6):
        expected = numerical_gradient(lambda v: scipy.special.logsumexp(v) - v[label], z)
        check_gradient(
            one_sample_gradient(z.copy(), label), expected, "one_sample_gradient(z, label)"
        )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `mistake-penalty` · 2 points
#
# > $$ \frac{\partial \tilde J}{\partial W^{(1)}} = \mathrm{Part}_1^\top\, a^{(1)\top} + 2 \lambda W^{(2)}, \qquad \frac{\partial \tilde J}{\partial b^{(1)}} = \mathrm{Part}_1^\top\, \mathbf 1 + 2 \lambda W^{(2)} $$
#
# On a network with $D = H = K$ this even runs as code, and NumPy broadcasts the second formula without complaint. Which
# parameters does the penalty of (1.6) depend on? Write the gradient of the penalty alone, for all four.


# %% nbgrader={"grade": false, "grade_id": "mistake-penalty", "locked": false, "schema_version": 3, "solution": true, "task": false}
def penalty_gradient(params, reg):
    """The gradient of λ (‖W1‖² + ‖W2‖²): a dict with a float64 array for each of W1, b1, W2,
    b2, in its parameter's shape."""
    ### BEGIN SOLUTION
    return {
        "W1": 2 * reg * params["W1"],
        "b1": np.zeros_like(params["b1"]),
        "W2": 2 * reg * params["W2"],
        "b2": np.zeros_like(params["b2"]),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mistake-penalty-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does the penalty pull on each weight, and on no bias?"""


def _check_pull(params, reg, share):
    """share: how much of each weight its pull is, for this reg."""
    expected = {name: share * value for name, value in params.items() if name.startswith("W")}
    expected |= {
        name: np.zeros_like(value) for name, value in params.items() if name.startswith("b")
    }
    grads = penalty_gradient(params, reg)
    for name in ("b1", "b2"):
        check_true(
            not (isinstance(grads, dict) and np.array_equal(grads.get(name), 0)),
            f"the gradient of {name} is an array in its shape, not one number",
        )
    check_gradient(grads, expected, f"penalty_gradient(params, reg={reg:g})")


with exercise("mistake-penalty"):
    _check_pull(second_probe().params, reg=0.5, share=1.0)
    _check_pull(second_probe().params, reg=0.25, share=0.5)
### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

with fresh_inputs("mistake-penalty") as rng:
    params, X, y, reg = truth.random_problem(rng)
    with_penalty, without = truth.gradient(params, X, y, reg), truth.gradient(params, X, y, 0.0)
    expected = {name: with_penalty[name] - without[name] for name in params}
    for name in ("W1", "W2"):
        check_gradient(
            penalty_gradient(params, reg)[name], expected[name], f'penalty_gradient["{name}"]'
        )
    for name in ("b1", "b2"):
        check_close(
            penalty_gradient(params, reg)[name],
            np.zeros_like(params[name]),
            f'penalty_gradient["{name}"]',
        )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `mistake-convention` · 2 points
#
# > *The output layer is $o = V^\top h + c$, with $V \in \mathbb R^{H \times K}$ and column vectors $h$, $o$. Then*
# > $$ \frac{\partial \ell}{\partial V} = \frac{\partial \ell}{\partial o}\, h^\top, \qquad \frac{\partial \ell}{\partial h} = V^\top\, \frac{\partial \ell}{\partial o} $$
#
# Both formulas are right for some layer, but not for this one. Write the two for $o = V^\top h + c$.


# %% nbgrader={"grade": false, "grade_id": "mistake-convention", "locked": false, "schema_version": 3, "solution": true, "task": false}
def column_layer_gradients(h, V, do):
    """dl/dV (H, K) and dl/dh (H,), as a tuple, for o = Vᵀh + c with h (H,), V (H, K) and do =
    dl/do (K,)."""
    ### BEGIN SOLUTION
    return np.outer(h, do), V @ do
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mistake-convention-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Do both gradients have the shape and the values that the layer demands?"""


def _column_layer(h, V, do):
    """A loss that is linear in o = Vᵀh, so that its gradient there is do."""
    return np.einsum("h,hk,k->", h, V, do)


def _check_column_layer(h, V, do):
    """Compare both gradients with central differences."""
    answer = column_layer_gradients(h, V, do)
    check_true(
        isinstance(answer, tuple) and len(answer) == 2,
        "column_layer_gradients returns a tuple of two arrays",
    )
    check_gradient(answer[0], numerical_gradient(lambda v: _column_layer(h, v, do), V), "dl/dV")
    check_gradient(answer[1], numerical_gradient(lambda v: _column_layer(v, V, do), h), "dl/dh")


with exercise("mistake-convention"):
    _check_column_layer(
        np.array([1.0, -2.0, 0.5]),
        np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]),
        np.array([0.3, -0.7]),
    )
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("mistake-convention") as rng:
    _check_column_layer(rng.normal(size=4), rng.normal(size=(4, 6)), rng.normal(size=6))
    _check_column_layer(rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=3))
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `mistake-sum-first` · 2 points
#
# > *The gradient of $b^{(1)}$ is the product of*
# > $$ \frac{\partial J}{\partial z^{(3)}} = \sum_{i=1}^{N} \frac1N (\psi(z_i) - \Delta_i), \qquad W^{(2)\top}, \qquad \mathbf 1[z^{(2)} > 0]. $$
#
# The errors of all samples are added before they go through the hidden layer. But which units are on differs from sample
# to sample. Write $\partial J/\partial b^{(1)}$ with the steps in the right order.


# %% nbgrader={"grade": false, "grade_id": "mistake-sum-first", "locked": false, "schema_version": 3, "solution": true, "task": false}
def first_bias_gradient(dZ3, W2, Z2):
    """dJ/db1 (H,) from dZ3 = dJ/dZ3 (N, K), W2 (H, K) and Z2 (N, H)."""
    ### BEGIN SOLUTION
    return np.sum((dZ3 @ W2.T) * (Z2 > 0), axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mistake-sum-first-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does each sample pass its own mask before the sum?"""


def _check_first_bias(dZ3, W2, Z2):
    expected = numerical_gradient(lambda b: _upper_loss(Z2 + b, W2, dZ3), np.zeros(len(W2)))
    check_gradient(first_bias_gradient(dZ3, W2, Z2), expected, "first_bias_gradient(dZ3, W2, Z2)")


def _check_example():
    Z2 = np.array([[1.0, -2.0, 0.5], [-0.3, 0.7, -1.0]])
    W2 = np.array([[1.0, 2.0, 0.0, -1.0], [0.5, -1.0, 1.0, 2.0], [3.0, 0.0, 1.0, 1.0]])
    _check_first_bias(np.array([[0.1, -0.2, 0.3, -0.2], [-0.4, 0.1, 0.2, 0.1]]), W2, Z2)


### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

_check_example = truth.either(_check_example, globals(), **truth.BACKWARD_BLOCKS)
### END HIDDEN TESTS
with exercise("mistake-sum-first"):
    _check_example()
### BEGIN HIDDEN TESTS
with fresh_inputs("mistake-sum-first") as rng:
    dZ3, W2 = rng.normal(size=(7, 4)), rng.normal(size=(5, 4))
    Z2 = rng.choice([-1.0, 1.0], size=(7, 5)) * rng.uniform(0.01, 2.0, size=(7, 5))
    truth.either(lambda: _check_first_bias(dZ3, W2, Z2), globals(), **truth.BACKWARD_BLOCKS)()
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `mistake-one-sided` · 2 points
#
# > *We compute the cost, add a small $h$ to one weight, compute the cost again, and divide the difference by $h$.
# > The sum of the absolute differences to our gradient is 7.8e-03. The lower this sum, the better.*
#
# For a penalty $\lambda w^2$ this difference is off by exactly $\lambda h$ in every weight, and a sum over 30,000 weights
# has no scale to compare with. Write the better difference, for a function of a vector.


# %% nbgrader={"grade": false, "grade_id": "mistake-one-sided", "locked": false, "schema_version": 3, "solution": true, "task": false}
def central_differences(f, x, h):
    """The gradient (n,) of a function f of a vector x (n,) by central differences of step h; x
    stays as it is."""
    ### BEGIN SOLUTION
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mistake-one-sided-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Is the difference exact for a square, whatever the step?"""


def _check_differences(center, x):
    """A quadratic has no third derivative, so central differences are exact for every step."""
    before = x.copy()
    for h in (0.5, 1e-2):
        differences = central_differences(lambda v: np.sum((v - center) ** 2), x, h)
        check_unchanged(x, before, "central_differences", "x")
        check_close(differences, 2 * (x - center), f"central_differences(f, x, h={h})")


with exercise("mistake-one-sided"):
    _check_differences(np.zeros(4), np.array([1.0, -2.0, 0.5, 3.0]))
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("mistake-one-sided") as rng:
    _check_differences(rng.normal(size=5), rng.normal(size=5))
    x = rng.normal(size=6)
    check_gradient(
        central_differences(lambda v: np.sum(np.sin(v)), x, 1e-5),
        np.cos(x),
        "central_differences(f, x, 1e-5)",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## What you have now
#
# A network, its loss, and a gradient you can prove. Three habits to keep: check shapes with sizes that all differ; check
# gradients with central differences, in float64, with $h = 10^{-5}$; and add the penalty's gradient to the weights, directly.
# Notebook 03 takes `forward`, `cross_entropy` and `backward`, and trains.

# %% [markdown]
# ## Hand in
#
# Save, then run this cell. It packs **all** your notebooks of this folder, with trained weights, into `submission.zip`, whichever
# notebook you do it from, and says what is missing or failing. Hand in that one file.

# %% tags=["skip-grading", "hand-in"] nbgrader={"grade": false, "grade_id": "02-hand-in", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers import hand_in

hand_in()
