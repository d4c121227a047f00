"""Checks of values: each climbs the ladder type → shape → dtype → finite → value and stops where it fails."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import numpy as np

from helpers.gradients import norm_error, relative_errors
from helpers.hints import fingerprint, likely_mistake, named_mistake
from helpers.verdicts import NotFinite, WrongShape, WrongType, WrongValue

#: Loss and activations: float64 rounding is near 1e-15, the closest classic mistake (a leaky ReLU) is off by 1e-3.
VALUE_TOLERANCE = 1e-7
#: Gradients, norm-wise.
GRADIENT_TOLERANCE = 1e-6
#: Absolute, where all that is expected is 0.
_ZERO = 1e-12


def check_close(
    actual: Any,
    expected: Any,
    name: str,
    *,
    tolerance: float = VALUE_TOLERANCE,
    mistakes: Mapping[str, Any] | None = None,
) -> None:
    """Check a number, an array, or a dict of arrays, to `tolerance` relative to the largest expected entry.

    mistakes: a nudge for each value that a known mistake gives; it only changes what is told.
    Raises WrongType, WrongShape, NotFinite or WrongValue.
    """

    def differs(a: np.ndarray, e: np.ndarray) -> np.ndarray:
        scale = np.abs(e).max(initial=0.0)
        return np.abs(a - e) > (tolerance * scale if scale else _ZERO)

    _check(actual, expected, name, differs, f"within {tolerance:g}, relative", mistakes or {})


def check_gradient(actual: Any, expected: Any, name: str, *, mistakes: Mapping[str, Any] | None = None) -> None:
    """Check a gradient, or a dict of them, norm-wise to 1e-6: sound for float64, and blind to rounding in tiny entries.

    mistakes: as for `check_close`. Raises WrongType, WrongShape, NotFinite or WrongValue.
    """

    def differs(a: np.ndarray, e: np.ndarray) -> np.ndarray:
        if norm_error(a, e) <= GRADIENT_TOLERANCE:
            return np.zeros(a.shape, dtype=bool)
        wrong = relative_errors(a, e) > GRADIENT_TOLERANCE
        return wrong if wrong.any() else np.ones(a.shape, dtype=bool)

    _check(actual, expected, name, differs, f"norm-wise within {GRADIENT_TOLERANCE:g}", mistakes or {})


def check_relative_error(actual: Any, expected: Any, name: str, *, bound: float = 1e-8) -> None:
    """Check that the largest elementwise relative error is below bound: the sheet's criterion (question 2d).

    Raises WrongType, WrongShape, NotFinite or WrongValue.
    """
    _check(actual, expected, name, lambda a, e: relative_errors(a, e) >= bound, f"relative error below {bound:g}", {})


def check_true(condition: Any, claim: str, *details: str) -> None:
    """Check a property, such as "the rows sum to 1". Raises WrongValue with the claim when it does not hold."""
    if not bool(condition):
        raise WrongValue(f"not so: {claim}", *details)


def check_unchanged(argument: Any, before: Any, function: str, name: str) -> None:
    """Check that a function left an argument, an array or a dict of them, as it was before. Raises WrongValue."""
    arguments, originals = (value if isinstance(value, Mapping) else {name: value} for value in (argument, before))
    if set(arguments) != set(originals) or not all(np.array_equal(arguments[key], originals[key]) for key in originals):
        raise WrongValue(
            f"{function} changed its argument {name}.", "It is still needed: work on a copy, and return that."
        )


@contextmanager
def unchanged(function: str, **arguments: Any) -> Iterator[None]:
    """`with unchanged("sgd_step", params=params): ...` checks that the call in it leaves its arguments as they are.

    Raises WrongValue.
    """
    before = deepcopy(arguments)
    yield
    for name, argument in arguments.items():
        check_unchanged(argument, before[name], function, name)


def check_accuracy(predicted: Any, y: np.ndarray, bar: float) -> None:
    """Check that more than a share `bar` of the predicted classes (N,) are the labels y (N,).

    Raises WrongType, WrongShape, NotFinite or WrongValue.
    """
    classes = _float_array(predicted, np.asarray(y, dtype=np.float64), "the predicted classes")
    share = float(np.mean(classes == y))
    if not share > bar:
        raise WrongValue(
            f"too few of {len(y):,} images are classified right.",
            f"yours     {share:.1%}",
            f"expected  more than {bar:.1%}",
        )


def _check(actual: Any, expected: Any, name: str, differs: Callable, tolerance: str, mistakes: Mapping) -> None:
    if isinstance(expected, Mapping):
        _check_keys(actual, expected, name)
        for key, value in expected.items():
            known = {nudge: wrong[key] for nudge, wrong in mistakes.items() if key in wrong}
            _check(actual[key], value, f'{name}["{key}"]', differs, tolerance, known)
        return
    target = np.asarray(expected, dtype=np.float64)
    array = _float_array(actual, target, name)
    wrong = differs(array, target) | ~np.isfinite(target)  # nothing is close to nan
    if not wrong.any():
        return
    nudge = named_mistake(array, target, mistakes) or likely_mistake(array, target)
    raise WrongValue(*_difference(array, target, wrong, name, tolerance), *nudge, mark=fingerprint(array))


def _check_keys(actual: Any, expected: Mapping, name: str) -> None:
    if not isinstance(actual, Mapping):
        hint = ["Does the function end with `return ...`?"] if actual is None else []
        raise WrongType(
            f"{name} must be a dict.", f"yours     {_describe(actual)}", f"expected  keys {', '.join(expected)}", *hint
        )
    missing = [key for key in expected if key not in actual]
    if missing:
        raise WrongType(
            f"{name} has no key {', '.join(map(repr, missing))}.",
            f"yours     keys {', '.join(' '.join(str(key).split()) for key in actual) or '(none)'}",
            f"expected  keys {', '.join(expected)}",
        )


def _float_array(actual: Any, target: np.ndarray, name: str) -> np.ndarray:
    """The value as a float64 array, past the rungs type, shape, dtype and finite."""
    kind = "a number" if target.ndim == 0 else f"a float64 array of shape {target.shape}"
    if actual is None:
        raise WrongType(
            f"{name} is None.", "yours     None", f"expected  {kind}", "Does the function end with `return ...`?"
        )
    if isinstance(actual, (bool, str, bytes, list, tuple, Mapping)) or (
        not isinstance(actual, np.ndarray) and not np.isscalar(actual)
    ):
        raise WrongType(f"{name} has the wrong type.", f"yours     {_describe(actual)}", f"expected  {kind}")
    array = np.asarray(actual)
    if array.shape != target.shape:
        hint = ["The axes are swapped."] if array.ndim > 1 and array.shape == target.shape[::-1] else []
        raise WrongShape(
            f"{name} has the wrong shape.",
            f"yours     {array.shape}",
            f"expected  {target.shape}",
            *hint,
            mark=fingerprint(array),
        )
    # Python and NumPy integers are as good as the floats they stand for; float32 is not: rounding would hide mistakes.
    if array.dtype.kind not in "fiu" or array.dtype in (np.float16, np.float32):
        raise WrongType(f"{name} has the wrong dtype.", f"yours     {array.dtype}", "expected  float64")
    array = array.astype(np.float64)
    bad = ~np.isfinite(array)
    if bad.any():
        index = _first(bad)
        raise NotFinite(
            f"{name} is not finite{_at(index)} ({bad.sum()} of {bad.size}).",
            f"yours     {array[index]}",
            f"expected  {target[index]:.8g}",
        )
    return array


def _difference(array: np.ndarray, target: np.ndarray, wrong: np.ndarray, name: str, tolerance: str) -> tuple[str, ...]:
    index = _first(wrong)
    count = f" ({wrong.sum()} of {wrong.size} entries differ)" if wrong.size > 1 else ""
    yours, right = _told_apart(float(array[index]), float(target[index]))
    return f"{name} is wrong{_at(index)}{count}.", f"yours     {yours}", f"expected  {right} ({tolerance})"


def _told_apart(a: float, b: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to see that they differ, nine at least."""
    for digits in (9, 12, 17):
        texts = f"{a + 0.0:.{digits}g}", f"{b + 0.0:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(index: tuple[int, ...]) -> str:
    return f" at [{', '.join(map(str, index))}]" if index else ""


def _describe(value: Any) -> str:
    shape = getattr(value, "shape", None)
    return f"{type(value).__name__}{f' of shape {tuple(shape)}' if shape is not None else ''}"
