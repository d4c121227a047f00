"""What layers must compute, from PyTorch's own: used by hidden tests of notebooks 07 and 08, never seen by students."""

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn.functional import batch_norm as normalised
from torch.nn.functional import conv2d, fold, max_pool2d, relu, unfold

from helpers.convolution import numbers_for


def batch_norm(
    X: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    mean: torch.Tensor,
    variance: torch.Tensor,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The output (N, D), and the running mean and variance (D,) after it (equations 7.3 to 7.6 and 7.9 to 7.11)."""
    # A parameter stays with the student's module, whose process it is; its numbers come over.
    X, gamma, beta, mean, variance = (value.detach().clone() for value in (X, gamma, beta, mean, variance))
    output = normalised(X, mean, variance, gamma, beta, training, momentum, eps)
    return output, mean, variance


def parameter_gradients(G: np.ndarray, X_hat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """dL/dgamma and dL/dbeta (D,) (equation 7.7)."""
    return np.einsum("nd,nd->d", G, X_hat), np.einsum("nd->d", G)


#: What the backward pass of batch norm, and the module, may be made of.
GRADIENT_BLOCKS = {"parameter_gradients": parameter_gradients}
MODULE_BLOCKS = {"batch_norm": batch_norm}


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """How many windows there are along a side (equation 8.2)."""
    return len(range(0, size + 2 * padding - kernel + 1, stride))


def columns(X: np.ndarray, kernel: int, stride: int = 1, padding: int = 0) -> np.ndarray:
    """The windows of X (N, C, H, W) as rows (N * H' * W', C * k * k)."""
    windows = unfold(torch.from_numpy(np.ascontiguousarray(X)), kernel, stride=stride, padding=padding)
    return windows.transpose(1, 2).reshape(-1, windows.shape[1]).numpy()


def fold_back(rows: np.ndarray, shape: tuple[int, ...], kernel: int, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Rows added up where `columns` took them from, in images (N, C, H, W)."""
    windows = torch.from_numpy(np.ascontiguousarray(rows)).reshape(shape[0], -1, rows.shape[1]).transpose(1, 2)
    return fold(windows, tuple(shape[2:]), kernel, stride=stride, padding=padding).numpy()


def max_pool(X: np.ndarray, size: int = 2) -> np.ndarray:
    """The largest value of each window of X (N, C, H, W)."""
    return max_pool2d(torch.from_numpy(np.ascontiguousarray(X)), size).numpy()


#: What the functions of notebook 08 may be made of: the windows, their sums, whole layers, and pooling.
WINDOW_BLOCKS = {"output_size": output_size}
FOLD_BLOCKS = WINDOW_BLOCKS | {"columns": columns}
CONVOLUTION_BLOCKS = FOLD_BLOCKS | {"fold_back": fold_back}
POOL_BLOCKS = CONVOLUTION_BLOCKS | {"max_pool": max_pool}


def convnet_logits(X: np.ndarray, widths: Sequence[int], classes: int, depth: int) -> np.ndarray:
    """The logits (N, K) of the network of exercise q8c-network with the numbers of `helpers.convolution.numbers_for`."""
    A, channels = torch.from_numpy(X), X.shape[1]
    for width in widths:
        for _ in range(depth):
            A = conv2d(A, numbers_for("weight", (width, channels, 3, 3)), padding=1)
            mean, spread = numbers_for("mean", (width,)), numbers_for("spread", (width,))
            A = relu(normalised(A, mean, spread, numbers_for("scale", (width,)), numbers_for("shift", (width,))))
            channels = width
        A = max_pool2d(A, 2)
    weight, bias = numbers_for("weight", (classes, channels)), numbers_for("bias", (classes,))
    return (A.mean(dim=(2, 3)) @ weight.T + bias).numpy()
