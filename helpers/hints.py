"""The likely mistake behind a wrong number: patterns and fingerprints. A nudge, never the answer; no match, no guess."""

import functools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

#: What planted mistakes make of the numbers that visible checks ask for, and a nudge for each: made by `course mistakes`.
FINGERPRINTS = Path(__file__).with_name("fingerprints.json")
#: Whole numbers, such as counts and sizes, say nothing when there are fewer.
_FEW = 8

_TOLERANCE = 1e-6
_FINGERPRINT_TOLERANCE = 1e-9

#: What classic mistakes make of the loss on the toy problem and on the second probe.
_LOSS_FINGERPRINTS: tuple[tuple[tuple[float, ...], str], ...] = (
    ((1.265857052118, 1.931195725391), "This is the loss without the penalty: which term of (1.6) is missing?"),
    ((1.284822471724, 2.436245725391), "The penalty is half as large as in (1.6), which has no ½."),
    ((1.290466839229, 2.318195725391), "Only one of the two weight matrices is penalised: W2 is missing."),
    ((1.279178104219, 2.554295725391), "Only one of the two weight matrices is penalised: W1 is missing."),
    ((1.326743378811, 2.175667781749), "The norms in the penalty are not squared."),
    ((1.227926212906, 0.921095725391), "The penalty has the wrong sign."),
    ((1.273443219960, 2.075495725391), "The penalty is divided by N: it does not belong inside the mean over samples."),
    ((6.367216099802, 14.528470077738), "The data term is summed over the samples, not averaged."),
    ((1.864176530777, 3.796226496008), "This is the logarithm to base 2; the loss uses the natural one."),
    ((0.459883189918, 1.492898931348), "The mean runs over N times K numbers; there are N samples."),
    ((-1.227926212906, -0.921095725391), "The minus sign of (1.4) is missing."),
    ((1.182228479646,), "The softmax is applied twice: cross_entropy takes scores, not probabilities."),
    ((1.284159016878, 2.371959537441), "This uses the spectral norm; (1.7) is the sum of the squares of all entries."),
    ((3.059495725391,), "The biases are penalised too; (1.6) penalises weights only."),
    (
        (1.136543127880,),
        "This is what a network that prefers no class gives. Is something applied to the scores that belongs to the hidden layer?",
    ),
)


def fingerprint(values: Any) -> float | None:
    """A number by which an array is known again, or None where another array could easily have it: zeros, few whole numbers."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiu" or not array.size or not np.isfinite(array).all():
        return None
    numbers = array.astype(np.float64).ravel()
    if not numbers.any() or (numbers.size < _FEW and np.array_equal(numbers, np.round(numbers))):
        return None
    rows = array.shape[0] if array.ndim > 1 else 0  # the same numbers in another shape are something else
    return float(np.cos(np.arange(1, numbers.size + 1) + rows) @ numbers)


def known_mistakes(exercise_id: str, mark: float | None) -> list[str]:
    """The nudges for the planted mistakes that give these numbers; several where they cannot be told apart.

    mark: what `fingerprint` makes of the numbers.
    """
    return nudges_for(mark, _fingerprints().get(exercise_id, ()))


def nudges_for(mark: float | None, known: Iterable[tuple[float, str]]) -> list[str]:
    """The nudges of those known fingerprints that are this one."""
    if mark is None:
        return []
    nudges = (nudge for other, nudge in known if abs(other - mark) <= _FINGERPRINT_TOLERANCE * abs(mark))
    return list(dict.fromkeys(nudges))


@functools.cache
def _fingerprints() -> dict[str, list[tuple[float, str]]]:
    return json.loads(FINGERPRINTS.read_text(encoding="utf-8")) if FINGERPRINTS.exists() else {}


def likely_mistake(actual: np.ndarray, expected: np.ndarray) -> list[str]:
    """One line naming the likely mistake, or none. actual, expected: finite float64 arrays of one shape."""
    patterns = (_loss_mistake, _number_scale) if actual.ndim == 0 else (_zeros, _rows, _order, _scale, _offset)
    nudges = (pattern(actual, expected) for pattern in patterns)
    return next(([nudge] for nudge in nudges if nudge), [])


def likely_gradient_mistake(actual: np.ndarray, expected: np.ndarray, parameter: np.ndarray) -> str:
    """The pattern in a wrong gradient, or nothing. parameter: what it is the gradient for; all float64 arrays of one shape."""
    found = likely_mistake(actual, expected)
    if found:
        return found[0]
    size = float(np.vdot(parameter, parameter))
    factor = float(np.vdot(parameter, actual - expected)) / size if size else 0.0
    if factor and actual.size > 1 and _same(actual - expected, factor * parameter):
        return f"Every entry is off by {factor:.4g} times its own parameter: which term of the loss holds parameters alone?"
    return ""


def named_mistake(actual: np.ndarray, expected: np.ndarray, mistakes: Mapping[str, Any]) -> list[str]:
    """The nudge, of those that a check has ready, for the mistake that gives these very values, or none."""
    for nudge, value in mistakes.items():
        wrong = np.asarray(value, dtype=np.float64)
        if wrong.shape == actual.shape and _same(actual, wrong) and not _same(wrong, expected):
            return [nudge]
    return []


def _loss_mistake(actual: np.ndarray, expected: np.ndarray) -> str:  # noqa: ARG001
    for fingerprints, nudge in _LOSS_FINGERPRINTS:
        if any(abs(float(actual) - mark) < _FINGERPRINT_TOLERANCE * abs(mark) for mark in fingerprints):
            return nudge
    return ""


def _number_scale(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether a number is off by a factor that cannot be chance."""
    if not expected or not actual:
        return ""
    ratio = float(actual / expected)
    if np.isclose(ratio, -1.0, rtol=_FINGERPRINT_TOLERANCE):
        return "Right size, opposite sign."
    if np.isclose(ratio, 1 / np.log(2), rtol=_FINGERPRINT_TOLERANCE):
        return "This is the logarithm to base 2; the loss uses the natural one."
    whole = max(ratio, 1 / ratio) if ratio > 0 else 0.0
    if 1.5 < whole < 101 and np.isclose(whole, round(whole), rtol=_FINGERPRINT_TOLERANCE):
        factor = f"{round(whole)} times" if ratio > 1 else f"1/{round(whole)} of"
        return f"It is {factor} what it should be: which count is that?"
    return ""


def _zeros(actual: np.ndarray, expected: np.ndarray) -> str:
    """Entries that should be 0, and all of them alone, are wrong; or all entries are 0."""
    if actual.size and not np.any(actual):
        return "Every entry is 0."
    off = ~np.isclose(actual, expected, rtol=_TOLERANCE, atol=_TOLERANCE * np.abs(expected).max(initial=0.0))
    if np.any(expected == 0) and not np.any(off & (expected != 0)):
        return "Only entries that should be 0 are wrong: what makes them 0?"
    return ""


def _rows(actual: np.ndarray, expected: np.ndarray) -> str:
    """Probabilities whose rows do not sum to 1."""
    if actual.ndim != 2 or not _same(expected.sum(axis=1), np.ones(len(expected))):
        return ""
    if _same(actual.sum(axis=1), np.ones(len(actual))):
        return ""
    if _same(actual.sum(axis=0), np.ones(actual.shape[1])):
        return "Every column sums to 1; every row should."
    if np.isclose(actual.sum(), 1.0):
        return "The whole matrix sums to 1; every row should."
    return "The rows do not sum to 1."


def _order(actual: np.ndarray, expected: np.ndarray) -> str:
    """The right numbers in the wrong places."""
    if actual.ndim == 2 and actual.shape[0] == actual.shape[1] and _same(actual, expected.T):
        return "These are the right numbers, transposed."
    if actual.size > 1 and _same(np.sort(actual, axis=None), np.sort(expected, axis=None)):
        return "These are the right numbers in another order: was something reshaped or transposed on the way?"
    return ""


def _scale(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether one factor turns the expected values into these."""
    if actual.size < 2 or not np.any(expected):
        return ""
    ratio = float(np.vdot(expected, actual) / np.vdot(expected, expected))
    if not _same(actual, ratio * expected):
        return ""
    if np.isclose(ratio, -1.0):
        return "Right size, opposite sign."
    return f"Every entry is {ratio:.6g} times what it should be: which factor is that?"


def _offset(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether every row is off by one and the same row, or every row in one entry by the same number."""
    if actual.ndim != 2 or len(actual) < 2:
        return ""
    difference = actual - expected
    if _same(difference, np.broadcast_to(difference[0], difference.shape)):
        return "Every row is off by the same numbers: is something added to each row missing, or added twice?"
    off = np.abs(difference) > _TOLERANCE * np.abs(expected).max()
    if np.all(off.sum(axis=1) == 1) and _same(difference[off], np.full(len(off), difference[off][0])):
        return f"In every row one entry is off, always by {difference[off][0]:.6g}: which entry is it?"
    return ""


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=_TOLERANCE, atol=_TOLERANCE * np.abs(b).max(initial=0.0)))
