# ---
# jupyter:
#   hands_in: [best_mlp.safetensors]
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
# # 4 · PyTorch: the same network in ten lines, and deeper ones
#
# You know what forward, loss, backward and SGD do, since you wrote them. Now a framework does the derivatives. First you
# prove that it computes what you computed; then you build networks of any depth, and find out what depth costs and what it brings.
#
# | exercise | you do | points |
# |---|---|---|
# | `q4a-model` | a multi-layer perceptron of any depth | 6 |
# | `q4a-copy` | your NumPy network inside PyTorch: the same numbers | 4 |
# | `q4b-epoch` | one epoch of training | 6 |
# | `q4b-accuracy` | measure without training | 3 |
# | `q4c-init` | He's initialisation, and why deep networks need it | 3 |
# | `q4c-depth` | 2, 3, 4 and 5 layers compared | 6 (written) |
# | `q4c-weights`, `q4c-best` | hand in your best network, above 50 % | 2 + 6 |
# | `q4c-report` | the test set, once, and what you conclude | 4 (written) |
#
# Plan about three hours. A GPU is used if there is one, and not needed. Cells that train on images are not run again when your
# work is graded.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "04-points", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers.points import show_points

show_points("04_pytorch.ipynb")

# %% nbgrader={"grade": false, "grade_id": "04-setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from itertools import pairwise

import numpy as np
import scipy.special
import torch
from torch import nn

from helpers import (
    check_accuracy,
    check_close,
    check_gradient,
    check_true,
    check_unchanged,
    exercise,
    numerical_gradient,
    second_probe,
)
from helpers.data import as_rows, load_images
from helpers.image_figures import plot_confusion
from helpers.networks import (
    linear_layers,
    linear_model,
    listening_model,
    nested_layers,
    recorder,
    two_layer_answers,
    two_layers,
    used_and_changed,
)
from helpers.search import grid, search, top
from helpers.training import TrainingCurve
from helpers.training_figures import plot_depths, plot_signals
from helpers.weights import load_model, save_model

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
print(f"PyTorch {torch.__version__.split('+')[0]} on the {device.type.upper()}")


def _parts(model, kind):
    """The parts of a model that are of this kind, in order."""
    return [part for part in model.modules() if isinstance(part, kind)]


# %% [markdown]
# ## 4a · The network as a module
#
# An `nn.Module` holds parameters and says in `forward` how an output is computed from an input. For $L$ layers, with $a^{(0)} = x$,
#
# $$ a^{(l)} = \phi\bigl( a^{(l-1)} W^{(l)} + b^{(l)} \bigr), \quad l = 1, \dots, L - 1 \tag{4.1} $$
#
# $$ z = a^{(L-1)} W^{(L)} + b^{(L)} \tag{4.2} $$
#
# The output $z$ are **logits**: scores before the softmax. `nn.CrossEntropyLoss` contains the softmax; a network that applies
# one, too, learns slowly and never gets confident.
#
# ### Exercise `q4a-model` · 6 points
#
# Build it from `nn.Linear`, the activation, and, if asked for, `nn.BatchNorm1d` between a layer's linear part and its
# activation, and `nn.Dropout` after the activation. The last layer (4.2) has none of these, and every `nn.Linear` has its bias.
# An empty list of hidden sizes is a network too.

# %% nbgrader={"grade": false, "grade_id": "04-activations", "locked": true, "schema_version": 3, "solution": false, "task": false}
ACTIVATIONS = {"relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "sigmoid": nn.Sigmoid}


# %% nbgrader={"grade": false, "grade_id": "q4a-model", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MultiLayerPerceptron(nn.Module):
    """A network of fully connected layers: logits (N, K) for a batch X (N, D).

    input_size: D; hidden_sizes: the units of each hidden layer, a list; num_classes: K;
    activation: a key of ACTIVATIONS; batch_norm: whether hidden layers have one; dropout: its
    probability, 0 for none. Equations (4.1) and (4.2).
    """

    def __init__(
        self,
        input_size,
        hidden_sizes,
        num_classes,
        activation="relu",
        batch_norm=False,
        dropout=0.0,
    ):
        super().__init__()
        ### BEGIN SOLUTION
        layers = []
        for inputs, outputs in zip([input_size, *hidden_sizes], hidden_sizes, strict=False):
            layers.append(nn.Linear(inputs, outputs))
            if batch_norm:
                layers.append(nn.BatchNorm1d(outputs))
            layers.append(ACTIVATIONS[activation]())
            if dropout:
                layers.append(nn.Dropout(dropout))
        layers.append(nn.Linear([input_size, *hidden_sizes][-1], num_classes))
        self.layers = nn.Sequential(*layers)
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return self.layers(X)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q4a-model-test", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
"""Does it have the layers that were asked for, in the right order, and return logits?"""


def _check_layers(sizes, **options):
    """sizes: D, the hidden sizes, K."""
    hidden = list(sizes[1:-1])
    model = MultiLayerPerceptron(sizes[0], hidden, sizes[-1], **options)
    check_true(hidden == list(sizes[1:-1]), "the list of hidden sizes stays as it was")
    name = f"MultiLayerPerceptron({sizes[0]}, {list(sizes[1:-1])}, {sizes[-1]})"
    shapes = sorted((part.in_features, part.out_features) for part in _parts(model, nn.Linear))
    check_true(
        shapes == sorted(pairwise(sizes)),
        f"{name} has a nn.Linear for each layer (layers in a Python list are not registered)",
        f"yours     {shapes}",
        f"expected  {sorted(pairwise(sizes))}",
    )
    normed = sorted(part.num_features for part in _parts(model, nn.BatchNorm1d))
    wanted = sorted(sizes[1:-1]) if options.get("batch_norm") else []
    how = "a nn.BatchNorm1d for each hidden layer, and no other" if wanted else "no nn.BatchNorm1d"
    check_true(
        normed == wanted,
        f"{name} with {options} has {how}",
        f"yours     sizes {normed}",
        f"expected  sizes {wanted}",
    )
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    count += 2 * sum(sizes[1:-1]) * bool(options.get("batch_norm"))
    total = sum(parameter.numel() for parameter in model.parameters())
    check_true(
        total == count, f"{name} has all its parameters", f"yours     {total}", f"expected  {count}"
    )
    return model.double()


def _activated(z, activation):
    """One number through an activation."""
    return {
        "relu": max(z, 0.0),
        "leaky_relu": z if z > 0 else 0.01 * z,
        "sigmoid": scipy.special.expit(z),
    }[activation]


def _check_constant(hidden_sizes, activation="relu", batch_norm=False):
    """All weights of a layer are one number, so its units agree: 0.1, -0.1, 0.1, ...

    Biases are 0, the last ones -1, 2 and 0.5.
    """
    model = _check_layers(
        [2, *hidden_sizes, 3], activation=activation, batch_norm=batch_norm
    ).eval()
    linear = {part.in_features: part for part in _parts(model, nn.Linear)}
    expected, last = [], torch.tensor([-1.0, 2.0, 0.5], dtype=torch.float64)
    with torch.no_grad():
        for part in _parts(model, nn.BatchNorm1d):
            for value, number in (
                (part.running_mean, 0.1),
                (part.running_var, 4.0),
                (part.weight, 2.0),
                (part.bias, 0.3),
            ):
                value.fill_(number)
        for number, size in enumerate([2, *hidden_sizes]):
            linear[size].weight.fill_(-0.1 if number % 2 else 0.1)
            linear[size].bias.copy_(last if number == len(hidden_sizes) else torch.zeros(()))
        output = model(torch.tensor([[1.0, 2.0], [-1.0, -2.0]], dtype=torch.float64))
    for signal in (3.0, -3.0):  # the sum of a layer's inputs
        for number, size in enumerate(hidden_sizes):
            z = (-0.1 if number % 2 else 0.1) * signal
            z = (z - 0.1) / np.sqrt(4.0 + 1e-5) * 2.0 + 0.3 if batch_norm else z
            signal = size * _activated(z, activation)
        z = (-0.1 if len(hidden_sizes) % 2 else 0.1) * signal
        expected.append([z + bias for bias in (-1.0, 2.0, 0.5)])
    check_true(
        isinstance(output, torch.Tensor),
        "the output is a tensor",
        f"yours     {type(output).__name__}",
    )
    how = f"hidden sizes {hidden_sizes}, {activation}{', batch norm' if batch_norm else ''}"
    check_close(output.numpy(), expected, f"the output of a network of constant weights ({how})")


def _check_dropout(sizes, p):
    """A sigmoid is never 0: what is 0 at a linear layer's input was dropped."""
    torch.manual_seed(0)
    model = _check_layers(sizes, activation="sigmoid", dropout=p)
    zeros = {}
    for part in _parts(model, nn.Linear):
        part.register_forward_pre_hook(
            lambda part, inputs: zeros.update(
                {part.in_features: float((inputs[0] == 0).double().mean())}
            )
        )
    X = torch.randn(100, sizes[0], dtype=torch.float64)
    with torch.no_grad():
        output = model.train()(X)
        check_true(zeros[sizes[0]] == 0, "dropout leaves the input alone")
        for size in sizes[1:-1]:
            check_true(
                abs(zeros[size] - p) < 0.1,
                f"in training, dropout={p} sets that share of a hidden layer's activations to 0",
                f"yours     {zeros[size]:.2f} of {size}",
            )
        check_true(bool((output != 0).all()), "dropout leaves the logits alone")
        model.eval()(X)
        check_true(not any(zeros.values()), "dropout rests in evaluation mode")


### BEGIN HIDDEN TESTS
from autograde import truth_torch
from helpers import fresh_inputs

### END HIDDEN TESTS
with exercise("q4a-model"):
    for hidden_sizes in ([5], [4, 5], [6, 5, 4], []):
        for activation in ACTIVATIONS:
            _check_constant(hidden_sizes, activation)
    _check_constant([5, 4], batch_norm=True)
    _check_layers([6, 5, 4, 3], activation="sigmoid", batch_norm=True, dropout=0.25)
    _check_dropout([4, 60, 50, 3], 0.25)
### BEGIN HIDDEN TESTS
with fresh_inputs("q4a-model") as rng:
    for activation in ACTIVATIONS:
        for batch_norm in (False, True):
            sizes = [int(size) for size in rng.choice(np.arange(2, 12), size=5, replace=False)]
            model = _check_layers(
                sizes, activation=activation, batch_norm=batch_norm, dropout=0.3
            ).eval()
            truth_torch.randomise(model, rng)
            X = rng.normal(size=(6, sizes[0]))
            with torch.no_grad():
                logits = model(torch.from_numpy(X)).numpy()
            check_close(
                logits, truth_torch.logits(model, X, activation), "the logits in evaluation mode"
            )
### END HIDDEN TESTS

# %% [markdown]
# ### The same network, the same numbers
#
# Does PyTorch compute what you derived? Put a NumPy network's parameters into a PyTorch network, and compare logits, loss and all
# gradients. Row convention here, column convention there: look at the shape of `nn.Linear(4, 10).weight`.
#
# ### Exercise `q4a-copy` · 4 points
#
# `model` is any module with two `nn.Linear` layers (`model.modules()` lists its parts in order). Its parameters must become
# **copies**: when one side is trained, the other one must not move. They keep the model's own dtype and device.


# %% nbgrader={"grade": false, "grade_id": "q4a-copy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def copy_parameters(model, params):
    """Set the two linear layers of a model to params. Returns nothing.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,), NumPy arrays.
    """
    ### BEGIN SOLUTION
    linear = [part for part in model.modules() if isinstance(part, nn.Linear)]
    with torch.no_grad():
        for layer, W, b in zip(linear, ("W1", "W2"), ("b1", "b2"), strict=True):
            layer.weight.copy_(torch.from_numpy(params[W].T))
            layer.bias.copy_(torch.from_numpy(params[b]))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q4a-copy-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
"""Are logits, loss and gradients those of the NumPy network, to 1e-6?"""


def _check_nested(rng):
    """All sizes are 5, so that what is copied to the wrong place fits there."""
    params = {"W1": rng.normal(size=(5, 5)), "b1": rng.normal(size=5)}
    params |= {"W2": rng.normal(size=(5, 5)), "b2": rng.normal(size=5)}
    model = nested_layers(copy_parameters, *params["W1"].shape, params["W2"].shape[1])
    copy_parameters(model, params)
    for part, number in ((model.parts[1], 1), (model.out, 2)):
        check_true(
            np.array_equal(part.weight.detach().numpy(), params[f"W{number}"].T)
            and np.array_equal(part.bias.detach().numpy(), params[f"b{number}"]),
            f"in a nested module the linear layer {number} holds exactly the numbers of params",
        )


def _check_parity(params, X, y, reg, logits, loss, grads):
    before = {name: value.copy() for name, value in params.items()}
    model = two_layers(copy_parameters, *params["W1"].shape, params["W2"].shape[1])
    copy_parameters(model, params)
    check_unchanged(params, before, "copy_parameters", "params")
    for part, W, b in ((model[0], "W1", "b1"), (model[2], "W2", "b2")):
        for parameter, name, shape in (
            (part.weight, W, params[W].shape[::-1]),
            (part.bias, b, params[b].shape),
        ):
            yours, dtype = tuple(parameter.shape), parameter.dtype
            check_true(
                yours == shape,
                f"the model's {name} keeps its shape",
                f"yours     {yours}",
                f"expected  {shape}",
            )
            check_true(
                dtype == torch.float64, f"the model's {name} keeps its dtype", f"yours     {dtype}"
            )
            check_true(parameter.requires_grad, f"the model's {name} can still be trained")
    your_logits, your_loss, your_grads = two_layer_answers(model, X, y, reg)
    check_close(your_logits, logits, "the matrix of the model's logits", tolerance=1e-6)
    check_close(your_loss, loss, "the model's loss", tolerance=1e-6)
    for name in ("W1", "b1", "W2", "b2"):
        check_gradient(your_grads[name], grads[name], f"the model's gradient of {name}")
    for part, W, b in ((model[0], "W1", "b1"), (model[2], "W2", "b2")):
        exact = np.array_equal(part.weight.detach().numpy(), params[W].T)
        exact = exact and np.array_equal(part.bias.detach().numpy(), params[b])
        check_true(exact, f"{W} and {b} are copied exactly, not rounded to float32 on the way")
    used_and_changed(copy_parameters, model, params)
    for name, value in params.items():
        check_true(
            np.array_equal(value, before[name]),
            f"{name} stays as it is when the model is trained: is it a copy?",
        )


def _check_dtype(params):
    model = two_layers(copy_parameters, *params["W1"].shape, params["W2"].shape[1]).float()
    copy_parameters(model, params)
    check_true(
        all(parameter.dtype == torch.float32 for parameter in model.parameters()),
        "a model in float32 stays in float32",
    )


with exercise("q4a-copy"):
    probe = second_probe()
    _check_parity(
        probe.params, probe.X, probe.y, probe.reg, probe.cache["Z3"], probe.loss, probe.grads
    )
    _check_dtype(probe.params)
    _check_nested(np.random.default_rng(0))
### BEGIN HIDDEN TESTS
from autograde import truth
from helpers import fresh_inputs

with fresh_inputs("q4a-copy") as rng:
    params, X, y, reg = truth.random_problem(rng)
    loss, grads = truth.loss(params, X, y, reg), truth.gradient(params, X, y, reg)
    _check_parity(params, X, y, reg, truth.cache(params, X)["Z3"], loss, grads)
### END HIDDEN TESTS

# %% [markdown]
# ## 4b · The training loop
#
# For every batch: forget the old gradients, compute the loss, let `backward()` fill in the new ones, and let the optimizer take
# its step. An **epoch** sees every sample exactly once, in a new random order.
#
# ### Exercise `q4b-epoch` · 6 points
#
# The loss is `nn.CrossEntropyLoss`. Put the model into training mode first. The last batch may be smaller. A `DataLoader` does
# it; so do `torch.randperm(len(X), generator=generator)` and slices, several times faster when all images are in memory.


# %% nbgrader={"grade": false, "grade_id": "q4b-epoch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_epoch(model, optimizer, X, y, batch_size, generator):
    """Train a model for one epoch, in place; returns the mean loss over all samples (a number).

    X (N, D), y (N,): tensors on the model's device; generator: a torch.Generator for the order.
    """
    ### BEGIN SOLUTION
    cross_entropy, total = nn.CrossEntropyLoss(), 0.0
    model.train()
    order = torch.randperm(len(X), generator=generator).to(X.device)
    for start in range(0, len(X), batch_size):
        chosen = order[start : start + batch_size]
        optimizer.zero_grad()
        loss = cross_entropy(model(X[chosen]), y[chosen])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(chosen)
    return total / len(X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q4b-epoch-test", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
"""Does each epoch take the steps that SGD demands, and see every sample once?"""


def _generator(seed):
    return torch.Generator().manual_seed(seed)


def _loss_of(W, X, y):
    """The mean cross-entropy of the logits X Wᵀ."""
    Z = X @ W.T
    return float(np.mean(scipy.special.logsumexp(Z, axis=1) - Z[np.arange(len(y)), y]))


def _epoch_of(N, batch_size, seed):
    """The recorder after one epoch at a rate of 0, the loss, the labels, and how far the model moved."""
    model, optimizer = recorder(train_epoch)
    X = torch.arange(N, dtype=torch.float64)[:, None].repeat(1, 2)
    y = torch.arange(N) % 3
    start = model.bias.detach().numpy().copy()
    loss = train_epoch(model, optimizer, X, y, batch_size, _generator(seed))
    return model, loss, y.numpy(), np.abs(model.bias.detach().numpy() - start).max()


def _check_samples(N, batch_size, seed):
    model, loss, y, moved = _epoch_of(N, batch_size, seed)
    batches = model.batches
    seen = [value for batch in batches for value in batch]
    check_true(
        sorted(seen) == list(range(N)),
        "an epoch sees every sample exactly once",
        f"yours     {len(seen)} samples, {len(set(seen))} different ones, of {N}",
    )
    sizes = [len(batch) for batch in batches]
    wanted = [batch_size] * (N // batch_size) + [N % batch_size] * (N % batch_size > 0)
    check_true(sizes == wanted, f"{N} samples make batches of {wanted}", f"yours     {sizes}")
    check_true(all(model.modes), "the model is in training mode")
    check_true(seen != list(range(N)), "the order is shuffled")
    again, *_ = _epoch_of(N, batch_size, seed)
    check_true(again.batches == batches, "the same generator gives the same order")
    other, *_ = _epoch_of(N, batch_size, seed + 1)
    check_true(other.batches != batches, "another generator gives another order")
    check_true(
        not isinstance(loss, torch.Tensor), "train_epoch returns a Python number, not a tensor"
    )
    check_true(moved == 0, "only the given optimizer moves the model, here at a rate of 0")
    logits = np.array([0.3, -0.2, 0.1])
    losses = scipy.special.logsumexp(logits) - logits[y]
    expected = float(np.mean(losses))
    by_batch = np.mean([np.mean(losses[batch]) for batch in batches])
    check_true(
        np.isclose(loss, expected) or not np.isclose(loss, by_batch),
        "every sample counts as much as any other in the mean loss, also in a smaller batch",
    )
    check_close(float(loss), expected, "the mean loss over all samples of an epoch", tolerance=1e-6)


def _check_batches(rng, N, D, K, batch_size):
    """Two epochs: each batch is a step of SGD with the exact gradient of its own mean loss."""
    X, y, W = 3 * rng.normal(size=(N, D)), rng.integers(K, size=N), rng.normal(size=(K, D))
    label, orders = {tuple(row): c for row, c in zip(X, y, strict=True)}, []
    (model, optimizer), batches = linear_model(train_epoch, W, 0.5), []
    model.register_forward_pre_hook(
        lambda _, inputs: batches.append(inputs[0].detach().numpy().copy())
    )
    generator = _generator(0)
    for epoch in (1, 2):
        batches.clear()
        loss = train_epoch(
            model, optimizer, torch.from_numpy(X), torch.from_numpy(y), batch_size, generator
        )
        total = 0.0
        for rows in batches:
            labels = np.array([label[tuple(row)] for row in rows])
            total += _loss_of(W, rows, labels) * len(rows)
            W = W - 0.5 * numerical_gradient(lambda values: _loss_of(values, rows, labels), W)
        check_gradient(
            model.weight.detach().numpy(),
            W,
            f"after epoch {epoch}, with a step for each batch, the weight matrix",
        )
        check_close(
            float(loss),
            total / N,
            f"the mean loss of epoch {epoch}, of each batch before its step",
            tolerance=1e-6,
        )
        orders.append(np.concatenate(batches))
    check_true(
        not np.array_equal(*orders), "the next epoch with the same generator has another order"
    )


def _check_labels(rng, N, D, K):
    """Without learning the mean over batches is the full loss, if labels stay with samples."""
    X, y, W = rng.normal(size=(N, D)), rng.integers(K, size=N), 3 * rng.normal(size=(K, D))
    model, optimizer = linear_model(train_epoch, W, 0.0)
    loss = train_epoch(model, optimizer, torch.from_numpy(X), torch.from_numpy(y), 3, _generator(0))
    check_true(
        abs(loss - _loss_of(W, X, y)) < 1e-5,
        "every sample keeps its label, and the loss is the mean cross-entropy of the logits",
        f"yours     {loss:.6f}",
        f"expected  {_loss_of(W, X, y):.6f} (without learning, in batches of 3)",
    )


with exercise("q4b-epoch"):
    _check_samples(22, 5, 1)
    _check_labels(np.random.default_rng(2), 11, 3, 4)
    _check_batches(np.random.default_rng(3), 8, 4, 3, 8)
    _check_batches(np.random.default_rng(4), 11, 4, 3, 4)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q4b-epoch") as rng:
    _check_samples(int(rng.integers(31, 39)), 10, int(rng.integers(2**31)))
    _check_labels(rng, 14, 4, 3)
    _check_batches(rng, 13, 5, 4, 6)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise `q4b-accuracy` · 3 points
#
# Measuring is not training: put the model into evaluation mode (dropout and batch norm behave differently there), and compute
# no gradients. In batches, so that any number of images fits into memory.


# %% nbgrader={"grade": false, "grade_id": "q4b-accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accuracy(model, X, y, batch_size=1000):
    """The share (0 to 1) of samples X (N, D) whose highest logit is at their label y (N,)."""
    ### BEGIN SOLUTION
    model.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(X), batch_size):
            part = slice(start, start + batch_size)
            right += (model(X[part]).argmax(dim=1) == y[part]).sum().item()
    return right / len(X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q4b-accuracy-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Is it the share of right answers, in evaluation mode, without gradients, in any batches?"""


def _check_share(rng, N, K, batch_size):
    scores, y = rng.normal(size=(N, K)), rng.integers(K, size=N)
    model, norm, listener = listening_model(accuracy, K)
    share = accuracy(model, torch.from_numpy(scores), torch.from_numpy(y), batch_size)
    check_true(
        not isinstance(share, torch.Tensor), "accuracy returns a Python number, not a tensor"
    )
    right = sum(int(row.argmax() == label) for row, label in zip(scores, y, strict=True)) / N
    check_true(
        not norm.running_mean.any(),
        "the model is in evaluation mode: batch norm's running statistics stay as they were",
    )
    check_close(float(share), right, f"accuracy of {N} samples in batches of {batch_size}")
    check_true(not any(listener.with_gradients), "no gradients are recorded")
    check_true(torch.is_grad_enabled(), "gradients are recorded again afterwards")
    check_true(norm.weight.requires_grad, "the model can still be trained afterwards")
    batches = -(-N // batch_size)
    calls = len(listener.with_gradients)
    check_true(
        calls == batches,
        f"the model gets {N} samples in batches of {batch_size}",
        f"yours     {calls} batches",
    )


with exercise("q4b-accuracy"):
    _check_share(np.random.default_rng(0), 23, 4, 10)
    _check_share(np.random.default_rng(1), 12, 3, 12)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q4b-accuracy") as rng:
    _check_share(rng, int(rng.integers(30, 60)), 5, 7)
### END HIDDEN TESTS

# %% [markdown]
# ### The images
#
# The same set as in notebook 03, prepared in the same way: the mean training image subtracted, divided by 64, as tensors on the
# device.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-images", "locked": true, "schema_version": 3, "solution": false, "task": false}
images = load_images()
print(images)
SCALE = 64.0
mean_image = as_rows(images.X_train).mean(axis=0)


def tensors(X, y):
    """Images as rows (pixels - mean) / SCALE, and labels: tensors on the device."""
    rows = as_rows(X)
    rows -= mean_image
    rows /= SCALE
    return torch.from_numpy(rows).to(device), torch.from_numpy(np.array(y)).to(device)


X_train, y_train = tensors(images.X_train, images.y_train)
X_val, y_val = tensors(images.X_val, images.y_val)
D, K = X_train.shape[1], len(images.classes)
EPOCHS = 5 if len(X_train) > 20_000 else 10  # fewer images make shorter epochs


# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-fit", "locked": true, "schema_version": 3, "solution": false, "task": false}
def measures():
    """What to measure: accuracy on some training images, and on the validation images."""
    return {
        "training": lambda model: accuracy(model, X_train[:2000], y_train[:2000]),
        "validation": lambda model: accuracy(model, X_val, y_val),
    }


def fit(model, epochs, optimizer, batch_size=256, seed=0, title=None):
    """Train for some epochs, the rate falling to 0 along a cosine; returns what was reached.

    title: of the curve that is shown; without one there is none.
    """
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    generator = torch.Generator().manual_seed(seed)
    curve = TrainingCurve(epochs, measures(), unit="epoch", title=title) if title else None
    for epoch in range(epochs):
        loss = train_epoch(model, optimizer, X_train, y_train, batch_size, generator)
        schedule.step()
        if curve:
            curve(epoch, loss, model)
    return {"loss": loss} | {name: measure(model) for name, measure in measures().items()}


# %% [markdown]
# ### The two-layer network
#
# The network of notebook 03, now in PyTorch, with the optimizer AdamW. **Above 48 %** on the validation images?

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-two-layer", "locked": true, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(0)
two_layer = MultiLayerPerceptron(D, [200], K).to(device)
reached = fit(
    two_layer,
    EPOCHS,
    torch.optim.AdamW(two_layer.parameters(), lr=2e-3, weight_decay=1e-2),
    title="Two layers",
)
print(f"two-layer network: {reached['validation']:.1%} of the validation images")

# %% [markdown]
# ## 4c · Deeper
#
# ### Why deep networks may not learn at all
#
# In a report on this exercise all networks of four and more layers with a ReLU stayed near 10 %, which is guessing; with batch norm
# they learned. It does not say how they were initialised. Look at what arrives: each layer multiplies the signal by a factor.
# PyTorch's default for `nn.Linear` draws weights of variance $\frac{1}{3n}$ for $n$ inputs, a sixth of what a ReLU layer needs to
# pass a signal on unchanged:
#
# $$ \operatorname{Var} W = \frac2n \tag{4.3} $$
#
# That is a factor of $\sqrt{1/6}$ a layer. With one standard deviation for all weights, as on the sheet, it is worse: for 0.001 and
# 500 inputs the factor is $0.001 \sqrt{500 / 2}$, one in sixty.
#
# ### Exercise `q4c-init` · 3 points
#
# He's initialisation (4.3), with normally distributed weights, for every `nn.Linear` in a model; biases 0.


# %% nbgrader={"grade": false, "grade_id": "q4c-init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def he_initialise(model):
    """Draw the weights of all linear layers of a model anew, in place: normal, mean 0, variance
    (4.3); biases 0. Returns nothing."""
    ### BEGIN SOLUTION
    for part in model.modules():
        if isinstance(part, nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            nn.init.zeros_(part.bias)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q4c-init-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
"""Do the weights have the variance that keeps signals alive, in every layer?"""


def _check_he(sizes, seed):
    model, layers = linear_layers(he_initialise, sizes, seed)
    at_start = [layer.weight.detach().numpy().copy() for layer in layers]
    scale, before = model[1].weight.detach().clone(), list(model.parameters())
    he_initialise(model)
    first = layers[0].weight.detach().clone()
    he_initialise(model)
    check_true(not torch.equal(first, layers[0].weight.detach()), "each call draws new weights")
    check_true(
        all(old is new for old, new in zip(before, model.parameters(), strict=True)),
        "the model keeps its parameters: they change in place",
    )
    check_true(layers[0].weight.dtype == torch.float32, "the model keeps its dtype, float32")
    check_true(
        not any(
            np.array_equal(old, layer.weight.detach().numpy())
            for old, layer in zip(at_start, layers, strict=True)
        ),
        "all linear layers get new weights, also those in a part of a part",
    )
    for layer in layers:
        W, n = layer.weight.detach().numpy(), layer.in_features
        check_true(
            abs(W.std() * np.sqrt(n / 2) - 1) < 5 / np.sqrt(2 * W.size),
            f"the weights of nn.Linear({n}, {layer.out_features}), of {n} inputs, have variance 2/{n}",
            f"yours     {W.var():.3g}",
            f"expected  {2 / n:.3g}",
        )
        check_true(abs(W.mean()) < 5 * np.sqrt(2 / n / W.size), "the weights have mean 0")
        outside = float(np.mean(np.abs(W) > 2 * np.sqrt(2 / n)))
        check_true(0.02 < outside < 0.08, "the weights are normally distributed")
        check_true(not layer.bias.detach().any(), "the biases are 0")
        check_true(layer.weight.requires_grad, "the weights can still be trained")
    check_true(torch.equal(model[1].weight.detach(), scale), "only linear layers are changed")


with exercise("q4c-init"):
    _check_he([300, 40, 90, 20], 0)
### BEGIN HIDDEN TESTS
from helpers import fresh_inputs

with fresh_inputs("q4c-init") as rng:
    _check_he([int(size) for size in rng.integers(30, 120, size=4)], int(rng.integers(2**31)))
### END HIDDEN TESTS

# %% [markdown]
# How large are the activations of a network with seven layers, and how large the gradients that come back, before any training?
# Four ways to start: PyTorch's default, weights of standard deviation 0.001, He's, and PyTorch's default with batch norm.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-signals", "locked": true, "schema_version": 3, "solution": false, "task": false}
REPORT = {2: [50]} | {layers: [500, 300, 250, 100, 50, 25][7 - layers :] for layers in range(3, 8)}
WAYS = ("default", "0.001", "He", "batch norm")


def initialised(how, layers):
    """A network of the report's widths in its first state."""
    torch.manual_seed(0)
    model = MultiLayerPerceptron(D, REPORT[layers], K, batch_norm=how == "batch norm").to(device)
    if how == "He":
        he_initialise(model)
    if how == "0.001":
        for layer in _parts(model, nn.Linear):
            nn.init.normal_(layer.weight, std=0.001)
    return model


def sizes_by_layer(how):
    """The spread of a unit's output over images, and of the weights' gradients, layer by layer."""
    model, forwards = initialised(how, 7), []
    linear = _parts(model, nn.Linear)
    for part in linear:
        part.register_forward_hook(
            lambda _part, _inputs, output: forwards.append(output.std(dim=0).mean().item())
        )
    nn.functional.cross_entropy(model(X_train[:500]), y_train[:500]).backward()
    return forwards, [part.weight.grad.std().item() for part in linear]


signals = {how: sizes_by_layer(how) for how in WAYS}
plot_signals(
    {how: found[0] for how, found in signals.items()},
    "spread of a unit's output over images",
    "Signals on the way up",
)

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-gradients", "locked": true, "schema_version": 3, "solution": false, "task": false}
plot_signals(
    {how: found[1] for how, found in signals.items()},
    "standard deviation of the gradient",
    "Gradients of the weights",
)

# %% [markdown]
# And what becomes of them, with four layers and with seven, trained with plain SGD at a rate of 0.01?

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-collapse", "locked": true, "schema_version": 3, "solution": false, "task": false}
collapse = {}
for layers in (4, 7):
    for how in WAYS:
        model = initialised(how, layers)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        found = fit(model, max(EPOCHS // 3, 1), optimizer, batch_size=128)
        collapse[f"{how}\n{layers} layers"] = [(found["training"], found["validation"])]
plot_depths(collapse, "how it was initialised")

# %% [markdown]
# ### Two to five layers
#
# One run says little: three seeds each. `search` keeps the results in a file and shows them as a table. It does not notice when
# your code changes: remove the file after changing a function.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-depth", "locked": true, "schema_version": 3, "solution": false, "task": false}
WIDTHS = {2: [200], 3: [200, 100], 4: [200, 100, 50], 5: [200, 100, 50, 25]}


def run_depth(layers, seed):
    """Train a network of this many layers, and measure."""
    torch.manual_seed(seed)
    model = MultiLayerPerceptron(D, WIDTHS[layers], K).to(device)
    he_initialise(model)
    return fit(
        model, EPOCHS, torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2), seed=seed
    )


runs = grid(layers=[2, 3, 4, 5], seed=[0, 1, 2])
depths = search(run_depth, runs, file=f"depth-{images.name}.jsonl", jobs=1)
depths.pivot_table(
    index="layers", values=["training", "validation"], aggfunc=["mean", "std"]
).round(3)

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-depth-figure", "locked": true, "schema_version": 3, "solution": false, "task": false}
plot_depths(
    {
        f"{layers} layers": list(zip(group["training"], group["validation"], strict=True))
        for layers, group in depths.groupby("layers")
    }
)

# %% [markdown]
# Activation and batch norm, with the widths of the report. Six of its 36 runs; for all of them set `WHOLE_GRID = True` (under
# half a minute a run on the real images; what is done stays in the file).

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-factors", "locked": true, "schema_version": 3, "solution": false, "task": false}
WHOLE_GRID = False


def run_report(layers, activation, batch_norm):
    """The report's widths, as PyTorch initialises them, trained by SGD with momentum."""
    torch.manual_seed(0)
    model = MultiLayerPerceptron(D, REPORT[layers], K, activation, batch_norm).to(device)
    return fit(model, EPOCHS, torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9))


depths_tried = list(REPORT) if WHOLE_GRID else [6]
runs = grid(layers=depths_tried, activation=list(ACTIVATIONS), batch_norm=[False, True])
factors = search(run_report, runs, file=f"factors-{images.name}.jsonl", jobs=1)
top(factors, 10)[["layers", "activation", "batch_norm", "training", "validation"]]

# %% [markdown] nbgrader={"grade": false, "grade_id": "q4c-depth-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q4c-depth` · 6 points (marked by hand)
#
# 1. What do training and validation accuracy do as the network gets deeper? Which differences are larger than those between seeds?
# 2. Explain the collapse of the deep plain network (PyTorch's default) from the figures of signals and gradients. By which
#    factor does a layer change the signal? Why are the gradients small in all layers, the late ones too? What does the network
#    answer in the end? And why does batch norm prevent all this?
# 3. Which of depth, activation and batch norm matters most here? What would you try next, and why?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q4c-depth", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# 1. The validation accuracy changes by a point or two, which is as much as it changes from seed to seed: no depth can be called
#    the best. The training accuracy falls a little with depth, by more than the seeds differ: the last hidden layers are
#    narrow, and the deeper network has less room, not more. On whole images more layers of this kind add little.
# 2. Every layer shrinks the signal by a factor of about 0.4 ($\sqrt{1/6}$ = 0.41; from 0.55 in the first to 0.0016 in the last
#    layer). The gradient of a weight is the product of its input, which has shrunk on the way up, and of an error that shrinks
#    on the way down. In the first layer the input is whole and the error has shrunk six times; in a late one the error is
#    nearly whole and the input has shrunk: the product is one to four hundred times smaller than with He's initialisation in
#    every hidden layer, first or late. So the output hardly depends on the image, and only the last bias learns: the network
#    gives every image the same answer, about the shares of the classes, with a loss of $\log 10$ and an accuracy of 10 %. Batch
#    norm divides each layer's output by its own spread: whatever factor the weights bring, the next layer gets a signal of size
#    one, and the error on its way down is divided by the same spread. With a standard deviation of 0.001 the factor is so small
#    that four layers are enough for the collapse.
# 3. Batch norm (or the initialisation) decides whether a deep network learns at all; ReLU and leaky ReLU hardly differ, and the
#    sigmoid, whose slope is at most 1/4, does not learn without batch norm. Next: wider layers with dropout, a decaying
#    learning rate and mirrored images, because the gap between training and validation accuracy says that the wider network
#    overfits.

# %% [markdown]
# ### Your best network
#
# Any widths, options, optimizer, schedule. The cells below need the trained network, `best_model`, and `settings`, a dict of the
# arguments with which `MultiLayerPerceptron(**settings)` makes such a network again. Ideas: wider layers, batch norm, dropout,
# weight decay, a learning rate that rises and falls (`torch.optim.lr_scheduler.OneCycleLR`), mirrored images (only if a mirrored
# image keeps its class!).

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "q4c-training", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
settings = {
    "input_size": D,
    "hidden_sizes": [512, 256],
    "num_classes": K,
    "batch_norm": True,
    "dropout": 0.2,
}
epochs, batch_size = 18, 256


def mirrored(X, generator):
    """The images with every other one, at random, mirrored from left to right."""
    flip = torch.rand(len(X), generator=generator).to(X.device) < 0.5
    pictures = X.view(-1, *images.X_train.shape[1:])
    return torch.where(flip[:, None, None, None], pictures.flip(2), pictures).view(len(X), -1)


torch.manual_seed(0)
generator = torch.Generator().manual_seed(0)
best_model = MultiLayerPerceptron(**settings).to(device)
optimizer = torch.optim.AdamW(best_model.parameters(), lr=3e-3, weight_decay=1e-4)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=epochs)
curve = TrainingCurve(epochs, measures(), unit="epoch", title="The best network")
for number in range(epochs):
    # A mirrored stripe of 36° is one of 144°, another class of the synthetic set.
    X = X_train if images.name == "synthetic" else mirrored(X_train, generator)
    loss = train_epoch(best_model, optimizer, X, y_train, batch_size, generator)
    schedule.step()
    curve(number, loss, best_model)
### END SOLUTION
print(f"validation accuracy: {accuracy(best_model, X_val, y_val):.1%}")

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-save", "locked": true, "schema_version": 3, "solution": false, "task": false}
save_model("best_mlp.safetensors", best_model, settings, images.classes, mean_image, SCALE)

# %% [markdown]
# ### Exercise `q4c-weights` · 2 points
#
# `best_mlp.safetensors` is what you hand in, together with this notebook. It is there, and your `MultiLayerPerceptron` can load it.

# %% nbgrader={"grade": true, "grade_id": "q4c-weights-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Is the file there, and does the network that its settings describe take its tensors?"""
with exercise("q4c-weights"):
    load_model("best_mlp.safetensors", MultiLayerPerceptron)

# %% [markdown]
# ### Exercise `q4c-best` · 6 points
#
# More than 50 % of images that the network has not seen. Here these are your validation images; at grading they are 2,000 that
# nobody has, and the bar is lower there by two standard errors: 47.8 %.

# %% nbgrader={"grade": true, "grade_id": "q4c-best-test", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
"""Does your network classify more than 50 % of unseen images right?"""


def _images_for(classes):
    return as_rows(images.X_val), images.y_val


_bar = 0.50
### BEGIN HIDDEN TESTS
from autograde import unseen

_images_for, _bar = unseen.images, 0.478
### END HIDDEN TESTS
with exercise("q4c-best"):
    best = load_model("best_mlp.safetensors", MultiLayerPerceptron)
    unseen_X, unseen_y = _images_for(best.classes)
    pixels = unseen_X.shape[1]
    check_true(len(best.mean) == pixels, f"mean has a value for each of {pixels} pixel values")
    with torch.no_grad():
        logits = best.model.float()(
            torch.from_numpy((unseen_X - best.mean) / np.float32(best.scale))
        )
    check_accuracy(logits.numpy().argmax(axis=1), unseen_y, _bar)

# %% [markdown]
# ### The test set, once
#
# Now the test images, with the network that you hand in, read from its file. The intervals are what the bootstrap of notebook 03
# comes close to, for a share $p$ of $n$ images:
#
# $$ p \pm 1.96 \sqrt{\frac{p\,(1 - p)}{n}} \tag{4.4} $$

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "04-test-set", "locked": true, "schema_version": 3, "solution": false, "task": false}
handed_in = load_model("best_mlp.safetensors", MultiLayerPerceptron)
for name, X, y in (
    ("validation", images.X_val, images.y_val),
    ("test", images.X_test, images.y_test),
):
    inputs = (as_rows(X) - handed_in.mean) / np.float32(handed_in.scale)
    with torch.no_grad():
        predicted = handed_in.model.float()(torch.from_numpy(inputs)).argmax(dim=1).numpy()
    share = np.mean(predicted == y)
    error = 1.96 * np.sqrt(share * (1 - share) / len(y))
    low, high = np.clip([share - error, share + error], 0, 1)
    print(f"{name} accuracy: {share:.1%} ({low:.1%} to {high:.1%})")
plot_confusion(np.array(images.y_test), predicted, images.classes)

# %% [markdown] nbgrader={"grade": false, "grade_id": "q4c-report-question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Exercise `q4c-report` · 4 points (marked by hand)
#
# 1. Your best network: layers, options, training. Its training, validation and test accuracy, the last two with their intervals.
# 2. How much better is it than the two-layer network of notebook 03, and which of your choices brought most of that? How do you
#    know?
# 3. What can no fully connected network use, however deep, that a convolutional one can?

# %% [markdown] nbgrader={"grade": true, "grade_id": "q4c-report", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# 1. Three layers, 512 and 256 hidden units, batch norm, dropout 0.2, AdamW with a one-cycle rate up to 0.003, 18 epochs, and on
#    photographs mirrored images. The accuracies and their intervals stand above.
# 2. Some points more than the network of notebook 03. To say which choice did it, each has to be left out in turn, with several
#    seeds, on the validation images; one run of each cannot tell.
# 3. That a pattern means the same wherever it is. A fully connected network has separate weights for every pixel and must learn
#    a pattern anew at each place.

# %% [markdown]
# ## Hand in
#
# Save, then run this cell. It packs **all** your notebooks of this folder, with trained weights, into `submission.zip`, whichever
# notebook you do it from, and says what is missing or failing. Hand in that one file.

# %% tags=["skip-grading", "hand-in"] nbgrader={"grade": false, "grade_id": "04-hand-in", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers import hand_in

hand_in()
