"""Numerical gradients, relative errors, and the gradient check."""

import io
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from helpers.hints import likely_gradient_mistake

if TYPE_CHECKING:
    from helpers.figures import Picture

Arrays = Mapping[str, np.ndarray]

#: Central differences are most accurate near h = 1e-5 in float64: truncation grows with h², rounding with 1/h.
STEP = 1e-5


def numerical_gradient(
    function: Callable, at: np.ndarray | Arrays, h: float = STEP
) -> np.ndarray | dict[str, np.ndarray]:
    """Central difference (f(x + h) - f(x - h)) / 2h of a scalar function, entry by entry.

    at: an array of any shape, or a dict of arrays; it is not changed. function takes the like of `at` and returns a number.
    Returns float64 of the same shape, or a dict with the same keys. Shows a progress bar when it takes over a second.
    Raises TypeError for an `at` that is not numeric, ValueError when the function does not return one number.
    """
    if isinstance(at, Mapping):
        return {
            key: numerical_gradient(lambda values, key=key: function({**at, key: values}), at[key], h) for key in at
        }
    point = np.array(at, dtype=np.float64)
    gradient = np.zeros_like(point)
    kept = isinstance(sys.stdout, io.StringIO)  # in a check, which shows it as what the student's code printed
    options = {"desc": "numerical gradient", "leave": False, "delay": 1.0, "file": sys.stdout, "disable": kept}
    for index in tqdm(np.ndindex(point.shape), total=point.size, **options):
        above, below = (_value_at(function, point, index, step) for step in (h, -h))
        gradient[index] = (above - below) / (2 * h)
    return gradient


def _value_at(function: Callable, point: np.ndarray, index: tuple, step: float) -> float:
    """The function's value with one entry moved by step; it gets a copy, so it may do with it what it likes."""
    moved = point.copy()
    moved[index] += step
    value = np.asarray(function(moved))
    if value.size != 1:
        raise ValueError(f"a gradient needs a function that returns one number; this one returned shape {value.shape}")
    return float(value.reshape(()))


def relative_error(actual: np.ndarray, expected: np.ndarray) -> float:
    """The largest |a - e| / max(1e-8, |a| + |e|) over all entries: the measure of the sheet's bar of 1e-8 (question 2d)."""
    errors = relative_errors(actual, expected)
    return float(errors.max()) if errors.size else 0.0


def relative_errors(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """|a - e| / max(1e-8, |a| + |e|) for each entry. Raises ValueError when the shapes differ."""
    actual, expected = np.asarray(actual, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if actual.shape != expected.shape:
        raise ValueError(f"shapes differ: {actual.shape} and {expected.shape}")
    return np.abs(actual - expected) / np.maximum(1e-8, np.abs(actual) + np.abs(expected))


def norm_error(actual: np.ndarray, expected: np.ndarray) -> float:
    """‖a - e‖ / (‖a‖ + ‖e‖), 0 for two zero arrays: insensitive to single tiny entries, where rounding rules."""
    difference = float(np.linalg.norm(np.subtract(actual, expected)))
    size = float(np.linalg.norm(actual) + np.linalg.norm(expected))
    return difference / size if size else 0.0


@dataclass(frozen=True)
class ParameterCheck:
    """One parameter's row of a gradient check.

    worst: index of the entry with the largest relative error; analytic, numeric: the two values there; ratio: their quotient
    (nan when numeric is 0); max_error: the elementwise error of `relative_error`; norm_error: see `norm_error`;
    kinks: how many entries lie on a kink of the loss, where no numerical gradient exists; verdict: right, wrong or kink;
    pattern: what the difference looks like, if it looks like anything.
    """

    name: str
    worst: tuple[int, ...]
    analytic: float
    numeric: float
    ratio: float
    max_error: float
    norm_error: float
    kinks: int
    verdict: str
    pattern: str = ""


@dataclass(frozen=True)
class GradientCheck:
    """What `gradient_check` found: one row per parameter, and the relative error of every entry for the heat maps."""

    rows: tuple[ParameterCheck, ...]
    errors: dict[str, np.ndarray]

    @property
    def passed(self) -> bool:
        """Whether no parameter is wrong."""
        return all(row.verdict != "wrong" for row in self.rows)

    @property
    def max_error(self) -> float:
        """The largest elementwise relative error over all parameters."""
        return max(row.max_error for row in self.rows)

    def __str__(self) -> str:
        head = f"{'':4} {'worst at':>9} {'analytic':>13} {'numeric':>13} {'ratio':>8} {'max error':>10} {'norm error':>11}  verdict"
        lines = [head]
        for row in self.rows:
            where = "[" + ", ".join(map(str, row.worst)) + "]"
            note = f" ({row.kinks} on a ReLU kink)" if row.kinks else ""
            lines.append(
                f"{row.name:4} {where:>9} {row.analytic:13.6e} {row.numeric:13.6e} {row.ratio:8.4f} "
                f"{row.max_error:10.1e} {row.norm_error:11.1e}  {row.verdict}{note}"
            )
            if row.pattern:
                lines.append(f"{'':4} {row.pattern}")
        return "\n".join(lines)

    __repr__ = __str__

    def plot(self) -> "Picture":
        """Heat maps of log10 of each entry's relative error, one per parameter, with the pattern underneath."""
        from helpers.figures import plot_gradient_errors  # Matplotlib takes half a second, and few ask for a picture

        return plot_gradient_errors(self.errors, {row.name: row.pattern for row in self.rows if row.pattern})


def gradient_check(
    loss: Callable[[Arrays], float], params: Arrays, grads: Arrays, *, h: float = STEP, tolerance: float = 1e-6
) -> GradientCheck:
    """Compare analytic gradients with central differences of the loss, parameter by parameter.

    loss takes a dict like params and returns a number. A parameter is right when its norm-wise error is below tolerance.
    Where the loss has a kink within h (a ReLU's pre-activation crosses 0), the central difference means nothing: such an entry
    counts as right when it lies between the slopes on both sides.
    Raises KeyError when a parameter has no gradient, ValueError when the shapes differ.
    """
    rows, errors = [], {}
    for name, value in params.items():
        if name not in grads:
            raise KeyError(f"no gradient for {name!r}: grads has {', '.join(map(repr, grads)) or 'no key'}")
        analytic = np.asarray(grads[name], dtype=np.float64)
        if analytic.shape != np.shape(value):
            raise ValueError(f"the gradient of {name} has shape {analytic.shape}, the parameter {np.shape(value)}")

        def loss_of(values: np.ndarray, name: str = name) -> float:
            return loss({**params, name: values})

        numeric = numerical_gradient(loss_of, value, h)
        kinks = 0
        if norm_error(analytic, numeric) >= tolerance:
            point = np.asarray(value, dtype=np.float64)
            for index in map(tuple, np.argwhere(relative_errors(analytic, numeric) > tolerance)):
                if _is_slope_at_kink(loss_of, point, index, analytic[index], h):
                    numeric[index] = analytic[index]
                    kinks += 1
        rows.append(_row(name, analytic, numeric, np.asarray(value, dtype=np.float64), kinks, tolerance))
        errors[name] = relative_errors(analytic, numeric)
    return GradientCheck(tuple(rows), errors)


def _row(
    name: str, analytic: np.ndarray, numeric: np.ndarray, value: np.ndarray, kinks: int, tolerance: float
) -> ParameterCheck:
    errors = relative_errors(analytic, numeric)
    worst = tuple(int(i) for i in np.unravel_index(np.argmax(errors), errors.shape))
    right = norm_error(analytic, numeric) < tolerance
    return ParameterCheck(
        name=name,
        worst=worst,
        analytic=float(analytic[worst]),
        numeric=float(numeric[worst]),
        ratio=float(analytic[worst] / numeric[worst]) if numeric[worst] else float("nan"),
        max_error=float(errors[worst]),
        norm_error=norm_error(analytic, numeric),
        kinks=kinks,
        verdict=("kink" if kinks else "right") if right else "wrong",
        pattern="" if right or not np.isfinite(analytic).all() else likely_gradient_mistake(analytic, numeric, value),
    )


def _is_slope_at_kink(loss: Callable, point: np.ndarray, index: tuple, slope: float, h: float) -> bool:
    """Whether the loss has a kink within h here, and the slope lies between those of its two sides.

    The jump between the slopes right and left shrinks like h where the loss is smooth, and stays where it has a kink.
    """
    here = _value_at(loss, point, index, 0.0)

    def slopes(step: float) -> tuple[float, float]:
        left = (here - _value_at(loss, point, index, -step)) / step
        right = (_value_at(loss, point, index, step) - here) / step
        return min(left, right), max(left, right)

    low, high = slopes(h)
    near_low, near_high = slopes(h / 10)
    jump, near_jump = high - low, near_high - near_low
    noise = 1e-6 * max(1.0, abs(low), abs(high))  # rounding of a difference quotient at h / 10, with room
    shrinks_with_h = 0.05 * jump < near_jump < 0.2 * jump
    if jump < 10 * noise or shrinks_with_h:
        return False
    return low - noise <= slope <= high + noise
