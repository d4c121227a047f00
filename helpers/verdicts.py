"""What a failing check raises: one class for each reason that a mark can have."""


class CheckFailed(AssertionError):
    """A verdict of at most four lines: what is wrong and where, yours, expected, the likely mistake.

    mark: what `hints.fingerprint` makes of the wrong numbers, if there are any.
    """

    reason = "wrong value"

    def __init__(self, where: str, *details: str, mark: float | None = None) -> None:
        super().__init__(where, *details)
        self.where, self.details, self.mark = where, details, mark

    def __str__(self) -> str:
        return "\n".join((self.where, *self.details))

    def _render_traceback_(self) -> list[str]:  # IPython shows this instead of a stack of our own frames
        return [f"\x1b[0;31m✗ {self.where}\x1b[0m", *self.details]


class WrongValue(CheckFailed):
    """A number differs."""


class Consistent(CheckFailed):
    """Numbers differ, but are right for what the student's own earlier functions compute."""

    reason = "right for your own earlier answers"


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


class NotGraded(CheckFailed):
    """The grader lacks something that the check needs: no fault of the student's, and never a zero."""

    reason = "not graded yet"
