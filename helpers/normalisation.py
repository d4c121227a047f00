"""What test cells need to watch batch norm and modules of the student's: PyTorch's own, and drivers that run beside them.

See `helpers.beside` for why a network or a tensor with its graph is handled here and not in a test cell.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from helpers.beside import beside

Arrays = dict[str, np.ndarray]


def pytorch_batch_norm(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """The batch norm (N, D) that PyTorch makes of a batch X (N, D), with gamma (D,) and beta (D,) (equation 7.6)."""
    X, gamma, beta = (torch.from_numpy(np.ascontiguousarray(value)) for value in (X, gamma, beta))
    return torch.nn.functional.batch_norm(X, None, None, gamma, beta, training=True, eps=eps).numpy()


class Power:
    """A layer for chains: x to a power, entry by entry. It notes in `calls` what it was asked for."""

    def __init__(self, exponent: int, calls: list[str]) -> None:
        self.exponent, self.calls = exponent, calls

    def forward(self, X: np.ndarray) -> np.ndarray:
        """The power."""
        self.calls.append(f"forward {self.exponent}")
        self._X = X
        return X**self.exponent

    def backward(self, G: np.ndarray) -> np.ndarray:
        """The gradient below, from the one above."""
        self.calls.append(f"backward {self.exponent}")
        return G * self.exponent * self._X ** (self.exponent - 1)


@beside
def chain_answers(make_chain: Callable, exponents: Sequence[int], X: np.ndarray, G: np.ndarray) -> dict[str, Any]:
    """What a chain of one Power for each exponent gives for X and G, in a second batch; and what its layers were asked for."""
    calls: list[str] = []
    chain = make_chain([Power(exponent, calls) for exponent in exponents])
    chain.backward(chain.forward(X + 1))
    calls.clear()
    return {"output": chain.forward(X), "gradient": chain.backward(G), "calls": calls}


@beside
def functional_answers(
    batch_norm: Callable,
    X: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    statistics: Sequence[np.ndarray],
    G: np.ndarray,
    training: bool,
) -> Arrays:
    """What batch_norm(X, gamma, beta, mean, variance, training, 0.3, 1e-3) gives and does, and the gradients of <G, output>."""
    leaves = {name: _leaf(value) for name, value in (("X", X), ("gamma", gamma), ("beta", beta))}
    mean, variance = (torch.from_numpy(value.copy()) for value in statistics)
    output, new_mean, new_variance = batch_norm(*leaves.values(), mean, variance, training, 0.3, 1e-3)
    if output.requires_grad:
        (output * torch.from_numpy(G)).sum().backward()
    return {
        "output": _plain(output),
        "mean": _plain(new_mean),
        "variance": _plain(new_variance),
        "statistics": np.stack([_plain(mean), _plain(variance)]),
        "tracked": np.array([output.requires_grad, new_mean.requires_grad, new_variance.requires_grad]),
    } | {f"d{name}": np.zeros(leaf.shape) if leaf.grad is None else _plain(leaf.grad) for name, leaf in leaves.items()}


@beside
def module_answers(
    make: Callable, D: int, gamma: np.ndarray, beta: np.ndarray, batches: Sequence[np.ndarray], X: np.ndarray
) -> dict[str, Any]:
    """What a module make(D) holds at first, gives for each training batch, holds after them, and gives for X when it evaluates."""
    module = make(D)
    parameters = {name: (_plain(value), value.requires_grad) for name, value in module.named_parameters()}
    start = {name: _plain(value) for name, value in module.state_dict().items()}
    module = module.double().train()
    with torch.no_grad():
        module.gamma.copy_(torch.from_numpy(gamma))
        module.beta.copy_(torch.from_numpy(beta))
    outputs = [_plain(module(torch.from_numpy(batch))) for batch in batches]
    state = {name: _plain(value) for name, value in module.state_dict().items()}
    module.eval()
    evaluated = _plain(module(torch.from_numpy(X)))
    kept = all(np.array_equal(_plain(value), state[name]) for name, value in module.state_dict().items())
    return {
        "parameters": parameters,
        "start": start,
        "outputs": outputs,
        "state": state,
        "evaluated": evaluated,
        "kept": kept,
    }


@beside
def function_answers(function: Any, X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, G: np.ndarray) -> Arrays:
    """The output of function.apply(X, gamma, beta, 1e-3), the gradients of <G, output>, and what gradcheck says of them."""
    leaves = {name: _leaf(value) for name, value in (("X", X), ("gamma", gamma), ("beta", beta))}
    output = function.apply(*leaves.values(), 1e-3)
    (output * torch.from_numpy(G)).sum().backward()
    checked = torch.autograd.gradcheck(
        lambda *inputs: function.apply(*inputs, 1e-3), tuple(leaves.values()), raise_exception=False
    )
    gradients = {
        f"d{name}": np.zeros(leaf.shape) if leaf.grad is None else _plain(leaf.grad) for name, leaf in leaves.items()
    }
    return {"output": _plain(output), "checked": np.array(checked)} | gradients


def _leaf(value: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(value.copy()).requires_grad_()


def _plain(value: torch.Tensor) -> np.ndarray:
    return value.detach().numpy().copy()
