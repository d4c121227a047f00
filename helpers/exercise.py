"""The block around an exercise's checks: what student code prints or warns about in it is kept, and never decides.

A test cell reads

    with exercise("q1a-affine"):
        check_close(affine(X, W, b), expected, "affine(X, W, b)")
"""

import io
import os
import types
import warnings
import zlib
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from typing import Any

import numpy as np

from helpers.verdicts import CheckFailed, NotDefined, NotFinite, Raised

#: With this environment variable set, "fresh" inputs are the same for the whole class (used at grading).
SEED_VARIABLE = "COURSE_SEED"


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
