"""The block around an exercise's checks: what student code prints or warns about in it is kept, and never decides.

A test cell reads

    with exercise("q1a-affine"):
        check_close(affine(X, W, b), expected, "affine(X, W, b)")
"""

import builtins
import io
import os
import traceback
import types
import warnings
import zlib
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from itertools import compress
from typing import Any

import numpy as np
from IPython.display import display

from helpers.cards import Card, somebody_reads
from helpers.hints import Revealing, known_mistakes
from helpers.verdicts import CheckFailed, NotDefined, NotFinite, NotGraded, Raised

#: With this environment variable set, "fresh" inputs are the same for the whole class (used at grading).
SEED_VARIABLE = "COURSE_SEED"

#: How a failure on fresh inputs ends, if nothing more can be said.
NOT_SHOWN = "the numbers are not shown."
#: NumPy's own words on floating-point trouble; they hold no values.
_NUMPY_WARNINGS = ("overflow encountered", "invalid value encountered", "divide by zero encountered")


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
        self._stack.enter_context(np.errstate(all="warn", under="ignore"))
        self._warned = self._stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        self._stack.enter_context(redirect_stdout(self._printed))
        self._stack.enter_context(redirect_stderr(self._printed))
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        self._stack.close()
        self._show_printed()
        if error is None:
            self._tell("passed", f"passed{self._where}")
        elif isinstance(error, NotImplementedError):
            # IPython need not show a stack for what is simply not done yet.
            error._render_traceback_ = lambda: [f"\x1b[0;31m… {self.id}: not done yet ({error}).\x1b[0m"]
        elif isinstance(error, Exception) and not isinstance(error, MemoryError):
            verdict = self._verdict(error, trace)
            if somebody_reads():
                self._tell("wrong", verdict.where.removeprefix(f"{self.id}: "), *verdict.details)
                verdict._render_traceback_ = lambda: [f"\x1b[0;31m✗ {self.id}: {verdict.reason}\x1b[0m"]
            raise verdict from error

    def _tell(self, outcome: str, *lines: str) -> None:
        card = Card(outcome, self.id, lines)
        if somebody_reads():
            display(card)
        else:
            print(card)

    def _verdict(self, error: Exception, trace: types.TracebackType | None) -> CheckFailed:
        """What to tell about an error in the block."""
        frames = _student_frames(error, trace)
        if isinstance(error, CheckFailed) and not (isinstance(error, NotGraded) and frames):
            return type(error)(f"{self.id}: {error.where}", *error.details[:2], *self._hint(error), mark=error.mark)
        if isinstance(error, NameError) and not frames:
            advice = "Does the cell that defines it run without an error? Run it first, then this one."
            if (error.name or "").startswith("_"):
                advice = "A check above defines it: run all cells above this one first, in order."
            return NotDefined(f"{self.id}: `{error.name}` is not defined.", advice)
        frames = [f"in `{frame.name}`, line {frame.lineno}: {frame.line}" for frame in frames]
        said = (str(error).splitlines() or [""])[0][:200]
        return Raised(f"{self.id}: {type(error).__name__}: {said}", *frames[-3:])

    def _hint(self, error: CheckFailed) -> list[str]:
        """The likely mistake: a known one, NumPy's warning when a value is not finite, or what the check found."""
        known = known_mistakes(self.id, error.mark)
        if known:
            return [" Or: ".join(known)]
        warned = [str(w.message) for w in self._warned if str(w.message).startswith(_NUMPY_WARNINGS)]
        if isinstance(error, NotFinite) and warned:
            return [f"NumPy warned: {warned[0]}. Where does your formula meet numbers this large or small?"]
        return list(error.details[2:3])

    def _show_printed(self) -> None:
        lines = self._printed.getvalue().splitlines()
        if lines:
            shown = [f"  {line[:120]}" for line in lines[:8]] + ["  …"] * (len(lines) > 8)
            print("Your code printed:", *shown, sep="\n")


def fresh_generator(exercise_id: str) -> np.random.Generator:
    """What draws an exercise's fresh inputs: at grading the same for the whole class, else another each time."""
    secret = os.environ.get(SEED_VARIABLE)
    return np.random.default_rng([int(secret), zlib.crc32(exercise_id.encode())] if secret else None)


class fresh_inputs(exercise):
    """`with fresh_inputs("q1a-affine") as rng: ...` checks on inputs that nobody has seen; it tells the verdict, not the values."""

    _where = " on fresh inputs"

    def __enter__(self) -> np.random.Generator:
        super().__enter__()
        return fresh_generator(self.id)

    def __exit__(self, kind: type | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        # These pass through by their kind; what the student's code says in them may be the inputs.
        for known in (NotImplementedError, MemoryError):
            if isinstance(error, known):
                error = known(self.id)
                super().__exit__(known, error, trace)
                raise error from None
        super().__exit__(kind, error, trace)

    def _verdict(self, error: Exception, trace: types.TracebackType | None) -> CheckFailed:
        seen = f"on fresh random inputs; {NOT_SHOWN}"
        frames = _student_frames(error, trace)
        if isinstance(error, CheckFailed) and not frames:  # a check's own, not one that the student's code raised
            hint = [text for text in self._hint(error) if not isinstance(text, Revealing)]
            return type(error)(f"{self.id}: {error.reason} {seen}", *hint, mark=error.mark)
        name = type(error).__name__
        told = name if getattr(builtins, name, None) is type(error) else "an exception"
        return Raised(
            f"{self.id}: {told} raised {seen}", *(f"in `{frame.name}`, line {frame.lineno}" for frame in frames[-1:])
        )

    def _show_printed(self) -> None:
        """Nothing: what the code prints here may hold the inputs."""


def _student_frames(error: Exception, trace: types.TracebackType | None) -> list[traceback.FrameSummary]:
    """The frames of the student's functions, outermost first: those of the notebook's other cells, none of a library's.

    An error that comes from another process brings them along.
    """
    if trace is None or hasattr(error, "student_frames"):
        return getattr(error, "student_frames", [])
    test = trace.tb_frame
    own = [
        frame.f_globals is test.f_globals and frame.f_code.co_filename != test.f_code.co_filename
        for frame, _ in traceback.walk_tb(trace)
    ]
    return list(compress(traceback.extract_tb(trace), own))
