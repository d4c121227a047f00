"""What test cells need for convolution: PyTorch's own, and a driver that runs beside a student's network."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from helpers.beside import beside

#: What the numbers of a layer are, by its kind and their name.
_ROLES = {
    "Conv2d": {"weight": "weight", "bias": "nothing"},  # it may have biases or not
    "BatchNorm2d": {"weight": "scale", "bias": "shift", "running_mean": "mean", "running_var": "spread"},
    "Linear": {"weight": "weight", "bias": "bias"},
}


def pytorch_convolution(X: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
    """What PyTorch makes of images X (N, C, H, W) with filters W (F, C, k, k) and biases b (F,) (equation 8.1)."""
    tensors = [torch.from_numpy(np.ascontiguousarray(value)) for value in (X, W, b)]
    return torch.nn.functional.conv2d(*tensors, stride=stride, padding=padding).numpy()


def pytorch_max_pool(X: np.ndarray, size: int) -> np.ndarray:
    """The largest value of each window of size x size pixels of X (N, C, H, W), as PyTorch finds it (equation 8.7)."""
    return torch.nn.functional.max_pool2d(torch.from_numpy(np.ascontiguousarray(X)), size).numpy()


def numbers_for(role: str, shape: Sequence[int]) -> torch.Tensor:
    """Numbers that depend on their role and shape alone: of either sign, positive for "scale" or "spread", 0 for "nothing"."""
    if role == "nothing":
        return torch.zeros(*shape, dtype=torch.float64)
    rng = np.random.default_rng([zlib.crc32(role.encode()), *shape])
    drawn = rng.uniform(0.5, 1.5, shape) if role in ("scale", "spread") else rng.normal(scale=0.3, size=shape)
    return torch.from_numpy(drawn)


@beside
def network_parts(make: Callable, arguments: Sequence[Any]) -> dict[str, Any]:
    """The shapes of the parts of a network make(*arguments), sorted, by kind."""
    parts: dict[str, list] = {kind: [] for kind in _ROLES}
    for kind, part in _parts(make(*arguments)):
        parts[kind].append(part.num_features if kind == "BatchNorm2d" else [int(size) for size in part.weight.shape])
    return {kind: sorted(found) for kind, found in parts.items()}


@beside
def network_answers(make: Callable, arguments: Sequence[Any], X: np.ndarray) -> dict[str, Any]:
    """What goes through the parts of a network make(*arguments) for images X, when each number in it is that of `numbers_for`."""
    model = make(*arguments).double().eval()
    _set_numbers(model)
    seen: dict[str, list[np.ndarray]] = {kind: [] for kind in _ROLES}
    given: dict[str, np.ndarray] = {}

    def note(kind: str, _part: torch.nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        seen[kind].append(inputs[0].numpy().copy())
        given[kind] = output.numpy().copy()

    for kind, part in _parts(model):
        part.register_forward_hook(partial(note, kind))
    with torch.no_grad():
        logits = model(torch.from_numpy(X)).numpy()
    return {
        "sides": [list(value.shape[2:]) for value in seen["Conv2d"]],
        "norms_see_negative": all(bool((value < 0).any()) for value in seen["BatchNorm2d"]),
        "convolutions_see_negative": any(bool((value < 0).any()) for value in seen["Conv2d"][1:]),
        "last_norm": given["BatchNorm2d"],
        "summary": seen["Linear"][0],
        "linear": given["Linear"],
        "logits": logits,
    }


def _set_numbers(model: torch.nn.Module) -> None:
    """Give every number of a network's convolutions, batch norms and linear layers the value of `numbers_for`."""
    with torch.no_grad():
        for kind, part in _parts(model):
            for name, role in _ROLES[kind].items():
                value = getattr(part, name)
                if value is not None:
                    value.copy_(numbers_for(role, value.shape))


def _parts(model: torch.nn.Module) -> Iterator[tuple[str, torch.nn.Module]]:
    """A network's convolutions, batch norms and linear layers, and those of classes that inherit from PyTorch's, by kind."""
    for _, part in model.named_modules():
        for kind in _ROLES:
            if isinstance(part, getattr(torch.nn, kind)):
                yield kind, part
