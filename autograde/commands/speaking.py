"""How commands speak, and how they fail."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import click
from rich.console import Console

from autograde.course import CourseError
from autograde.trouble import database_errors, told

console = Console(highlight=False)
if not console.is_terminal:
    console.width = 120  # a pipe or a log has no width of its own
#: That one student's hand-in may fill a terminal with.
_MOST_LINES = 12


def fail(message: str) -> None:
    """Say on standard error, in one line, what is wrong."""
    click.echo(f"course: {message}", err=True)


def clear_errors(command: Callable) -> Callable:
    """Expected failures as one line on standard error and exit code 1."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except (CourseError, OSError, *database_errors()) as error:
            fail(told(error))
            sys.exit(1)
        except KeyboardInterrupt:
            fail("interrupted. Nothing is lost: the same command continues where it was.")
            sys.exit(130)

    return run


def tell(findings: Iterable[Any]) -> None:
    """The findings that somebody should read, a bounded number for each student; what is said of many, once. All are reported."""
    from autograde.findings import IGNORED, RELEASE, STANDS, printable

    findings = list(findings)
    same = Counter(finding.problem for finding in findings if finding.kind in (STANDS, RELEASE))
    for problem, number in same.items():
        fail(f"{number} student{'s' if number > 1 else ''}: {printable(problem)}")
    counted: Counter[str] = Counter()
    for finding in findings:
        if finding.kind in (IGNORED, STANDS, RELEASE):
            continue
        counted[finding.student] += 1
        if counted[finding.student] <= _MOST_LINES:
            fail(str(finding))
    for student, number in counted.items():
        if number > _MOST_LINES:
            fail(f"{student or 'of nobody'}: and {number - _MOST_LINES} more, which are in intake.csv.")
