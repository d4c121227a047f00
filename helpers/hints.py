"""The likely mistake behind a wrong number: patterns and fingerprints. A nudge, never the answer; no match, no guess."""

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

#: What planted mistakes make of the numbers that visible checks ask for, and a nudge for each: made by `course mistakes`.
FINGERPRINTS = Path(__file__).with_name("fingerprints.json")
#: So many numbers are compared entry by entry; for more, which nobody asks for, there is no memory to spare.
_MANY = 1_000_000
#: Whole numbers, such as counts and sizes, say nothing when there are fewer.
_FEW = 8

#: So many different values, or rows, are not alike by chance.
_VARIED = 3
_SPREAD = 1e-3
_LARGE = 1e-2

_TOLERANCE = 1e-6
_FINGERPRINT_TOLERANCE = 1e-9

#: Functions that are applied once too often, or not at all.
_FUNCTIONS: tuple[tuple[Callable[[np.ndarray], np.ndarray], str], ...] = (
    (np.square, "the square of"),
    (np.sqrt, "the square root of"),
    (np.log, "the logarithm of"),
    (np.exp, "the exponential of"),
    (np.reciprocal, "1 divided by"),
    (lambda expected: 1 - expected, "1 minus"),
)


class Revealing(str):
    """A nudge that holds numbers made from what is expected: not to be told where that is secret."""


def fingerprint(values: Any) -> float | None:
    """A number by which an array is known again, or None where another array could easily have it: zeros, few whole numbers."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiu" or not 0 < array.size <= _MANY or not np.isfinite(array).all():
        return None
    numbers = array.astype(np.float64).ravel()
    if not numbers.any() or (numbers.size < _FEW and np.array_equal(numbers, np.round(numbers))):
        return None
    rows = array.shape[0] if array.ndim > 1 else 0  # the same numbers in another shape are something else
    with np.errstate(all="ignore"):
        mark = float(np.cos(np.arange(1, numbers.size + 1) + rows) @ numbers)
    return mark if np.isfinite(mark) else None


def known_mistakes(exercise_id: str, mark: float | None) -> list[str]:
    """The nudges for the planted mistakes that give these numbers; several where they cannot be told apart.

    mark: what `fingerprint` makes of the numbers.
    """
    return nudges_for(mark, _fingerprints(FINGERPRINTS).get(exercise_id, ()))


def nudges_for(mark: float | None, known: Iterable[tuple[float, str]]) -> list[str]:
    """The nudges of those known fingerprints that are this one."""
    if mark is None:
        return []
    nudges = (nudge for other, nudge in known if abs(other - mark) <= _FINGERPRINT_TOLERANCE * abs(mark))
    return list(dict.fromkeys(nudges))


@functools.cache
def _fingerprints(path: Path) -> dict[str, list[tuple[float, str]]]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def likely_mistake(actual: np.ndarray, expected: np.ndarray) -> list[str]:
    """One line naming the likely mistake, or none. actual, expected: finite float64 arrays of one shape."""
    if actual.ndim == 0:
        patterns = (_number_scale, _function_of_number)
    else:
        patterns = (_zeros, _function, _rows, _order, _scale, _signs, _constant, _offset, _one_line)
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
        return Revealing(f"It is {factor} what it should be: which count is that?")
    return ""


def _function_of_number(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether a number is a simple function of the expected one, where neither is a whole number."""
    if expected == np.round(expected) or actual == np.round(actual):
        return ""
    with np.errstate(all="ignore"):
        for function, words in _FUNCTIONS[:4]:
            if np.isclose(actual, function(expected), rtol=_FINGERPRINT_TOLERANCE, atol=0.0):
                return f"It is {words} what is expected."
    return ""


def _zeros(actual: np.ndarray, expected: np.ndarray) -> str:
    """Entries that should be 0, and all of them alone, are wrong; or all entries are 0."""
    if actual.size and not np.any(actual):
        return "Every entry is 0."
    off = ~np.isclose(actual, expected, rtol=_TOLERANCE, atol=_TOLERANCE * np.abs(expected).max(initial=0.0))
    if np.any(expected == 0) and not np.any(off & (expected != 0)):
        return "Only entries that should be 0 are wrong: what makes them 0?"
    return ""


def _function(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether every entry is the same simple function of what is expected."""
    if len(np.unique(expected)) < _VARIED or np.array_equal(expected, np.round(expected)):
        return ""
    with np.errstate(all="ignore"):
        for function, words in _FUNCTIONS:
            values = function(expected)
            if not np.isfinite(values).all() or not _same(actual, values):
                continue
            if np.ptp(values) > _SPREAD * np.abs(values).max():  # else anything constant would do
                return f"Every entry is {words} what is expected."
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
        return _moved(actual, expected) or (
            "These are the right numbers in another order: was something reshaped or transposed on the way?"
        )
    return _shifted(actual, expected)


def _moved(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether whole rows or columns have changed places, in one of two ways."""
    for axis, name in enumerate(("row", "column")[: actual.ndim]):
        if _same(actual, np.flip(expected, axis)):
            return f"These are the right {name}s, from the last to the first."
        if actual.shape[axis] >= _VARIED and any(_same(actual, np.roll(expected, step, axis)) for step in (1, -1)):
            return f"Every {name} is one place further than it should be: where does the count start?"
    return ""


def _shifted(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether all rows or columns but one stand one place beside their own."""
    for axis, name in enumerate(("row", "column")[: actual.ndim]):
        a, e = np.moveaxis(actual, axis, 0), np.moveaxis(expected, axis, 0)
        if len(a) < _VARIED or a[1:].size < _FEW // 2:
            continue
        for mine, right in ((a[1:], e[:-1]), (a[:-1], e[1:])):
            if _same(mine, right) and not _same(e[1:], e[:-1]):
                return f"The {name}s stand one place beside their own: where does the count start?"
    return ""


def _scale(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether one factor turns the expected values into these."""
    if np.sum(np.abs(expected) > _LARGE * np.abs(expected).max(initial=0.0)) < 2:  # one large entry has a factor always
        return ""
    ratio = float(np.vdot(expected, actual) / np.vdot(expected, expected))
    if not _same(actual, ratio * expected):
        return ""
    if np.isclose(ratio, -1.0):
        return "Right size, opposite sign."
    return Revealing(f"Every entry is {ratio:.6g} times what it should be: which factor is that?")


def _signs(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether some entries have the wrong sign, and nothing else is wrong."""
    if actual.size >= _FEW // 2 and _same(np.abs(actual), np.abs(expected)):
        return "Every entry has the right size, but some have the wrong sign."
    return ""


def _constant(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether every entry is off by the same number."""
    difference = actual - expected
    varied = actual.size >= _VARIED and np.ptp(expected) > _SPREAD * np.abs(difference).max()
    if varied and _same(difference, np.full_like(difference, difference.flat[0])):
        return Revealing(
            f"Every entry is off by the same number, {difference.flat[0]:.6g}: what is added to all of them?"
        )
    return ""


def _offset(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether every row is off by one and the same row, or every row in one entry by the same number."""
    if actual.ndim != 2 or len(actual) < 2:
        return ""
    difference = actual - expected
    if _same(difference, np.broadcast_to(difference[0], difference.shape)):
        return "Every row is off by the same numbers: is something added to each row missing, or added twice?"
    off = np.abs(difference) > _TOLERANCE * np.abs(expected).max()
    if np.all(off.sum(axis=1) == 1) and _same(difference[off], np.full(len(off), difference[off][0])):
        return Revealing(f"In every row one entry is off, always by {difference[off][0]:.6g}: which entry is it?")
    return ""


def _one_line(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether one row or one column is wrong, in two entries or more, and all others are right."""
    if actual.ndim != 2 or min(actual.shape) < _VARIED:
        return ""
    off = ~np.isclose(actual, expected, rtol=_TOLERANCE, atol=_TOLERANCE * np.abs(expected).max())
    for axis, name in ((1, "row"), (0, "column")):
        lines = np.flatnonzero(off.any(axis=axis))
        if len(lines) == 1 and off.sum() > 1:
            return Revealing(f"Only {name} {lines[0]} is wrong: what is different there?")
    return ""


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=_TOLERANCE, atol=_TOLERANCE * np.abs(b).max(initial=0.0)))
