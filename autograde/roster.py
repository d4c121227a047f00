"""Who should hand in: a CSV file with a column `student`, and perhaps `name`, as spreadsheets and courses write it."""

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from autograde.course import CourseError
from autograde.settings import Settings


@dataclass(frozen=True)
class Roster:
    """Students' names by id, in the file's order; a name may be empty. details: every other column, its name in lower case."""

    names: dict[str, str]
    details: dict[str, dict[str, str]] = field(default_factory=dict)

    def find(self, student: str) -> str | None:
        """The id on the roster that this id from a download means; None when there is none, or more than one.

        It is the same id, in any case of letters, or the number behind the last _, or the name before it.
        """
        head, _, tail = student.rpartition("_")
        for wanted, there in (
            (student, {key: key for key in self.names}),
            (folded(student), _unambiguous((folded(key), key) for key in self.names)),
            (tail if tail.isdecimal() else "", {key: key for key in self.names}),
            (folded(head), _unambiguous((folded(key), key) for key in self.names)),
            (folded(head), _unambiguous((folded(name), key) for key, name in self.names.items())),
            (folded(student), _unambiguous((folded(name), key) for key, name in self.names.items())),
        ):
            if wanted and wanted in there:
                return there[wanted]
        return None


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: values[0] for key, values in found.items() if len(values) == 1}


def folded(text: str) -> str:
    """The text without differences of case and Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def roster_of(settings: Settings) -> Roster | None:
    """The roster that a course's settings name, if they name one. Raises CourseError as `read_roster` does."""
    return read_roster(settings.roster) if settings.roster else None


def read_roster(path: Path) -> Roster:
    """The roster in a CSV file, with commas, semicolons or tabs. Raises CourseError when it has no column `student`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not UTF-8 text. Save it again as 'CSV UTF-8'.") from None
    header = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    try:
        columns = {(name or "").strip().casefold(): name for name in rows.fieldnames or []}
        if "student" not in columns:
            raise CourseError(f"{path} has no column 'student'. Its columns are: {', '.join(rows.fieldnames or [])}.")
        names: dict[str, str] = {}
        details: dict[str, dict[str, str]] = {}
        for row in rows:
            student, name = ((row.get(columns.get(key, "")) or "").strip() for key in ("student", "name"))
            student = unicodedata.normalize("NFC", student)
            if student in names:
                raise CourseError(f"{path} lists {student} twice (line {rows.line_num}). Remove one.")
            if student:
                names[student] = name
                details[student] = {key: (row.get(column) or "").strip() for key, column in columns.items()}
    except csv.Error as error:
        raise CourseError(f"{path}, line {rows.line_num}: {error}. Save it again as CSV.") from None
    return Roster(names, details)
