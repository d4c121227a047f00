"""Small networks with which test cells watch what a student's function does to a network.

They are made beside that function, `near`, and stay there: see `helpers.beside`.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn

from helpers.beside import beside


class Recorder(nn.Module):
    """Logits that do not depend on the sample; it notes its samples' first numbers, batch by batch, and its mode."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.tensor([0.3, -0.2, 0.1], dtype=torch.float64))
        self.batches: list[list[int]] = []
        self.modes: list[bool] = []

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        self.batches.append([int(value) for value in X[:, 0]])
        self.modes.append(self.training)
        return self.bias + 0 * X[:, :1]


class Listener(nn.Module):
    """Passes scores on; it notes whether gradients are recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.with_gradients: list[bool] = []

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        self.with_gradients.append(torch.is_grad_enabled())
        return X


class _Nested(nn.Module):
    def __init__(self, D: int, H: int, K: int) -> None:
        super().__init__()
        self.parts = nn.Sequential(nn.BatchNorm1d(D), nn.Linear(D, H), nn.BatchNorm1d(H), nn.ReLU())
        self.out = nn.Linear(H, K)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return self.out(self.parts(X))


@beside
def two_layers(near: Callable, D: int, H: int, K: int) -> nn.Sequential:  # noqa: ARG001
    """Linear, ReLU, linear, in float64."""
    return nn.Sequential(nn.Linear(D, H), nn.ReLU(), nn.Linear(H, K)).double()


@beside
def nested_layers(near: Callable, D: int, H: int, K: int) -> nn.Module:  # noqa: ARG001
    """Two linear layers, parts[1] and out, that are neither direct children nor all that has parameters; float64."""
    return _Nested(D, H, K).double()


@beside
def used_and_changed(function: Callable, model: nn.Module, params: Mapping[str, np.ndarray]) -> None:
    """Call function(model, params), then change every parameter of the model in place, as training does."""
    function(model, params)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(1.0)


@beside
def two_layer_answers(model: nn.Sequential, X: np.ndarray, y: np.ndarray, reg: float) -> tuple[Any, float, dict]:
    """Logits (N, K), loss (1.6) and its gradients, in the row convention, of a model made by `two_layers`."""
    output = model(torch.from_numpy(X))
    penalty = reg * sum((model[part].weight ** 2).sum() for part in (0, 2))
    loss = nn.functional.cross_entropy(output, torch.from_numpy(y)) + penalty
    loss.backward()
    gradients = {}
    for number, part in ((1, model[0]), (2, model[2])):
        gradients |= {f"W{number}": part.weight.grad.numpy().T.copy(), f"b{number}": part.bias.grad.numpy().copy()}
    return output.detach().numpy(), loss.item(), gradients


@beside
def recorder(near: Callable) -> tuple[Recorder, torch.optim.Optimizer]:  # noqa: ARG001
    """A Recorder in evaluation mode, and an optimizer that changes nothing."""
    model = Recorder().eval()
    return model, torch.optim.SGD(model.parameters(), lr=0.0)


@beside
def linear_model(near: Callable, W: np.ndarray, learning_rate: float) -> tuple[nn.Linear, torch.optim.Optimizer]:  # noqa: ARG001
    """A linear model without bias, of weights W (K, D), in float64, and plain SGD for it."""
    model = nn.Linear(W.shape[1], W.shape[0], bias=False).double()
    with torch.no_grad():
        model.weight.copy_(torch.from_numpy(W))
    return model, torch.optim.SGD(model.parameters(), lr=learning_rate)


@beside
def listening_model(near: Callable, K: int) -> tuple[nn.Sequential, nn.BatchNorm1d, Listener]:  # noqa: ARG001
    """Dropout, batch norm and a Listener, in float64 and in training mode; and the last two of them."""
    norm, listener = nn.BatchNorm1d(K), Listener()
    return nn.Sequential(nn.Dropout(0.9), norm, listener).double().train(), norm, listener


@beside
def linear_layers(near: Callable, sizes: Sequence[int], seed: int) -> tuple[nn.Sequential, list[nn.Linear]]:  # noqa: ARG001
    """Linear layers between these sizes, in two levels of a model whose part 1 is batch norm; and the layers, in order."""
    torch.manual_seed(seed)
    layers = [nn.Linear(*pair) for pair in pairwise(sizes)]
    return nn.Sequential(layers[0], nn.BatchNorm1d(sizes[1]), nn.ReLU(), nn.Sequential(*layers[1:])), layers
