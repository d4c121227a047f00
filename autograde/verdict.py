"""What a test cell ended with, and what ends one from outside."""

from dataclasses import dataclass

#: Names of the errors that a verdict can have besides those of Python and of helpers.verdicts: nbclient's.
TIMEOUT_ERROR, KILLED_ERROR = "CellTimeoutError", "DeadKernelError"


@dataclass(frozen=True)
class Verdict:
    """The error's class and text, both empty when all checks passed; mark: by what wrong numbers are known again, if any.

    hidden: whether it comes from a part of the test that students do not have; None where that was not told.
    """

    error: str = ""
    message: str = ""
    mark: float | None = None
    hidden: bool | None = False


class OutOfTime(BaseException):
    """Student code did not end in time. No test may catch it: not an Exception."""


class Died(BaseException):
    """The student's process ended; the argument says of what. No test may catch it: not an Exception."""
