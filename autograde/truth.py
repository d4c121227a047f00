"""The independent truth that hidden tests compare with: closed forms from SciPy, gradients by central differences.

Only test cells at grading import it. What a student's function must match is never computed by the reference solution.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import log_softmax

from helpers.gradients import numerical_gradient
from helpers.problems import Arrays

#: Pre-activations stay this far from 0, so that central differences of step 1e-5 never cross a ReLU's kink.
KINK_DISTANCE = 1e-3


def random_problem(rng: np.random.Generator) -> tuple[Arrays, np.ndarray, np.ndarray, float]:
    """params, X (N, D), y (N,), reg of a random two-layer network with four different sizes and nonzero biases."""
    while True:
        N, D, H, K = rng.choice(np.arange(3, 12), size=4, replace=False)
        params = {
            "W1": rng.normal(scale=0.6, size=(D, H)),
            "b1": rng.normal(scale=0.6, size=H),
            "W2": rng.normal(scale=0.8, size=(H, K)),
            "b2": rng.normal(scale=0.8, size=K),
        }
        X = rng.normal(scale=1.5, size=(N, D))
        y = rng.integers(K, size=N)
        hidden = np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"]
        both_sides = (hidden > 0).any() and (hidden < 0).any()
        if both_sides and np.abs(hidden).min() > KINK_DISTANCE and len(set(y)) > 1:
            return params, X, y, float(rng.uniform(0.01, 0.2))


def cache(params: Arrays, X: np.ndarray) -> Arrays:
    """All activations of the network: X, Z2, A2, Z3, P (equation 1.3)."""
    Z2 = np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"]
    A2 = np.where(Z2 > 0, Z2, 0.0)
    Z3 = np.einsum("nh,hk->nk", A2, params["W2"]) + params["b2"]
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": np.exp(log_softmax(Z3, axis=1))}


def cross_entropy(Z: np.ndarray, y: np.ndarray) -> float:
    """Mean cross-entropy of scores Z (N, K) and labels y (N,) (equation 1.5)."""
    return -float(np.mean(log_softmax(Z, axis=1)[np.arange(len(y)), y]))


def loss(params: Arrays, X: np.ndarray, y: np.ndarray, reg: float) -> float:
    """The regularised loss (equation 1.6)."""
    penalty = sum(float(np.vdot(params[name], params[name])) for name in ("W1", "W2"))
    return cross_entropy(cache(params, X)["Z3"], y) + reg * penalty


def gradient(params: Arrays, X: np.ndarray, y: np.ndarray, reg: float) -> Arrays:
    """The gradient of `loss` by central differences, exact to about 1e-9 norm-wise."""
    return numerical_gradient(lambda values: loss(values, X, y, reg), params)


def follows(compute: Callable, *arguments: object) -> object | None:
    """What follows from the student's own earlier functions, or None where these fail themselves."""
    try:
        return compute(*arguments)
    except Exception:  # their own checks report it; here it only means that nothing follows
        return None
