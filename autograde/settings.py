"""What an instructor may set for a course, in course.toml at its root; a course without that file has the defaults.

[course]
name = "statistics-1"       # in the gradebook's folders, and what nbgrader calls the assignment; keep it once work was graded

[intake]
roster = "roster.csv"       # who should hand in: a CSV file with a column `student`
attempts = "latest"         # or "best": which of several attempts counts
patterns = ['(?P<student>[a-z]+\\d+)-(?P<file>.+)']   # how a download names files; tried before the built-in ones

[late]
due = 2026-11-30T23:59:00+01:00           # or one for each notebook: { 01_feedforward = 2026-10-20T23:59:00+02:00 }
plugin = "autograde.late.DailyPenalty"    # any of nbgrader's LateSubmissionPlugin
options = { percent_per_day = 10 }        # what the plugin lets one set

[grading]
consistent = 0.5            # the share of the points for a backward pass that is right for the student's own wrong loss; else 0

[handout]                   # what `course handout` prints on the first page
course = "Machine learning 2, winter 2026"
title = "The mathematics of back-propagation"
version = "2026-11-30"
language = "en"             # for hyphenation and screen readers
paper = "a4"                # or "us-letter"
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograde.course import ASSIGNMENT, COURSE_NAME, LONGEST_NAME, CourseError
from autograde.due import Due
from autograde.hand_in_names import BUILT_IN

FILE = "course.toml"
LATEST, BEST = "latest", "best"
#: nbgrader's own, which only notes how late somebody was.
_NO_PENALTY = "nbgrader.plugins.LateSubmissionPlugin"
#: What is_course_name asks for, in words.
GOOD_NAME = (
    f"small letters and digits with single hyphens between, such as statistics-1, at most {LONGEST_NAME} of them"
)
PAPERS = ("a4", "us-letter")
_KNOWN = {
    "course": ("name",),
    "intake": ("roster", "attempts", "patterns"),
    "late": ("due", "plugin", "options"),
    "grading": ("consistent",),
    "handout": ("course", "title", "version", "language", "paper"),
}


@dataclass(frozen=True)
class LatePolicy:
    """When work is due, and nbgrader's plugin, by import path, that says what being late costs."""

    due: Due
    plugin: str = _NO_PENALTY
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HandoutTexts:
    """What the handout says on its first page and in the head of every page; its language (BCP 47) and paper."""

    course: str = "A neural network from scratch"
    title: str = "The mathematics of back-propagation"
    version: str = ""
    language: str = "en"
    paper: str = "a4"


@dataclass(frozen=True)
class Settings:
    """A course's settings. patterns: the course's own, then the built-in ones; consistent: a share of points, 0 to 1."""

    patterns: tuple[re.Pattern, ...] = tuple(re.compile(text, re.DOTALL) for text in BUILT_IN.values())
    roster: Path | None = None
    attempts: str = LATEST
    late: LatePolicy | None = None
    consistent: float = 0.0
    handout: HandoutTexts = HandoutTexts()
    name: str = ASSIGNMENT

    @property
    def due(self) -> Due:
        """When work is due."""
        return self.late.due if self.late else Due()


def read_settings(root: Path) -> Settings:
    """The settings in course.toml of a course's root folder. Raises CourseError, naming the key that is wrong."""
    path = root / FILE
    if not path.exists():
        return Settings()
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{FILE} is no TOML file: {error}. Mend it.") from None
    _refuse_unknown("", told, tuple(_KNOWN))
    for table, keys in _KNOWN.items():
        _refuse_unknown(f"{table}.", _typed(told, table, dict, "a table", {}), keys)
    intake = told.get("intake", {})
    attempts = _typed(intake, "attempts", str, "a text", LATEST)
    if attempts not in (LATEST, BEST):
        raise CourseError(f'{FILE}: attempts = "{attempts}" is unknown. It can be "{LATEST}" or "{BEST}".')
    roster = _typed(intake, "roster", str, "the name of a file", "")
    consistent = _typed(told.get("grading", {}), "consistent", int | float, "a number", 0.0)
    if not 0 <= consistent <= 1:
        raise CourseError(f"{FILE}: consistent = {consistent} should be a share of the points, from 0 to 1.")
    patterns = [_pattern(text) for text in _typed(intake, "patterns", list, "a list of texts", [])]
    return Settings(
        (*patterns, *Settings.patterns),
        root / roster if roster else None,
        attempts,
        _late(told.get("late")),
        float(consistent),
        _handout(told.get("handout", {})),
        _name(told.get("course", {})),
    )


def is_course_name(text: str) -> bool:
    """Whether a course may be called that."""
    return len(text) <= LONGEST_NAME and COURSE_NAME.fullmatch(text) is not None


def _name(table: dict) -> str:
    name = _typed(table, "name", str, "a text", ASSIGNMENT)
    if not is_course_name(name):
        raise CourseError(f'{FILE}: name = "{name}" should be {GOOD_NAME}.')
    return name


def _handout(table: dict) -> HandoutTexts:
    texts = HandoutTexts(**{key: _typed(table, key, str, "a text", "") for key in table})
    if texts.paper not in PAPERS:
        raise CourseError(f'{FILE}: paper = "{texts.paper}" is unknown. It can be {" or ".join(PAPERS)}.')
    return texts


def _late(table: dict | None) -> LatePolicy | None:
    if table is None:
        return None
    due = table.get("due")
    dates = due if isinstance(due, dict) else {"": due}
    if not dates or not all(isinstance(date, datetime) for date in dates.values()):
        raise CourseError(
            f"{FILE}: [late] needs a date and time, such as due = 2026-11-30T23:59:00+01:00, or one for each notebook, such as "
            "due = { 01_feedforward = 2026-11-30T23:59:00+01:00 }."
        )
    # Without an offset it is the time of this machine.
    dates = {name: date.astimezone() if date.tzinfo is None else date for name, date in dates.items()}
    plugin = _typed(table, "plugin", str, "the import path of a class", _NO_PENALTY)
    options = _typed(table, "options", dict, "a table", {})
    return LatePolicy(Due(each=dates) if isinstance(due, dict) else Due(dates[""]), plugin, options)


def _refuse_unknown(prefix: str, table: dict, known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise CourseError(f"{FILE}: {prefix}{key} is unknown. There are: {', '.join(prefix + k for k in known)}.")


def _typed(table: dict, key: str, kind: type, shown: str, default: Any) -> Any:
    value = table.get(key, default)
    if not isinstance(value, kind):
        raise CourseError(f"{FILE}: {key} should be {shown}, not {value!r}.")
    return value


def _pattern(text: Any) -> re.Pattern:
    """A compiled pattern. Raises CourseError when it is none, or names no student."""
    if not isinstance(text, str):
        raise CourseError(f"{FILE}: patterns should be texts, not {text!r}.")
    try:
        pattern = re.compile(text, re.DOTALL)  # names of files may hold line ends
    except re.error as error:
        raise CourseError(f"{FILE}: the pattern {text!r} is no regular expression: {error}.") from None
    unknown = set(pattern.groupindex) - {"student", "number", "late", "attempt", "file", "ending"}
    if "student" not in pattern.groupindex or unknown:
        problem = f"has the unknown group {min(unknown)}" if unknown else "has no group (?P<student>...)"
        raise CourseError(
            f"{FILE}: the pattern {text!r} {problem}. Groups: student, number, late, attempt, file, ending."
        )
    return pattern
