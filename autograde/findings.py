"""What intake found: every refusal, repair, renamed file, late hand-in and missing student, as a row of a report."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from helpers.whole import write_whole

#: What a finding is about. Only a refusal means that something was not taken.
REFUSED, REPAIRED, RENAMED, SET_ASIDE, IGNORED = "refused", "repaired", "renamed", "set aside", "ignored"
LATE, MISSING, UNKNOWN, LOWERED, DIFFERS, CHANGED = "late", "missing", "unknown", "lowered", "differs", "changed"
#: What was graded before and is not in what was handed in now: it stands.
STANDS = "stands"
#: The student worked with another release than there is now.
RELEASE = "release"
#: What a refused file may have been, when its name does not say it.
ANY_NOTEBOOK = "*"


@dataclass(frozen=True)
class Finding:
    """One row: whose, which file (empty for the whole hand-in), what was found, and what to do about it.

    hides: the notebook that this refusal may have kept from being graded, ANY_NOTEBOOK, or nothing.
    """

    student: str
    file: str
    what: str
    todo: str = ""
    kind: str = REFUSED
    hides: str = ANY_NOTEBOOK

    @property
    def problem(self) -> str:
        """What was found and what to do, in one text."""
        return f"{self.what} {self.todo}".rstrip()

    def __str__(self) -> str:
        return printable(f"{self.student}{'/' if self.student and self.file else ''}{self.file}: {self.problem}")


def printable(text: str) -> str:
    """Text that cannot move the cursor of the terminal it is read on: the names of files are the students'."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def printable_lines(text: str) -> str:
    """As `printable`, for a text of several lines."""
    return "\n".join(map(printable, text.split("\n")))


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def write_findings(path: Path, findings: Iterable[Finding]) -> None:
    """Write the report as CSV, one row for each finding: student, file, kind, what, what to do."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(["student", "file", "kind", "what", "what to do"])
    for found in findings:
        row = (found.student, found.file, found.kind, found.what, found.todo)
        writer.writerow([plain(printable(text)) for text in row])
    write_whole(path, file.getvalue())
