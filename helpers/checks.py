"""Checks for notebook cells: each climbs the ladder defined → type → shape → dtype → finite → value and stops where it fails.

A test cell reads

    with exercise("q1a-affine"):
        check_close(affine(X, W, b), expected, "affine(X, W, b)")

What the student's code prints or warns about inside the block is kept, shown under the verdict, and never decides it.
"""

import ast
import inspect
import io
import os
import textwrap
import types
import warnings
import zlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from typing import Any

import numpy as np

from helpers.gradients import norm_error, relative_errors
from helpers.hints import likely_mistake

#: Loss and activations: float64 rounding is near 1e-15, the closest classic mistakes are off by 1e-4 relative or more.
VALUE_TOLERANCE = 1e-7
#: Gradients, norm-wise.
GRADIENT_TOLERANCE = 1e-6

#: With this environment variable set, "fresh" inputs are the same for the whole class (used at grading).
SEED_VARIABLE = "COURSE_SEED"


class CheckFailed(AssertionError):
    """A verdict of at most four lines: what is wrong and where, yours, expected, the likely mistake."""

    reason = "wrong value"

    def __init__(self, where: str, *details: str) -> None:
        super().__init__(where, *details)
        self.where, self.details = where, details

    def __str__(self) -> str:
        return "\n".join((self.where, *self.details))

    def _render_traceback_(self) -> list[str]:  # IPython shows this instead of a stack of our own frames
        return [f"\x1b[0;31m✗ {self.where}\x1b[0m", *self.details]


class WrongValue(CheckFailed):
    """A number differs."""


class WrongShape(CheckFailed):
    """An array has another shape than asked for."""

    reason = "wrong shape"


class WrongType(CheckFailed):
    """Not an array, number or dict of float64, or a key is missing."""

    reason = "wrong type"


class NotFinite(CheckFailed):
    """A value is nan or infinite."""

    reason = "not finite"


class NotDefined(CheckFailed):
    """A name that the exercise asks for does not exist."""

    reason = "not defined"


class NotAllowed(CheckFailed):
    """The source does what the exercise forbids, such as a Python loop."""

    reason = "not allowed"


class Raised(CheckFailed):
    """The student's code raised an exception."""

    reason = "raised"


class exercise:
    """Run one exercise's checks: `with exercise("q1a-affine"): ...` prints "passed", or raises the first CheckFailed.

    NotImplementedError passes through, so that an unattempted exercise is told from a wrong one.
    """

    _where = ""

    def __init__(self, exercise_id: str) -> None:
        self.id = exercise_id

    def __enter__(self) -> Any:
        self._printed = io.StringIO()
        self._stack = ExitStack()
        self._warned = self._stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        self._stack.enter_context(redirect_stdout(self._printed))
        self._stack.enter_context(redirect_stderr(self._printed))
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        self._stack.close()
        self._show_printed()
        if error is None:
            print(f"✓ {self.id}: passed{self._where}")
            return
        self._explain(error, trace)

    def _explain(self, error: BaseException, trace: types.TracebackType | None) -> None:
        """Raise the error as a verdict on this exercise, or return to let it through as it is."""
        if isinstance(error, CheckFailed):
            raise type(error)(f"{self.id}: {error.where}", *error.details[:2], *self._hint(error)) from None
        if isinstance(error, NotImplementedError):  # IPython need not show a stack for what is simply not done yet
            error._render_traceback_ = lambda: [f"\x1b[0;31m… {self.id}: not done yet ({error}).\x1b[0m"]
        if isinstance(error, NameError) and trace is not None and trace.tb_next is None:
            raise NotDefined(
                f"{self.id}: `{error.name}` is not defined.",
                "Does the cell that defines it run without an error? Run it first, then this one.",
            ) from None

    def _hint(self, error: CheckFailed) -> list[str]:
        """The likely mistake: a warning that NumPy gave, when the values are not finite, else what the check found."""
        if isinstance(error, NotFinite) and self._warned:
            return [
                f"NumPy warned: {self._warned[0].message}. Where does your formula meet numbers this large or small?"
            ]
        return list(error.details[2:3])

    def _show_printed(self) -> None:
        lines = self._printed.getvalue().splitlines()
        if lines:
            print(
                "Your code printed:", *(f"  {line[:120]}" for line in lines[:8]), *["  …"] * (len(lines) > 8), sep="\n"
            )


class fresh_inputs(exercise):
    """`with fresh_inputs("q1a-affine") as rng: ...` checks on inputs that nobody has seen; it tells the verdict, not the values."""

    _where = " on fresh inputs"

    def __enter__(self) -> np.random.Generator:
        super().__enter__()
        secret = os.environ.get(SEED_VARIABLE)
        return np.random.default_rng([int(secret), zlib.crc32(self.id.encode())] if secret else None)

    def _explain(self, error: BaseException, trace: types.TracebackType | None) -> None:
        if isinstance(error, NotImplementedError) or not isinstance(error, Exception):
            return
        seen = "on fresh random inputs; the numbers are not shown."
        if isinstance(error, CheckFailed):
            raise type(error)(f"{self.id}: {error.reason} {seen}", *error.details[2:3]) from None
        raise Raised(f"{self.id}: {type(error).__name__} raised {seen}", _last_line(trace)) from None

    def _show_printed(self) -> None:
        """Nothing: what the code prints here may hold the inputs."""


def _last_line(trace: types.TracebackType | None) -> str:
    """Where in the student's code it happened: function and line, no values."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"It happened in `{trace.tb_frame.f_code.co_name}`, line {trace.tb_lineno} of its cell."


def check_close(
    actual: Any, expected: Any, name: str, *, tolerance: float = VALUE_TOLERANCE, given: Any | None = None
) -> None:
    """Check a number, an array, or a dict of arrays, to `tolerance` relative to the largest expected entry.

    given: what follows from the student's own earlier functions; to match it is as good, so that no mistake costs twice.
    Raises WrongType, WrongShape, NotFinite or WrongValue.
    """

    def differs(a: np.ndarray, e: np.ndarray) -> np.ndarray:
        return np.abs(a - e) > tolerance * max(np.abs(e).max(initial=0.0), np.finfo(float).tiny)

    _check(actual, expected, name, differs, f"within {tolerance:g}, relative", given)


def check_gradient(actual: Any, expected: Any, name: str, *, given: Any | None = None) -> None:
    """Check a gradient, or a dict of them, norm-wise to 1e-6: sound for float64, and blind to rounding in tiny entries.

    given: as for `check_close`. Raises WrongType, WrongShape, NotFinite or WrongValue.
    """

    def differs(a: np.ndarray, e: np.ndarray) -> np.ndarray:
        if norm_error(a, e) <= GRADIENT_TOLERANCE:
            return np.zeros(a.shape, dtype=bool)
        wrong = relative_errors(a, e) > GRADIENT_TOLERANCE
        return wrong if wrong.any() else np.ones(a.shape, dtype=bool)

    _check(actual, expected, name, differs, f"norm-wise within {GRADIENT_TOLERANCE:g}", given)


def check_relative_error(
    actual: Any, expected: Any, name: str, *, bound: float = 1e-8, given: Any | None = None
) -> None:
    """Check that the largest elementwise relative error is below bound: the sheet's criterion (question 2d).

    given: as for `check_close`. Raises WrongType, WrongShape, NotFinite or WrongValue.
    """
    _check(
        actual, expected, name, lambda a, e: relative_errors(a, e) >= bound, f"relative error below {bound:g}", given
    )


def check_true(condition: Any, claim: str, *details: str) -> None:
    """Check a property, such as "the rows sum to 1". Raises WrongValue with the claim when it does not hold."""
    if not bool(condition):
        raise WrongValue(f"not so: {claim}", *details)


def _check(actual: Any, expected: Any, name: str, differs: Callable, tolerance: str, given: Any | None) -> None:
    if isinstance(expected, Mapping):
        _check_keys(actual, expected, name)
        for key, value in expected.items():
            own = given[key] if isinstance(given, Mapping) and key in given else None
            _check(actual[key], value, f'{name}["{key}"]', differs, tolerance, own)
        return
    target = np.asarray(expected, dtype=np.float64)
    array = _float_array(actual, target, name)
    wrong = differs(array, target)
    if not wrong.any() or _matches(array, given, differs):
        return
    raise WrongValue(*_difference(array, target, wrong, name, tolerance), *likely_mistake(array, target))


def _matches(array: np.ndarray, given: Any | None, differs: Callable) -> bool:
    """Whether the value follows from the student's own earlier functions; constants are too easy to follow from."""
    if given is None:
        return False
    own = np.asarray(given, dtype=np.float64)
    if own.shape != array.shape or not np.isfinite(own).all() or (own.size > 1 and np.ptp(own) == 0):
        return False
    return not differs(array, own).any()


def _check_keys(actual: Any, expected: Mapping, name: str) -> None:
    if not isinstance(actual, Mapping):
        raise WrongType(
            f"{name} must be a dict.", f"yours     {_describe(actual)}", f"expected  keys {', '.join(expected)}"
        )
    missing = [key for key in expected if key not in actual]
    if missing:
        raise WrongType(
            f"{name} has no key {', '.join(map(repr, missing))}.",
            f"yours     keys {', '.join(map(str, actual)) or '(none)'}",
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
        raise WrongShape(f"{name} has the wrong shape.", f"yours     {array.shape}", f"expected  {target.shape}", *hint)
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
    return (
        f"{name} is wrong{_at(index)}{count}.",
        f"yours     {array[index]:.12g}",
        f"expected  {target[index]:.12g} ({tolerance})",
    )


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(index: tuple[int, ...]) -> str:
    return f" at [{', '.join(map(str, index))}]" if index else ""


def _describe(value: Any) -> str:
    shape = getattr(value, "shape", None)
    return f"{type(value).__name__}{f' of shape {tuple(shape)}' if shape is not None else ''}"


_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_HIDDEN_LOOPS = (
    "map",
    "vectorize",
    "apply_along_axis",
    "apply_over_axes",
    "frompyfunc",
    "fromiter",
    "nditer",
    "ndenumerate",
)


def check_no_loops(*functions: Callable) -> None:
    """Check on the syntax tree that functions, and the notebook's functions they call, hold no Python loop (question 1c).

    Comprehensions, `map` and `np.vectorize` are loops too. Raises NotAllowed, naming the function and its line.
    """
    for function, tree in _called_from(functions):
        for node in ast.walk(tree):
            if isinstance(node, _LOOPS) or _calls(node) in _HIDDEN_LOOPS:
                raise NotAllowed(
                    f"`{function.__name__}` has a Python loop in its line {node.lineno}.",
                    f"yours     {ast.unparse(node).splitlines()[0][:70]}",
                    "expected  one array operation for the whole batch",
                )


def check_calls_none_of(function: Callable, forbidden: tuple[str, ...]) -> None:
    """Check on the syntax tree that a function and those it calls use none of the forbidden names or modules.

    Raises NotAllowed, naming what is used and where.
    """
    for called, tree in _called_from((function,)):
        for node in ast.walk(tree):
            names = {getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "module", None)}
            names |= {alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)}
            used = sorted(
                name for name in forbidden if any(n and n.split(".")[0] == name for n in names if isinstance(n, str))
            )
            if used:
                raise NotAllowed(
                    f"`{called.__name__}` uses `{used[0]}` in its line {node.lineno}.",
                    "expected  your own formula, in NumPy",
                )


def _called_from(functions: tuple[Callable, ...]) -> list[tuple[Callable, ast.AST]]:
    """Each function with its syntax tree, and those defined beside it that it calls, directly or not."""
    found: dict[Callable, ast.AST] = {}
    todo = list(functions)
    while todo:
        function = todo.pop(0)
        if function in found:
            continue
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, TypeError, SyntaxError):
            name = getattr(function, "__name__", repr(function))
            raise WrongType(
                f"The source of `{name}` cannot be read.", "expected  a function defined with `def`"
            ) from None
        found[function] = tree
        beside = getattr(function, "__globals__", {})
        called = {_calls(node) for node in ast.walk(tree)}
        todo += [
            value
            for name in sorted(called - {None})
            if isinstance(value := beside.get(name), types.FunctionType) and value.__module__ == function.__module__
        ]
    return list(found.items())


def _calls(node: ast.AST) -> str | None:
    """The name that a node calls: f for f(...) and for np.f(...)."""
    if not isinstance(node, ast.Call):
        return None
    return getattr(node.func, "id", None) or getattr(node.func, "attr", None)
