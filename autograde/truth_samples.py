"""The independent truth of notebook 06, a sigmoid network trained by the sample: used by hidden tests, never seen by students."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, log_softmax, softmax

from autograde import truth
from helpers.problems import Arrays


def sigmoid_slope(h: np.ndarray) -> np.ndarray:
    """The slope of the sigmoid where its value is h (equation 6.3)."""
    return 0.25 - np.square(h - 0.5)


def loss_slopes(p: np.ndarray, t: int) -> np.ndarray:
    """dl/dp (K,) of the loss (6.2)."""
    return -np.eye(len(p))[t] / p[t]


def score_slopes(p: np.ndarray, t: int) -> np.ndarray:
    """dl/do (K,) for p = softmax(o)."""
    return p - np.eye(len(p))[t]


def forward_sample(params: Arrays, x: np.ndarray, t: int) -> dict[str, Any]:
    """Hidden activations, probabilities and loss of one sample (equations 6.1 and 6.2)."""
    h = expit(np.einsum("d,dh->h", x, params["W"]) + params["b"])
    o = np.einsum("h,hk->k", h, params["V"]) + params["c"]
    return {"h": h, "p": softmax(o), "loss": -float(log_softmax(o)[t])}


def backward_sample(params: Arrays, x: np.ndarray, t: int, cache: dict[str, Any]) -> Arrays:
    """The gradient of one sample's loss."""
    upper = score_slopes(cache["p"], t)
    lower = np.einsum("hk,k->h", params["V"], upper) * sigmoid_slope(cache["h"])
    return {"W": x[:, None] * lower, "b": lower, "V": cache["h"][:, None] * upper, "c": upper}


_BLOCKS: dict[str, Callable] = {
    "sigmoid": expit,
    "sigmoid_slope": sigmoid_slope,
    "loss_slopes": loss_slopes,
    "score_slopes": score_slopes,
}


def either(check: Callable[..., None], namespace: dict[str, Any], *more: str) -> Callable[..., None]:
    """`truth.either` with right local functions in place of the student's own, and with the functions named in more."""
    samples = {"forward_sample": forward_sample, "backward_sample": backward_sample}
    return truth.either(check, namespace, **_BLOCKS, **{name: samples[name] for name in more})
