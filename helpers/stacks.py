"""Layers of the test's own, with which test cells try a student's network: they exist only beside it.

A block stretches and moves each column and squares it; the last layer divides each row by its sum.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from helpers.beside import beside


class Block:
    """Y = (X s + t)², column by column, with a penalty on the absolute values of s and t. X (N, K), s and t (K,)."""

    def __init__(self, name: str, params: Mapping[str, np.ndarray], reg: float) -> None:
        self.name, self.params, self.grads, self._reg = name, dict(params), {}, reg

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Y (N, K)."""
        self._seen, self._root = X, X * self.params["s"] + self.params["t"]
        return self._root**2

    def backward(self, dY: np.ndarray) -> np.ndarray:
        """dX (N, K), and in `grads` those of s and t (K,), with the penalty's."""
        below = 2 * dY * self._root
        signs = {key: self._reg * np.sign(value) for key, value in self.params.items()}
        self.grads = {
            "s": np.einsum("nk,nk->k", below, self._seen) + signs["s"],
            "t": np.add.reduce(below) + signs["t"],
        }
        return below * self.params["s"]

    def penalty(self) -> float:
        """What s and t cost."""
        return self._reg * sum(float(np.abs(value).sum()) for value in self.params.values())


class Shares:
    """Each row divided by its sum; its way back begins with the labels of a mean cross-entropy. X (N, K), positive."""

    name = "shares"

    def __init__(self) -> None:
        self.params: dict[str, np.ndarray] = {}
        self.grads: dict[str, np.ndarray] = {}

    def forward(self, X: np.ndarray) -> np.ndarray:
        """The shares (N, K)."""
        self._seen = X
        return X / X.sum(axis=1, keepdims=True)

    def backward(self, y: np.ndarray) -> np.ndarray:
        """dX (N, K) of the mean cross-entropy with labels y (N,)."""
        chosen = np.eye(self._seen.shape[1])[y]
        return (1 / self._seen.sum(axis=1, keepdims=True) - chosen / self._seen) / len(y)

    def penalty(self) -> float:
        """Nothing: there are no parameters."""
        return 0.0


@beside
def answers_of_stack(
    network: type, params: Mapping[str, np.ndarray], X: np.ndarray, y: np.ndarray, reg: float
) -> dict[str, Any]:
    """What a network of blocks l0, l1, ... with these parameters (l0.s, l0.t, ...) answers for X (N, K) and labels y (N,).

    Its class is `network`. The keys: forward, cost, accuracy, gradients, and "gradients after another forward": of the
    same batch, once another one went forward.
    """
    names = sorted({key.split(".")[0] for key in params})
    blocks = [Block(name, {key: params[f"{name}.{key}"] for key in "st"}, reg) for name in names]
    stack = network([*blocks, Shares()])
    answers = {"forward": stack.forward(X), "cost": stack.cost(X, y), "accuracy": stack.accuracy(X, y)}
    answers["gradients"] = stack.gradients(X, y)
    stack.forward(2 * X)
    return answers | {"gradients after another forward": stack.gradients(X, y)}
