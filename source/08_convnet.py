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
# # 8 · ConvNet: the same weights at every place
#
# A fully connected layer has a weight for every pixel, and has to learn a pattern anew wherever it may stand. A convolution
# looks for it everywhere with the same few weights. You write it as loops that cannot be misread, then as one matrix product; derive its
# gradient, which is a matrix product, too; add max pooling; and train a small network of the VGG kind against a perceptron.
#
# | exercise | you do | points |
# |---|---|---|
# | `q8a-size` | how large the output is | 1 |
# | `q8a-loops` | convolution, word by word | 3 |
# | `q8a-columns`, `q8a-convolve` | windows as rows, and convolution as a matrix product | 4 + 3 |
# | `q8a-derivation` | derive its three gradients | 5 (written) |
# | `q8a-fold`, `q8a-backward` | windows back to where they came from, and the backward pass | 4 + 5 |
# | `q8b-pool`, `q8b-pool-backward` | max pooling, forward and backward | 2 + 3 |
# | `q8c-receptive` | how much of the image one number has seen | 2 |
# | `q8c-network` | a ConvNet in PyTorch | 6 |
# | `q8c-report` | against the perceptron: curves, test set, conclusions | 7 (written) |
#
# Every exercise is judged alone. Plan about four hours. Cells that train on images are not run again when your work is graded.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "08-points", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers.points import show_points

show_points("08_convnet.ipynb")

# %% nbgrader={"grade": false, "grade_id": "08-setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import time

import numpy as np
import torch
from torch import nn

from helpers import (
    carry,
    check_close,
    check_gradient,
    check_true,
    exercise,
    numerical_gradient,
    unchanged,
)
from helpers.convolution import (
    network_answers,
    network_parts,
    pytorch_convolution,
    pytorch_max_pool,
)
from helpers.convolution_figures import plot_side_by_side, show_filters
from helpers.data import load_images
from helpers.image_figures import plot_confusion

# %% [markdown]
# ## 8a · Convolution
#
# Images are arrays $X$ of shape $(N, C, H, W)$ now: $N$ images of $C$ channels (three colours, at first), $H$ rows and $W$
# columns. A layer has $F$ filters of $k \times k$ pixels and $C$ channels, $w$ of shape $(F, C, k, k)$, and a bias for each filter. Put
# $P$ rows and columns of zeros around every image, which gives $\tilde x$, and slide each filter over it in steps of $S$ pixels, the
# **stride**:
#
# $$ y_{n,f,i,j} = b_f + \sum_{c=1}^{C} \sum_{u=0}^{k-1} \sum_{v=0}^{k-1} w_{f,c,u,v}\; \tilde x_{n,c,\,Si+u,\,Sj+v} \tag{8.1} $$
#
# (Mathematicians call this a correlation, and turn the filter round for a convolution. A network learns the filter anyway.)
# How often the filter fits along a side of $H$ pixels:
#
# $$ H' = \left\lfloor \frac{H + 2P - k}{S} \right\rfloor + 1 \tag{8.2} $$
#
# ### Exercise `q8a-size` · 1 point


# %% nbgrader={"grade": false, "grade_id": "q8a-size", "locked": false, "schema_version": 3, "solution": true, "task": false}
def output_size(size, kernel, stride=1, padding=0):
    """How many places a filter of kernel pixels has along a side of size pixels (an int), (8.2)."""
    ### BEGIN SOLUTION
    return (size + 2 * padding - kernel) // stride + 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8a-size-test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
"""Is it the number of places that PyTorch's filters have?"""


def _check_size(size, kernel, stride, padding):
    X, W = np.zeros((1, 1, size, size)), np.zeros((1, 1, kernel, kernel))
    expected = pytorch_convolution(X, W, np.zeros(1), stride, padding).shape[2]
    yours = output_size(size, kernel, stride, padding)
    one_side = pytorch_convolution(np.zeros((1, 1, size + padding, size)), W, np.zeros(1), stride)
    mistakes = {
        "zeros are put on both sides of the image": one_side.shape[2],
        "only places where the whole filter fits are counted": expected + 1,
    }
    for claim, wrong in mistakes.items():
        check_true(yours != wrong or wrong == expected, claim)
    check_close(yours, expected, f"output_size({size}, {kernel}, {stride}, {padding})")
    check_true(isinstance(yours, int | np.integer), "output_size returns an integer")


with exercise("q8a-size"):
    for size, kernel, stride, padding in ((32, 3, 1, 1), (32, 2, 2, 0), (7, 3, 2, 0), (8, 3, 2, 1)):
        _check_size(size, kernel, stride, padding)
    check_close(output_size(5, 3), 3, "output_size(5, 3)")
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q8a-size") as rng:
    for _ in range(20):
        kernel = int(rng.integers(1, 6))
        _check_size(
            int(rng.integers(6, 40)), kernel, int(rng.integers(1, 5)), int(rng.integers(kernel))
        )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q8a-loops` · 3 points
#
# (8.1) as it stands there: a loop over images, filters, rows and columns of the output; the three sums are one product of two
# small arrays. Slow, and hard to get wrong: the measure for everything that follows. `np.pad` makes $\tilde x$.


# %% nbgrader={"grade": false, "grade_id": "q8a-loops", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convolve_by_loops(X, W, b, stride=1, padding=0):
    """Y (N, F, H', W') for images X (N, C, H, W), filters W (F, C, k, k) and biases b (F,), (8.1)."""
    ### BEGIN SOLUTION
    N, _, height, width = X.shape
    F, _, k, _ = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = (height + 2 * padding - k) // stride + 1
    across = (width + 2 * padding - k) // stride + 1
    Y = np.zeros((N, F, rows, across))
    for n, f, i, j in np.ndindex(Y.shape):
        top, left = stride * i, stride * j
        window = padded[n, :, top : top + k, left : left + k]
        Y[n, f, i, j] = np.sum(W[f] * window) + b[f]
    return Y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8a-loops-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Is it PyTorch's convolution, for images that are not square, with stride and padding?"""


def _small(rng, N=2, C=3, H=6, W=5, F=4, k=3):
    """Images, filters and biases, all sizes different."""
    return rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, k, k)), rng.normal(size=F)


def _check_convolution(convolution, name, X, W, b, stride, padding):
    with unchanged(name, X=X, W=W, b=b):
        Y = convolution(X, W, b, stride, padding)
    expected = pytorch_convolution(X, W, b, stride, padding)
    without = pytorch_convolution(X, W, 0 * b, stride, padding)
    turned = pytorch_convolution(X, W[:, :, ::-1, ::-1].copy(), b, stride, padding)
    mistakes = {
        "Where is the bias?": without,
        "The bias is added once for each number of the output.": without
        + X.shape[1] * (expected - without),
        "In (8.1) the filter is not turned round.": turned,
    }
    told = f"{name} with stride {stride} and padding {padding}"
    check_close(Y, expected, told, mistakes=mistakes)


def _check_loops():
    for stride, padding in ((1, 0), (1, 1), (2, 0), (2, 1)):
        problem = _small(np.random.default_rng(0))
        _check_convolution(convolve_by_loops, "convolve_by_loops", *problem, stride, padding)
    X, W, b = _small(np.random.default_rng(1))
    check_close(
        convolve_by_loops(X, W, b), pytorch_convolution(X, W, b), "convolve_by_loops(X, W, b)"
    )


### BEGIN HIDDEN TESTS
from autograde import truth, truth_layers
from helpers import fresh_inputs

_check_loops = truth.either(_check_loops, globals(), **truth_layers.WINDOW_BLOCKS)
### END HIDDEN TESTS
with exercise("q8a-loops"):
    _check_loops()
### BEGIN HIDDEN TESTS
with fresh_inputs("q8a-loops") as rng:
    for stride, padding in ((1, 1), (2, 1), (3, 2)):
        problem = _small(rng, *rng.choice(np.arange(2, 5), 2), 8, 7, 3, int(rng.integers(2, 5)))
        truth.either(_check_convolution, globals(), **truth_layers.WINDOW_BLOCKS)(
            convolve_by_loops, "convolve_by_loops", *problem, stride, padding
        )
### END HIDDEN TESTS

# %% [markdown]
# ### Windows as rows
#
# At one place (8.1) is a scalar product: the filter, as a vector of $Ck^2$ numbers, times the window under it. So write all windows
# as the rows of a matrix $\mathcal X$ of shape $(N H' W',\, C k^2)$, and all filters as the rows of a matrix $\mathcal W$ of shape
# $(F,\, C k^2)$, which is a mere `reshape`. Then all images, all places and all filters are one product:
#
# $$ \mathcal Y = \mathcal X\, \mathcal W^\top + b \tag{8.3} $$
#
# of shape $(N H' W',\, F)$. The rows go by image, then by row, then by column of the output; the entries of a row by channel, then by
# row, then by column of the window, as in the filter.
#
# ### Exercise `q8a-columns` · 4 points
#
# The matrix $\mathcal X$. (It is known as im2col, since others write windows as columns.) No loop over images or places is needed: for each of the $k^2$ pixels of a window, one
# slice with steps holds that pixel for *all* places; or let `np.lib.stride_tricks.sliding_window_view` find the windows.


# %% nbgrader={"grade": false, "grade_id": "q8a-columns", "locked": false, "schema_version": 3, "solution": true, "task": false}
def columns(X, kernel, stride=1, padding=0):
    """The windows of images X (N, C, H, W) as rows of a matrix (N H' W', C k²), where k = kernel."""
    ### BEGIN SOLUTION
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', k, k)
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kernel**2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8a-columns-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Does each row hold the window of its place, in the filter's order?"""


def _window_rows(X, k, stride, padding):
    """PyTorch's windows, as rows."""
    windows = nn.functional.unfold(torch.from_numpy(X), k, stride=stride, padding=padding)
    return windows.transpose(1, 2).reshape(-1, windows.shape[1]).numpy()


def _check_columns(X, kernel, stride, padding):
    with unchanged("columns", X=X):
        rows = columns(X, kernel, stride, padding)
    expected = _window_rows(X, kernel, stride, padding)
    check_close(rows, expected, f"columns(X, {kernel}, stride={stride}, padding={padding})")


def _check_columns_examples():
    X = np.arange(1.0, 1 + 2 * 2 * 4 * 5).reshape(2, 2, 4, 5)
    for kernel, stride, padding in ((2, 1, 0), (3, 1, 1), (2, 2, 0), (3, 2, 1)):
        _check_columns(X, kernel, stride, padding)
    check_close(columns(X, 2), _window_rows(X, 2, 1, 0), "columns(X, 2)")


### BEGIN HIDDEN TESTS
from autograde import truth, truth_layers
from helpers import fresh_inputs

_check_columns_examples = truth.either(
    _check_columns_examples, globals(), **truth_layers.WINDOW_BLOCKS
)
### END HIDDEN TESTS
with exercise("q8a-columns"):
    _check_columns_examples()
### BEGIN HIDDEN TESTS
with fresh_inputs("q8a-columns") as rng:
    for kernel, stride, padding in ((3, 1, 1), (2, 3, 1), (4, 2, 2)):
        truth.either(_check_columns, globals(), **truth_layers.WINDOW_BLOCKS)(
            rng.normal(size=(3, 2, 7, 9)), kernel, stride, padding
        )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q8a-convolve` · 3 points
#
# (8.3), and then back to images: $\mathcal Y$ has the filters last, and the output has them second.


# %% nbgrader={"grade": false, "grade_id": "q8a-convolve", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convolve(X, W, b, stride=1, padding=0):
    """Y (N, F, H', W') as convolve_by_loops gives it, as one matrix product, (8.3)."""
    ### BEGIN SOLUTION
    N, _, height, width = X.shape
    F, _, k, _ = W.shape
    rows = (height + 2 * padding - k) // stride + 1
    across = (width + 2 * padding - k) // stride + 1
    Y = columns(X, k, stride, padding) @ W.reshape(F, -1).T + b
    return Y.reshape(N, rows, across, F).transpose(0, 3, 1, 2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8a-convolve-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Is it PyTorch's convolution, and not one scalar product after the other?"""


def _one_by_one(rows, filters):
    """What no way to convolve should do."""
    return [row @ weights for row in rows for weights in filters]


def _least_seconds(way, *arguments):
    """The shortest of three times: others may be at work, too."""
    seconds = []
    while len(seconds) < 3 and sum(seconds) < 3:
        started = time.perf_counter()
        way(*arguments)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _check_convolve():
    for stride, padding in ((1, 0), (1, 1), (2, 0), (2, 1)):
        problem = _small(np.random.default_rng(0))
        _check_convolution(convolve, "convolve", *problem, stride, padding)
    X, W, b = _small(np.random.default_rng(1), H=4)
    check_close(convolve(X, W, b), pytorch_convolution(X, W, b), "convolve(X, W, b)")
    X, W, b = _small(np.random.default_rng(2), 4, 2, 32, 32, 16, 3)  # 65,536 outputs
    yours = _least_seconds(convolve, X, W, b, 1, 1)
    loop = _least_seconds(_one_by_one, _window_rows(X, 3, 1, 1), W.reshape(16, -1))
    check_true(
        yours < loop,
        "convolve is faster than one scalar product after the other: it is one matrix product",
        f"yours     {yours:.4f} s for 65,536 numbers",
        f"expected  less than the {loop:.4f} s that as many scalar products take",
    )


### BEGIN HIDDEN TESTS
from autograde import truth, truth_layers
from helpers import fresh_inputs

_check_convolve = truth.either(_check_convolve, globals(), **truth_layers.CONVOLUTION_BLOCKS)
### END HIDDEN TESTS
with exercise("q8a-convolve"):
    _check_convolve()
### BEGIN HIDDEN TESTS
with fresh_inputs("q8a-convolve") as rng:
    for stride, padding in ((1, 1), (2, 1), (3, 2)):
        problem = _small(rng, 3, 2, 8, 7, 5, int(rng.integers(2, 5)))
        truth.either(
            lambda: _check_convolution(convolve, "convolve", *problem, stride, padding),
            globals(),
            **truth_layers.CONVOLUTION_BLOCKS,
        )()
### END HIDDEN TESTS

# %% [markdown]
# How long do they take? Ten images of 16 channels, with 16 filters of 3x3 pixels. PyTorch has code made for each processor.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "08-times", "locked": true, "schema_version": 3, "solution": false, "task": false}
sides = (4, 8, 16)
print("images of     " + "".join(f"{f'{side} x {side}':>12}" for side in sides))
for name, way in (
    ("loops", convolve_by_loops),
    ("one product", convolve),
    ("PyTorch", pytorch_convolution),
):
    problems = [_small(np.random.default_rng(0), 10, 16, side, side, 16, 3) for side in sides]
    seconds = [_least_seconds(way, *problem, 1, 1) for problem in problems]
    print(f"{name:14}" + "".join(f"{1e3 * least:9.1f} ms" for least in seconds))

# %% [markdown]
# ### The gradient
#
# With $\mathcal G = \partial L/\partial \mathcal Y$, (8.3) is a linear layer, and the rules (2.9) and (2.10) say
#
# $$ \frac{\partial L}{\partial \mathcal W} = \mathcal G^\top \mathcal X, \qquad \frac{\partial L}{\partial b} = \mathcal G^\top \mathbf 1 \tag{8.4} $$
#
# $$ \frac{\partial L}{\partial \mathcal X} = \mathcal G\, \mathcal W \tag{8.5} $$
#
# But $\mathcal X$ is not the input: it holds most pixels several times, once for each window that they lie in. The pixel's gradient is the
# sum over all its copies, $r$ and $q$ being the rows and entries where $x_{n,c,h,w}$ stands:
#
# $$ \frac{\partial L}{\partial x_{n,c,h,w}} = \sum_{(r, q)\,:\; \mathcal X_{r,q} \text{ is } x_{n,c,h,w}} \Bigl( \frac{\partial L}{\partial \mathcal X} \Bigr)_{r,q} \tag{8.6} $$

# %% [markdown] nbgrader={"grade": false, "grade_id": "q8a-derivation-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q8a-derivation` · 5 points (marked by hand)
#
# 1. Differentiate (8.1) with respect to one weight $w_{f,c,u,v}$ and one bias $b_f$, and apply the chain rule with
#    $g_{n,f,i,j} = \partial L/\partial y_{n,f,i,j}$: three sums for the weight. Where are they in (8.4)?
# 2. For one pixel: which outputs contain $\tilde x_{n,c,h,w}$, and with which weight? Write $\partial L/\partial \tilde x_{n,c,h,w}$ as a sum over $f$,
#    $u$ and $v$ for stride 1, and say for which $u$, $v$ there is such an output.
# 3. Read your sum for stride 1 as a convolution itself: of what, with what, and with how much padding?
# 4. What becomes of the gradient at the zeros of the padding? And of pixels that no window covers, as with $k = 2$, $S = 3$?
# 5. A layer of 16 filters of 3x3 on 32x32 pixels with three colours, padding 1: how many parameters has it, and how many has a linear layer
#    with the same inputs and outputs? How many multiplications does each take for one image?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q8a-derivation", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# 1. $\partial y_{n,f,i,j}/\partial w_{f,c,u,v} = \tilde x_{n,c,Si+u,Sj+v}$ for the same $f$, and 0 for other filters; $\partial y_{n,f,i,j}/\partial b_f = 1$. So
#    $$ \frac{\partial L}{\partial w_{f,c,u,v}} = \sum_{n,i,j} g_{n,f,i,j}\, \tilde x_{n,c,Si+u,Sj+v}, \qquad \frac{\partial L}{\partial b_f} = \sum_{n,i,j} g_{n,f,i,j} $$
#    The three sums are the one over the rows of $\mathcal X$, the inner index of $\mathcal G^\top \mathcal X$.
# 2. $y_{n,f,i,j}$ contains it if $h = i + u$ and $w = j + v$ for some $u$, $v$ of the window, with the weight $w_{f,c,u,v}$:
#    $$ \frac{\partial L}{\partial \tilde x_{n,c,h,w}} = \sum_f \sum_{u,v} g_{n,f,h-u,w-v}\, w_{f,c,u,v} $$
#    where only those terms count for which $0 \le h - u < H'$ and $0 \le w - v < W'$.
# 3. The error signals $g$, with $k - 1$ zeros around them, convolved as in (8.1) with the filters turned by 180 degrees and with the roles of
#    $f$ and $c$ exchanged.
# 4. It is dropped: zeros are no inputs. Uncovered pixels have the gradient 0, since nothing depends on them.
# 5. $16 \cdot 3 \cdot 9 + 16 = 448$ parameters, against $3072 \cdot 16384 + 16384$, about 50 million. Multiplications: $16384 \cdot 27$, about 0.44 million,
#    against 50 million.

# %% [markdown]
# ### Exercise `q8a-fold` · 4 points
#
# (8.6): add each entry of a matrix of the shape of $\mathcal X$ back to the pixel that it was copied from, and leave out what belongs to the
# padding. Beware of `+=` with index arrays: of several entries for one pixel it keeps the last.


# %% nbgrader={"grade": false, "grade_id": "q8a-fold", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fold_back(rows, shape, kernel, stride=1, padding=0):
    """Images of this shape (N, C, H, W): at each pixel the sum of its entries in rows, (8.6).

    rows (N H' W', C k²): in the order of columns(X, kernel, stride, padding).
    """
    ### BEGIN SOLUTION
    N, C, height, width = shape
    padded = np.zeros((N, C, height + 2 * padding, width + 2 * padding))
    down = (height + 2 * padding - kernel) // stride + 1
    across = (width + 2 * padding - kernel) // stride + 1
    windows = rows.reshape(N, down, across, C, kernel, kernel).transpose(0, 3, 4, 5, 1, 2)
    for u, v in np.ndindex(kernel, kernel):
        bottom, right = u + stride * down, v + stride * across
        padded[:, :, u:bottom:stride, v:right:stride] += windows[:, :, u, v]
    return padded[:, :, padding : padding + height, padding : padding + width]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8a-fold-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Does each pixel get the sum of all its copies, and the padding nothing?"""


def _check_fold(rng, shape, kernel, stride, padding):
    """<rows, columns(X)> is linear in X, and its gradient is what fold_back(rows) must be."""
    X = rng.normal(size=shape)
    rows = rng.normal(size=_window_rows(X, kernel, stride, padding).shape)
    with unchanged("fold_back", rows=rows):
        found = fold_back(rows, shape, kernel, stride, padding)
    expected = numerical_gradient(
        lambda values: np.vdot(rows, _window_rows(values, kernel, stride, padding)), X
    )
    copies = numerical_gradient(lambda v: _window_rows(v, kernel, stride, padding).sum(), X).round()
    mistakes, alike = {}, isinstance(found, np.ndarray) and found.shape == X.shape
    if alike and np.allclose(found[copies < 2], expected[copies < 2]):
        mistakes["Only pixels of several windows are wrong: what of their copies?"] = found
    told = f"fold_back with kernel {kernel}, stride {stride}, padding {padding}"
    check_gradient(found, expected, told, mistakes=mistakes)


def _check_folds():
    for kernel, stride, padding in ((2, 2, 0), (2, 1, 0), (3, 1, 1), (3, 2, 1), (2, 3, 0)):
        _check_fold(np.random.default_rng(0), (2, 3, 5, 4), kernel, stride, padding)


### BEGIN HIDDEN TESTS
from autograde import truth, truth_layers
from helpers import fresh_inputs

_check_folds = truth.either(_check_folds, globals(), **truth_layers.FOLD_BLOCKS)
### END HIDDEN TESTS
with exercise("q8a-fold"):
    _check_folds()
### BEGIN HIDDEN TESTS
with fresh_inputs("q8a-fold") as rng:
    for kernel, stride, padding in ((3, 1, 1), (2, 3, 1), (4, 2, 2), (4, 1, 3)):
        truth.either(_check_fold, globals(), **truth_layers.FOLD_BLOCKS)(
            rng, (2, 2, 6, 7), kernel, stride, padding
        )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q8a-backward` · 5 points
#
# The backward pass of the layer, (8.4) to (8.6), with your `columns` and `fold_back` or in any other way.


# %% nbgrader={"grade": false, "grade_id": "q8a-backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convolve_backward(G, X, W, stride=1, padding=0):
    """dL/dX (N, C, H, W), dL/dW (F, C, k, k) and dL/db (F,), a tuple, from G = dL/dY (N, F, H', W')."""
    ### BEGIN SOLUTION
    F, _, k, _ = W.shape
    G_rows = G.transpose(0, 2, 3, 1).reshape(-1, F)
    dW = (G_rows.T @ columns(X, k, stride, padding)).reshape(W.shape)
    dX = fold_back(G_rows @ W.reshape(F, -1), X.shape, k, stride, padding)
    return dX, dW, G_rows.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8a-backward-test", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
"""Do all three gradients match central differences of PyTorch's convolution?"""


def _check_backward(rng, X, W, b, stride, padding):
    G = rng.normal(size=pytorch_convolution(X, W, b, stride, padding).shape)
    with unchanged("convolve_backward", G=G, X=X, W=W):
        found = convolve_backward(G, X, W, stride, padding)
    check_true(
        isinstance(found, tuple) and len(found) == 3,
        "convolve_backward returns a tuple of three arrays",
    )
    how = f"with stride {stride} and padding {padding}"
    for name, yours, at, loss in (
        ("X", found[0], X, lambda v: np.vdot(G, pytorch_convolution(v, W, b, stride, padding))),
        ("W", found[1], W, lambda v: np.vdot(G, pytorch_convolution(X, v, b, stride, padding))),
        ("b", found[2], b, lambda v: np.vdot(G, pytorch_convolution(X, W, v, stride, padding))),
    ):
        expected = numerical_gradient(loss, at)
        nudge = "It is the gradient of a sum over images, not of their mean."
        check_gradient(yours, expected, f"dL/d{name} {how}", mistakes={nudge: expected / len(X)})


def _check_backward_examples():
    rng = np.random.default_rng(0)
    for stride, padding in ((1, 0), (1, 1), (2, 1)):
        _check_backward(rng, *_small(rng, 2, 3, 5, 4, 4, 3), stride, padding)


### BEGIN HIDDEN TESTS
from autograde import truth, truth_layers
from helpers import fresh_inputs

_check_backward_examples = truth.either(
    _check_backward_examples, globals(), **truth_layers.CONVOLUTION_BLOCKS
)
### END HIDDEN TESTS
with exercise("q8a-backward"):
    _check_backward_examples()
### BEGIN HIDDEN TESTS
with fresh_inputs("q8a-backward") as rng:
    for stride, padding in ((1, 1), (3, 2)):
        seed, problem = (
            int(rng.integers(2**31)),
            _small(rng, 3, 2, 6, 5, 4, int(rng.integers(2, 4))),
        )
        truth.either(
            lambda: _check_backward(np.random.default_rng(seed), *problem, stride, padding),
            globals(),
            **truth_layers.CONVOLUTION_BLOCKS,
        )()
### END HIDDEN TESTS

# %% [markdown]
# ## 8b · Max pooling
#
# Between blocks of convolutions the image gets smaller: of each window of $p \times p$ pixels (the windows do not overlap) only the largest value
# goes on, in each channel by itself,
#
# $$ y_{n,c,i,j} = \max_{0 \le u, v < p}\; x_{n,c,\,pi+u,\,pj+v} \tag{8.7} $$
#
# Rows and columns that do not fill a window are left out. A small shift of the pattern often changes nothing, and each number after it speaks for a larger part of the image.
#
# ### Exercise `q8b-pool` · 2 points


# %% nbgrader={"grade": false, "grade_id": "q8b-pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool(X, size=2):
    """The largest value of each window of size x size pixels: (N, C, H // size, W // size), (8.7)."""
    ### BEGIN SOLUTION
    N, C, height, width = X.shape
    down, across = height // size, width // size
    whole = X[:, :, : down * size, : across * size]
    return whole.reshape(N, C, down, size, across, size).max(axis=(3, 5))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8b-pool-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Is it the largest value of each window, in each channel, for sides that no window divides, too?"""


def _check_pool(X, size):
    Y = pytorch_max_pool(X, size)
    mistakes = {
        "Each channel has its own largest values.": np.repeat(
            Y.max(axis=1, keepdims=True), Y.shape[1], axis=1
        ),
        "This is the mean of each window.": nn.functional.avg_pool2d(
            torch.from_numpy(X), size
        ).numpy(),
        "The largest of negative numbers is negative.": np.maximum(Y, 0.0),
    }
    with unchanged("max_pool", X=X):
        check_close(max_pool(X, size), Y, f"max_pool(X, {size})", mistakes=mistakes)


def _check_pools():
    X = np.random.default_rng(0).normal(-1, 1, size=(2, 3, 6, 4))
    _check_pool(X, 2)
    _check_pool(X[:, :, :5], 2)
    _check_pool(X, 3)
    check_close(max_pool(X), pytorch_max_pool(X, 2), "max_pool(X)")


### BEGIN HIDDEN TESTS
from autograde import truth, truth_layers
from helpers import fresh_inputs

_check_pools = truth.either(_check_pools, globals(), **truth_layers.CONVOLUTION_BLOCKS)
### END HIDDEN TESTS
with exercise("q8b-pool"):
    _check_pools()
### BEGIN HIDDEN TESTS
with fresh_inputs("q8b-pool") as rng:
    for size in (2, 3):
        truth.either(_check_pool, globals(), **truth_layers.CONVOLUTION_BLOCKS)(
            rng.normal(size=(3, 2, 8, 7)), size
        )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q8b-pool-backward` · 3 points
#
# Which inputs does the output depend on? Only the largest of each window gets its error signal, all others get 0. Where several are
# equally large (after a ReLU many windows are all 0) any share is a right answer, as at the kink of the ReLU, but the window as a
# whole passes on what it got: no more.


# %% nbgrader={"grade": false, "grade_id": "q8b-pool-backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_backward(G, X, size=2):
    """dL/dX (N, C, H, W) from G = dL/dY (N, C, H // size, W // size), for the X of the forward pass."""
    ### BEGIN SOLUTION
    N, C, down, across = G.shape
    whole = X[:, :, : down * size, : across * size]
    windows = whole.reshape(N, C, down, size, across, size).transpose(0, 1, 2, 4, 3, 5)
    flat = windows.reshape(N, C, down, across, size**2)
    chosen = np.arange(size**2) == flat.argmax(axis=-1)[..., None]
    passed = (G[..., None] * chosen).reshape(windows.shape).transpose(0, 1, 2, 4, 3, 5)
    dX = np.zeros_like(X)
    dX[:, :, : down * size, : across * size] = passed.reshape(whole.shape)
    return dX
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8b-pool-backward-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Does the largest of each window get the whole error signal, and a tie no more than that?"""


def _check_pool_backward(rng, X, size):
    G = rng.normal(size=pytorch_max_pool(X, size).shape)
    with unchanged("max_pool_backward", G=G, X=X):
        dX = max_pool_backward(G, X, size)
    expected = numerical_gradient(lambda values: np.vdot(G, pytorch_max_pool(values, size)), X)
    shared = np.zeros_like(X)
    places = np.repeat(np.repeat(G, size, axis=2), size, axis=3)
    shared[:, :, : places.shape[2], : places.shape[3]] = places / size**2
    mistakes = {"This is the gradient of the mean of a window.": shared}
    check_gradient(dX, expected, f"max_pool_backward(G, X, {size})", mistakes=mistakes)


def _check_tie(G):
    """All four pixels of each window are 0."""
    dX = max_pool_backward(G, np.zeros((1, 1, 2 * G.shape[2], 2 * G.shape[3])), 2)
    down, across = G.shape[2:]
    sums = dX.reshape(1, 1, down, 2, across, 2).sum(axis=(3, 5))
    check_gradient(sums, G, "where all of a window are equal, the sum over the window of dL/dX")


def _check_pools_backward():
    # Distinct values, far apart: no difference quotient changes which of them is the largest.
    X = np.random.default_rng(0).permutation(2 * 3 * 6 * 5).reshape(2, 3, 6, 5) / 10.0 - 5.0
    _check_pool_backward(np.random.default_rng(1), X, 2)
    _check_pool_backward(np.random.default_rng(2), X, 3)
    _check_tie(np.array([[[[1.0, -2.0], [0.3, 3.0]]]]))


### BEGIN HIDDEN TESTS
from autograde import truth, truth_layers
from helpers import fresh_inputs

_check_pools_backward = truth.either(_check_pools_backward, globals(), **truth_layers.POOL_BLOCKS)
### END HIDDEN TESTS
with exercise("q8b-pool-backward"):
    _check_pools_backward()
### BEGIN HIDDEN TESTS
with fresh_inputs("q8b-pool-backward") as rng:
    for size in (2, 3):
        X = rng.permutation(3 * 2 * 7 * 6).reshape(3, 2, 7, 6) / 10.0 - 10.0
        truth.either(_check_pool_backward, globals(), **truth_layers.POOL_BLOCKS)(rng, X, size)
    truth.either(_check_tie, globals(), **truth_layers.POOL_BLOCKS)(rng.normal(size=(1, 1, 3, 2)))
### END HIDDEN TESTS

# %% [markdown]
# ## 8c · A network
#
# ### How much one number has seen
#
# A number after one 3x3 convolution depends on 3x3 pixels. After a second one on 5x5: its window of 3x3 numbers, each of which has
# seen 3x3. With $k_l$ and $S_l$ the window's side and the stride of layer $l$, convolution or pooling, the side $r_l$ of that **receptive field** grows by
#
# $$ r_l = r_{l-1} + (k_l - 1)\, d_{l-1}, \qquad d_l = d_{l-1}\, S_l, \qquad r_0 = d_0 = 1 \tag{8.8} $$
#
# where $d_l$ is how many pixels of the image lie between two neighbours after layer $l$.
#
# ### Exercise `q8c-receptive` · 2 points


# %% nbgrader={"grade": false, "grade_id": "q8c-receptive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def receptive_field(layers):
    """The side of the receptive field (an int) after layers, a list of pairs (kernel, stride), (8.8)."""
    ### BEGIN SOLUTION
    side, distance = 1, 1
    for window, step in layers:
        side += (window - 1) * distance
        distance *= step
    return side
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8c-receptive-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Is it the number of pixels that a number after all layers depends on?"""


def _pixels_seen(layers):
    """How many pixels of a line the middle number spans: from the first to the last where its
    gradient is not 0."""
    line = torch.zeros(1, 1, 4001, requires_grad=True)
    signal = line
    for kernel, stride in layers:
        signal = nn.functional.conv1d(signal, torch.ones(1, 1, kernel), stride=stride)
    signal[0, 0, signal.shape[2] // 2].backward()
    seen = line.grad.flatten().nonzero()
    return int(seen.max() - seen.min()) + 1


def _check_receptive(layers):
    kernels, strides = [kernel for kernel, _ in layers], [stride for _, stride in layers]
    mistakes = {
        "In (8.8) a layer's stride counts for the layers after it, not for itself.": _pixels_seen(
            zip([1, *kernels], [*strides, 1], strict=True)
        ),
        "Where are the strides?": _pixels_seen([(kernel, 1) for kernel in kernels]),
    }
    name = f"receptive_field({layers})"
    check_close(receptive_field(list(layers)), _pixels_seen(layers), name, mistakes=mistakes)


with exercise("q8c-receptive"):
    for layers in ([(3, 1)], [(3, 1), (3, 1)], [(3, 1), (2, 2), (3, 1), (2, 2), (3, 1)], []):
        _check_receptive(layers)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q8c-receptive") as rng:
    for _ in range(5):  # no gaps between windows, so that the pixels are a block
        kernels = rng.integers(2, 5, size=4)
        _check_receptive([(int(kernel), int(rng.integers(1, kernel + 1))) for kernel in kernels])
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q8c-network` · 6 points
#
# A network of the VGG kind (Simonyan and Zisserman 2015) with batch norm. For each of `widths` one block: `depth` times an `nn.Conv2d` of 3x3 with
# padding 1, `nn.BatchNorm2d` and ReLU; then max pooling, 2x2. After the blocks the mean over all places that are left, a number for each channel, and
# one `nn.Linear` for the logits. The convolutions may have biases or not: batch norm subtracts whatever they add.


# %% nbgrader={"grade": false, "grade_id": "q8c-network", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ConvNet(nn.Module):
    """Blocks of convolutions: logits (N, K) for images X (N, C, H, W).

    channels: C; widths: the filters of each block's convolutions, a list; num_classes: K; depth:
    the convolutions of a block.
    """

    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        ### BEGIN SOLUTION
        layers = []
        for width in widths:
            for _ in range(depth):
                layers.append(nn.Conv2d(channels, width, 3, padding=1, bias=False))
                layers += [nn.BatchNorm2d(width), nn.ReLU()]
                channels = width
            layers.append(nn.MaxPool2d(2))
        self.blocks = nn.Sequential(*layers)
        self.head = nn.Linear(channels, num_classes)
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return self.head(self.blocks(X).mean(dim=(2, 3)))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q8c-network-test", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
"""Does it have the layers that were asked for, in the right order, and return logits for images of any size?"""


def _parts_of(channels, widths, num_classes, depth):
    """The shapes of the parts that the network must have."""
    inputs = [channels, *widths[:-1]]
    pairs = [
        (width, before if number == 0 else width)
        for before, width in zip(inputs, widths, strict=True)
        for number in range(depth)
    ]
    return {
        "Conv2d": sorted([*pair, 3, 3] for pair in pairs),
        "BatchNorm2d": sorted(width for width, _ in pairs),
        "Linear": [[num_classes, widths[-1]]],
    }


def _check_network(channels, widths, num_classes, depth, X):
    arguments = [channels, list(widths), num_classes, depth]
    name = f"ConvNet({channels}, {list(widths)}, {num_classes}, depth={depth})"
    parts = network_parts(ConvNet, arguments)
    for kind, expected in _parts_of(channels, widths, num_classes, depth).items():
        check_true(
            parts[kind] == expected,
            f"{name} has the right nn.{kind} (layers in a Python list are not registered)",
            f"yours     {parts[kind]}",
            f"expected  {expected}",
        )
    found = network_answers(ConvNet, arguments, X)
    sides = [
        [X.shape[2] >> block, X.shape[3] >> block]
        for block in range(len(widths))
        for _ in range(depth)
    ]
    check_true(
        found["sides"] == sides,
        f"the convolutions of {name} get images of the right sizes: "
        "only pooling makes them smaller",
        f"yours     {found['sides']}",
        f"expected  {sides}",
    )
    check_true(
        found["norms_see_negative"], "batch norm gets what the convolution gives, before the ReLU"
    )
    check_true(
        not found["convolutions_see_negative"], "only the first convolution gets negative numbers"
    )
    positive = np.maximum(found["last_norm"], 0.0)
    pooled = pytorch_max_pool(positive, 2)
    mistakes = {
        "Is there a ReLU after the last batch norm?": pytorch_max_pool(found["last_norm"], 2).mean(
            axis=(2, 3)
        ),
        "Max pooling comes after every block, the last one, too.": positive.mean(axis=(2, 3)),
        "The mean over all places is asked for, not the largest.": pooled.max(axis=(2, 3)),
    }
    check_close(
        found["summary"],
        np.einsum("ncij->nc", pooled) / pooled[0, 0].size,
        "the linear layer's input, the mean of the last block's output over all places,",
        mistakes=mistakes,
    )
    check_close(found["logits"], found["linear"], "the output, which is the linear layer's own,")
    return found["logits"]


with exercise("q8c-network"):
    for widths, depth in (([5], 1), ([4, 6], 1), ([4, 7, 5], 1), ([4, 6], 2)):
        for side in (16, 24):
            images = np.random.default_rng(side).normal(size=(2, 3, side, side))
            _check_network(3, widths, 8, depth, images)
### BEGIN HIDDEN TESTS
from autograde import truth_layers
from helpers import fresh_inputs

with fresh_inputs("q8c-network") as rng:
    for depth in (1, 2):
        channels, num_classes, *widths = (
            int(size) for size in rng.permutation(np.arange(2, 9))[:5]
        )
        images = rng.normal(size=(3, channels, 16, 24))
        logits = _check_network(channels, widths, num_classes, depth, images)
        expected = truth_layers.convnet_logits(images, widths, num_classes, depth)
        check_close(logits, expected, "the logits in evaluation mode")
### END HIDDEN TESTS

# %% [markdown]
# ### The images
#
# As arrays of channels, less the mean colour, divided by 64. The perceptron of notebook 04 gets the same numbers as rows.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "08-images", "locked": true, "schema_version": 3, "solution": false, "task": false}
train_epoch, accuracy, MultiLayerPerceptron = carry(
    "04_pytorch.ipynb", "train_epoch", "accuracy", "MultiLayerPerceptron"
)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
images = load_images()
print(images)
mean_color = images.X_train.mean(axis=(0, 1, 2), dtype=np.float64).astype(np.float32)


def tensors(X, y):
    """Images (N, C, H, W), centred and scaled, and labels: tensors on the device."""
    X = torch.from_numpy((X - mean_color) / np.float32(64)).permute(0, 3, 1, 2).to(device)
    return X.contiguous(memory_format=torch.channels_last), torch.from_numpy(np.array(y)).to(device)


X_train, y_train = tensors(images.X_train, images.y_train)
X_val, y_val = tensors(images.X_val, images.y_val)
C, K = X_train.shape[1], len(images.classes)
MANY = len(X_train) > 20_000
# On the built-in images a mirror would turn one class, stripes of 36°, into another.
MIRROR = images.name != "synthetic"

# %% [markdown]
# Two things that keep a class: a shift by a few pixels, and, on photographs, a mirror image. Every epoch sees other ones. The
# learning rate rises and falls once, a little with every step (`OneCycleLR`; the optimizer calls it after each of them).


# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "08-fit", "locked": true, "schema_version": 3, "solution": false, "task": false}
def varied(X, generator, most=4):
    """The images shifted by up to `most` pixels, a hundred alike, and every other one mirrored."""
    height, width, parts = *X.shape[2:], []
    for pictures in X.split(100):
        padded = nn.functional.pad(pictures, (most, most, most, most), mode="reflect")
        down, across = torch.randint(2 * most + 1, (2,), generator=generator).tolist()
        part = padded[:, :, down : down + height, across : across + width]
        flip = torch.rand(len(part), generator=generator).to(X.device) < 0.5 * MIRROR
        parts.append(torch.where(flip[:, None, None, None], part.flip(3), part))
    return torch.cat(parts).contiguous(memory_format=torch.channels_last)


def mean_loss(model, X, y):
    """The mean cross-entropy in evaluation mode."""
    model.eval()
    with torch.no_grad():
        parts = zip(X.split(500), y.split(500), strict=True)
        total = sum(
            nn.functional.cross_entropy(model(A), b, reduction="sum").item() for A, b in parts
        )
    return total / len(X)


def fit(model, epochs, rate, vary=True, batch_size=128, seed=0):
    """Train by SGD with Nesterov's momentum and one cycle of the rate; the history of the epochs."""
    generator, X = torch.Generator().manual_seed(seed), X_train
    optimizer = torch.optim.SGD(
        model.parameters(), lr=rate, momentum=0.9, nesterov=True, weight_decay=5e-4
    )
    steps = epochs * -(-len(X_train) // batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=rate, total_steps=steps + 1)
    optimizer.register_step_post_hook(lambda *_: schedule.step())
    history = {f"{a} {b}": [] for a in ("training", "validation") for b in ("loss", "accuracy")}
    for epoch in range(epochs):
        started = time.perf_counter()
        X = varied(X_train, generator) if vary else X_train
        train_epoch(model, optimizer, X, y_train, batch_size, generator)
        for part, A, b in (
            ("training", X_train[:1000], y_train[:1000]),
            ("validation", X_val, y_val),
        ):
            history[f"{part} loss"].append(mean_loss(model, A, b))
            history[f"{part} accuracy"].append(accuracy(model, A, b))
        print(
            f"epoch {epoch + 1} of {epochs}: validation accuracy "
            f"{history['validation accuracy'][-1]:.1%}, {time.perf_counter() - started:.0f} s"
        )
    return history


# %% [markdown]
# The perceptron with two hidden layers, the report's (512, 512) on photographs, and a ConvNet that takes minutes. With `HOUR = True` it is one with
# two convolutions a block and twice the filters, for an hour on two cores; a GPU makes short work of it.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "08-perceptron", "locked": true, "schema_version": 3, "solution": false, "task": false}
HOUR = False
torch.manual_seed(0)
hidden = [512, 512] if MANY else [200, 200]
perceptron = nn.Sequential(
    nn.Flatten(), MultiLayerPerceptron(X_train[0].numel(), hidden, K, batch_norm=True, dropout=0.2)
).to(device)
histories = {"perceptron": fit(perceptron, 8, 0.02, vary=False)}

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "08-convnet", "locked": true, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(0)
widths, depth, epochs, rate = [16, 32, 64], 1, 8, 0.2 if MANY else 0.05
if HOUR:
    widths, depth, epochs, rate = [32, 64, 128], 2, 16, 0.1
convnet = ConvNet(C, widths, K, depth).to(device, memory_format=torch.channels_last)
histories["ConvNet"] = fit(convnet, epochs, rate)
for name, model in (("perceptron", perceptron), ("ConvNet", convnet)):
    print(f"{name}: {sum(value.numel() for value in model.parameters()):,} parameters")

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "08-curves", "locked": true, "schema_version": 3, "solution": false, "task": false}
plot_side_by_side(histories)

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "08-filters", "locked": true, "schema_version": 3, "solution": false, "task": false}
first = next(part for part in convnet.modules() if isinstance(part, nn.Conv2d))
show_filters(first.weight.detach().cpu().numpy())

# %% [markdown]
# ### Shifted images
#
# The validation images shifted to the right, which changes no class (what leaves on one side comes back on the other, so that a pattern
# at the border is cut): how well do both networks cope?

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "08-shifted", "locked": true, "schema_version": 3, "solution": false, "task": false}
for pixels in (0, 1, 2, 4, 8):
    shifted = torch.roll(X_val, pixels, dims=3)
    found = {
        name: accuracy(model, shifted, y_val)
        for name, model in (("perceptron", perceptron), ("ConvNet", convnet))
    }
    print(
        f"shifted by {pixels}: " + ", ".join(f"{name} {share:.1%}" for name, share in found.items())
    )

# %% [markdown]
# ### The test set, once
#
# Both networks, with their 95 % intervals (4.4).

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "08-test-set", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_test, y_test = tensors(images.X_test, images.y_test)
for name, model in (("perceptron", perceptron), ("ConvNet", convnet)):
    share, loss = accuracy(model, X_test, y_test), mean_loss(model, X_test, y_test)
    error = 1.96 * np.sqrt(share * (1 - share) / len(y_test))
    low, high = np.clip([share - error, share + error], 0, 1)
    print(f"{name}: {share:.1%} ({low:.1%} to {high:.1%}), loss {loss:.2f}")
with torch.no_grad():
    predicted = torch.cat([convnet(part).argmax(dim=1) for part in X_test.split(500)])
plot_confusion(np.array(images.y_test), predicted.cpu().numpy(), images.classes)

# %% [markdown] nbgrader={"grade": false, "grade_id": "q8c-report-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q8c-report` · 7 points (marked by hand)
#
# 1. Compare the two networks: parameters, time, training and validation accuracy and loss, and test accuracy with its interval. Which of
#    the two overfits, and how do you see it?
# 2. What did the shifts show? What makes a ConvNet insensitive to them: the convolution, the pooling, the mean at the end, or the
#    shifted training images? How would you find out which?
# 3. How large is the receptive field of a number before the mean, in pixels? Count with (8.8).
# 4. A report has a ConvNet of this kind at 81.1 % of the test images with a loss of 0.55, and a perceptron at 57.7 % with 1.22, after 50
#    epochs each, and says that the perceptron was "flat after 10 epochs". Do loss and accuracy fit together? What would you ask before you
#    believe that the architecture made the whole difference?
# 5. On the built-in images the ConvNet's curves, measured in evaluation mode, get worse in the second epoch, for training images, too, although
#    the loss of its batches falls. Which layers behave differently in the two modes? How would you check that they are the cause?
# 6. What would you try next, and why?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q8c-report", "locked": false, "points": 7, "schema_version": 3, "solution": true, "task": false}
# 1. The ConvNet has a small part of the perceptron's parameters, takes longer for each epoch, because every weight is used at every place, and
#    is far better on images it has not seen. The perceptron overfits: its training accuracy is far above its validation accuracy. For the
#    ConvNet both are close together: it would profit from more filters and more epochs before it needs to be held back.
# 2. The perceptron loses accuracy with every pixel, the ConvNet much less. A convolution alone only shifts its output along (except at
#    the border); pooling and the mean over all places make the answer nearly the same. The shifted training images help any network. To find out, train
#    again without them, and once with a linear layer over all places instead of the mean.
# 3. With one convolution a block: $1 \to 3 \to 4 \to 8 \to 10 \to 18 \to 22$ pixels (3x3, pool, 3x3, pool, 3x3, pool). With two: $1, 3, 5, 6, 10, 14, 16, 24, 32, 36$:
#    more than the image.
# 4. They fit: at 81 % a loss of 0.55 is well calibrated, and 1.22 is common at 58 %. Before: were the settings chosen on the test set? Did both get the
#    same augmentation, schedule and time? One run each, so how large is the spread over seeds? A flat curve may be a learning rate that never
#    falls. But 23 points on 10,000 images are far outside every interval.
# 5. Batch norm: (7.9) and (7.10) follow slowly, and while the weights change fast, the averages are those of weights that are gone. Measured on
#    the same validation images in training mode, without touching the averages, the network of another run had 36 % right after the
#    second epoch where evaluation mode said 20 %, and 91 % where it said 68 % after the fourth. When the rate falls, the two meet.
# 6. More epochs and more filters while training and validation accuracy stay together; then stronger augmentation or weight decay; then
#    skip connections for deeper networks.

# %% [markdown]
# ## What you have now
#
# Every layer of a ConvNet, with its gradient, from scratch; and a network that uses what a fully connected one cannot: that a pattern
# means the same wherever it is.

# %% [markdown]
# ## Hand in
#
# Save, then run this cell. It packs **all** your notebooks of this folder, with trained weights, into `submission.zip`, whichever
# notebook you do it from, and says what is missing or failing. Hand in that one file.

# %% tags=["skip-grading", "hand-in"] nbgrader={"grade": false, "grade_id": "08-hand-in", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers import hand_in

hand_in()
