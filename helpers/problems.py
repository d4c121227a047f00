"""Two small problems with known answers: the toy problem of the exercise sheet, and a probe that sees what it cannot."""

import json
from dataclasses import dataclass
from importlib import resources

import numpy as np

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Problem:
    """A two-layer network, its data, and what a right implementation gives on them (numbers, no code).

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,); X (N, D); y (N,) of integers; reg: the λ of (1.6).
    cache: X (N, D), Z2 and A2 (N, H), Z3 and P (N, K); loss: J~ of (1.6); data_loss: J of (1.5), without the penalty;
    grads: the gradient of J~, keys and shapes of params. All arrays are float64.
    """

    params: Arrays
    X: np.ndarray
    y: np.ndarray
    reg: float
    cache: Arrays
    data_loss: float
    loss: float
    grads: Arrays


def toy_problem() -> Problem:
    """The sheet's toy problem: N = 5, D = 4, H = 10, K = 3, all biases zero, reg = 0.05, loss 1.30378789133."""
    np_random = np.random.RandomState(0)
    W1 = 0.1 * np_random.randn(4, 10)
    W2 = 0.1 * np_random.randn(10, 3)
    params = {"W1": W1, "b1": np.zeros(10), "W2": W2, "b2": np.zeros(3)}
    X = 10 * np.random.RandomState(1).randn(5, 4)
    return _with_answers("toy", params, X, np.array([0, 1, 2, 2, 1]), reg=0.05)


def second_probe() -> Problem:
    """A probe with nonzero biases and four different sizes, N = 7, D = 5, H = 9, K = 4, where the toy problem is blind."""
    np_random = np.random.RandomState(2913)
    W1 = np.round(0.6 * np_random.randn(5, 9), 1)
    b1 = np.round(0.6 * np_random.randn(9), 1)
    W2 = np.round(0.8 * np_random.randn(9, 4), 1)
    b2 = np.round(0.8 * np_random.randn(4), 1)
    X = np.round(1.5 * np_random.randn(7, 5), 1)
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    return _with_answers("probe", params, X, np.array([3, 0, 0, 2, 3, 3, 1]), reg=0.03)


def _with_answers(name: str, params: Arrays, X: np.ndarray, y: np.ndarray, reg: float) -> Problem:
    """Add the stored numbers; tests/test_problems.py proves them with torch."""
    answers = json.loads(resources.files("helpers").joinpath("answers.json").read_text())[name]
    return Problem(
        params=params,
        X=X,
        y=y,
        reg=reg,
        cache={"X": X.copy()} | {key: np.array(values) for key, values in answers["cache"].items()},
        data_loss=answers["data_loss"],
        loss=answers["loss"],
        grads={key: np.array(values) for key, values in answers["grads"].items()},
    )
