"""What test cells need for convolution: PyTorch's own, and a driver that runs beside a student's network."""

import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from helpers.beside import beside


def pytorch_convolution(X: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
    """What PyTorch makes of images X (N, C, H, W) with filters W (F, C, k, k) and biases b (F,) (equation 8.1)."""
    tensors = [torch.from_numpy(np.ascontiguousarray(value)) for value in (X, W, b)]
    return torch.nn.functional.conv2d(*tensors, stride=stride, padding=padding).numpy()


def pytorch_max_pool(X: np.ndarray, size: int) -> np.ndarray:
    """The largest value of each window of size x size pixels of X (N, C, H, W), as PyTorch finds it (equation 8.7)."""
    return torch.nn.functional.max_pool2d(torch.from_numpy(np.ascontiguousarray(X)), size).numpy()


def numbers_for(role: str, shape: Sequence[int]) -> torch.Tensor:
    """Numbers that depend on their role and shape alone: positive for a "scale" or a "spread", of either sign otherwise."""
    rng = np.random.default_rng([zlib.crc32(role.encode()), *shape])
    drawn = rng.uniform(0.5, 1.5, shape) if role in ("scale", "spread") else rng.normal(scale=0.3, size=shape)
    return torch.from_numpy(drawn)


@beside
def network_answers(make: Callable, arguments: Sequence[Any], X: np.ndarray) -> dict[str, Any]:
    """The parts of a network make(*arguments), and its logits for X when each of its numbers is that of `numbers_for`."""
    model = make(*arguments).double().eval()
    parts: dict[str, list] = {"Conv2d": [], "BatchNorm2d": [], "Linear": []}
    with torch.no_grad():
        for part in model.modules():
            kind = type(part).__name__
            if kind in ("Conv2d", "Linear"):
                parts[kind].append([int(size) for size in part.weight.shape])
                part.weight.copy_(numbers_for("weight", part.weight.shape))
                if part.bias is not None:
                    part.bias.copy_(numbers_for("bias", part.bias.shape))
            if kind == "BatchNorm2d":
                parts[kind].append(part.num_features)
                for role, value in (
                    ("scale", part.weight),
                    ("shift", part.bias),
                    ("mean", part.running_mean),
                    ("spread", part.running_var),
                ):
                    value.copy_(numbers_for(role, value.shape))
        logits = model(torch.from_numpy(X))
    return {
        "parts": {kind: sorted(found) for kind, found in parts.items()},
        "biases": any(part.bias is not None for part in model.modules() if isinstance(part, torch.nn.Conv2d)),
        "parameters": sum(value.numel() for value in model.parameters()),
        "logits": logits.numpy(),
    }
