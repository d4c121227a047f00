"""The independent truth that hidden tests compare with: closed forms from SciPy, gradients by central differences.

Only test cells at grading import it. What a student's function must match is never computed by the reference solution.
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

import numpy as np
from scipy.special import log_softmax, softmax

from autograde.verdict import Died, OutOfTime
from helpers.exercise import fresh_generator
from helpers.gradients import norm_error, numerical_gradient
from helpers.problems import Arrays
from helpers.verdicts import Consistent, WrongValue

#: The name, in the namespace of test cells, of the `session.Session` with the process in which the student's code runs.
CANDIDATE = "__candidate__"
#: The gradient of a loss with a classic mistake has this cosine with the right one, in the mean; of any other, it is about 0.
LEAST_COSINE = 0.25
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
        hidden = affine(X, params["W1"], params["b1"])
        both_sides = (hidden > 0).any() and (hidden < 0).any()
        if both_sides and np.abs(hidden).min() > KINK_DISTANCE and len(set(y)) > 1:
            return params, X, y, float(rng.uniform(0.01, 0.2))


def cache(params: Arrays, X: np.ndarray) -> Arrays:
    """All activations of the network: X, Z2, A2, Z3, P (equation 1.3)."""
    Z2 = affine(X, params["W1"], params["b1"])
    A2 = relu(Z2)
    Z3 = affine(A2, params["W2"], params["b2"])
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


def either(check: Callable[..., None], namespace: dict[str, Any], **right: Callable) -> Callable[..., None]:
    """The check, made fair: when it fails, it gets a second try with right building blocks in place of the student's own.

    namespace: where the student's functions look up the names of right, the notebook's globals; they are put back.
    So no mistake in a building block costs a later function its marks, and no nonsense follows from nonsense.
    """

    def checked(*arguments: Any) -> None:
        # Where the student's code runs in a process of its own, it is lent the blocks there, too.
        candidate = namespace.get(CANDIDATE)
        failure: Exception | None = None
        if not (candidate and candidate.lend_first):
            try:
                return check(*arguments)
            except Exception as error:
                failure = error
        own = {name: namespace[name] for name in right if name in namespace}
        with candidate.lent(right) if candidate else nullcontext():
            namespace.update(right)
            try:
                check(*arguments)
            except Exception as error:
                raise failure or error from None
            finally:
                for name in right:
                    del namespace[name]
                namespace.update(own)

    return checked


def consistent(check: Callable[..., None], agrees: Callable[[], bool], told: str) -> Callable[..., None]:
    """The check; where numbers are wrong though `agrees` says that they are right for the student's own earlier functions,
    it says so: raises Consistent. What `agrees` raises counts as no."""

    def checked(*arguments: Any) -> None:
        try:
            check(*arguments)
        except WrongValue as error:
            try:
                right_for_itself = agrees()
            except (Exception, Died, OutOfTime):
                right_for_itself = False
            if right_for_itself:
                raise Consistent(error.where, *error.details[:2], told) from None
            raise

    return checked


def is_gradient_of_own_loss(namespace: dict[str, Any], notebook: str, exercise_id: str) -> bool:
    """Whether the student's `backward` gives the gradient of the `compute_loss` that they wrote in another notebook.

    It must also point the way of the right one, roughly: a loss made up to have an easy gradient does not. False where tests and
    student code share a process: there the student's notebooks are only read when the student asks.
    """
    session = namespace.get(CANDIDATE)
    if session is None:
        return False
    own, rng = session.carried(notebook, ["forward", "compute_loss"]), fresh_generator(exercise_id)
    cosines: dict[str, list[float]] = {"W1": [], "W2": []}
    for _ in range(10):
        params, X, y, reg = random_problem(rng)
        told = namespace["backward"](params, own["forward"](params, X), y, reg)
        grads = {name: np.asarray(told[name], np.float64) for name in params}
        slopes = numerical_gradient(partial(_own_loss, own["compute_loss"], X, y, reg), params)
        if any(
            grads[name].shape != value.shape or not norm_error(grads[name], value) < 1e-6
            for name, value in slopes.items()
        ):
            return False
        right = gradient(params, X, y, reg)
        for name, found in cosines.items():
            found.append(_cosine(*(_beside(grad[name], params[name]) for grad in (grads, right))))
    return all(abs(np.mean(found)) > LEAST_COSINE for found in cosines.values())


def _own_loss(compute_loss: Callable, X: np.ndarray, y: np.ndarray, reg: float, params: Arrays) -> float:
    return float(compute_loss(params, X, y, reg))


def _beside(grad: np.ndarray, parameter: np.ndarray) -> np.ndarray:
    """The part of a gradient that is no multiple of the parameter: what the penalty cannot give."""
    return grad - np.vdot(parameter, grad) / np.vdot(parameter, parameter) * parameter


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    sizes = np.linalg.norm(a) * np.linalg.norm(b)
    return float(np.vdot(a, b) / sizes) if sizes else 0.0


def affine(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Z = XW + b (equation 1.8)."""
    return np.einsum("nd,dh->nh", X, W) + b


def relu(Z: np.ndarray) -> np.ndarray:
    """The positive part (equation 1.1)."""
    return (Z + np.abs(Z)) / 2


def scores_gradient(P: np.ndarray, y: np.ndarray) -> np.ndarray:
    """dJ/dZ3 (equation 2.5)."""
    return (P - np.eye(P.shape[1])[y]) / len(y)


def weight_gradient(A: np.ndarray, dZ: np.ndarray, W: np.ndarray, reg: float) -> np.ndarray:
    """dJ~/dW of a layer Z = AW + b (equation 2.8, for rows)."""
    return np.einsum("nd,nh->dh", A, dZ) + 2 * reg * W


def bias_gradient(dZ: np.ndarray) -> np.ndarray:
    """dJ~/db of a layer Z = AW + b."""
    return np.einsum("nh->h", dZ)


def hidden_gradient(dZ3: np.ndarray, W2: np.ndarray, Z2: np.ndarray) -> np.ndarray:
    """dJ/dZ2, below the ReLU."""
    return np.where(Z2 > 0, np.einsum("nk,hk->nh", dZ3, W2), 0.0)


def backward(params: Arrays, cache: Arrays, y: np.ndarray, reg: float) -> Arrays:
    """The gradient of `loss` in closed form."""
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    return {
        "W1": weight_gradient(cache["X"], dZ2, params["W1"], reg),
        "b1": bias_gradient(dZ2),
        "W2": weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        "b2": bias_gradient(dZ3),
    }


def loss_and_gradients(params: Arrays, X: np.ndarray, y: np.ndarray, reg: float) -> tuple[float, Arrays]:
    """The loss (1.6) and its gradient."""
    return loss(params, X, y, reg), backward(params, cache(params, X), y, reg)


def sample_batch(
    X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A mini-batch, drawn with replacement (equation 3.1)."""
    chosen = rng.choice(len(X), size=batch_size)
    return np.take(X, chosen, axis=0), np.take(y, chosen)


def sgd_step(params: Arrays, grads: Arrays, learning_rate: float) -> Arrays:
    """One step of plain SGD (equation 3.2)."""
    return momentum_step(params, params, grads, learning_rate, 0.0)[0]


def momentum_step(
    params: Arrays, velocity: Arrays, grads: Arrays, learning_rate: float, momentum: float, damped: bool = False
) -> tuple[Arrays, Arrays]:
    """One step with momentum (equations 3.3 to 3.5)."""
    share = 1 - momentum if damped else 1.0
    moved = {name: np.multiply(momentum, velocity[name]) - share * learning_rate * grads[name] for name in params}
    return {name: np.add(params[name], moved[name]) for name in params}, moved


def decayed_rate(learning_rate: float, decay: float, iteration: int, per_epoch: int) -> float:
    """The learning rate in an iteration (equation 3.6)."""
    return learning_rate * float(np.prod([decay] * (iteration // per_epoch)))


def predict(params: Arrays, X: np.ndarray) -> np.ndarray:
    """The class that a two-layer network chooses for each row."""
    return np.argmax(np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"], axis=1)


#: What forward, compute_loss and backward may be made of.
FORWARD_BLOCKS = {"affine": affine, "relu": relu, "softmax": partial(softmax, axis=1)}
LOSS_BLOCKS = FORWARD_BLOCKS | {"forward": cache, "cross_entropy": cross_entropy}
BACKWARD_BLOCKS = {
    "scores_gradient": scores_gradient,
    "weight_gradient": weight_gradient,
    "bias_gradient": bias_gradient,
    "hidden_gradient": hidden_gradient,
}

OBJECTIVE_BLOCKS = {"forward": cache, "cross_entropy": cross_entropy, "backward": backward}
TRAINING_BLOCKS = {
    "loss_and_gradients": loss_and_gradients,
    "sample_batch": sample_batch,
    "sgd_step": sgd_step,
    "momentum_step": momentum_step,
    "decayed_rate": decayed_rate,
}
