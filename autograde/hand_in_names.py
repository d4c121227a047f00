"""Whose a file is, which attempt, and whether it is late: read from the names that learning management systems give."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

#: Tried in this order on a file's path in a download, after the patterns of course.toml. Groups: `student`, and if there is
#: one, `number`, make the id; `late` marks the late ones; `attempt` counts; `file` and `ending` are what was handed in.
BUILT_IN = {
    # Jane Doe_1234567_assignsubmission_file_/01_feedforward.ipynb, or with another _ in place of the slash
    "Moodle": r"(?P<student>[^/]+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:[_/]+(?P<file>.+))?",
    # doejane_LATE_12345_678910_01_feedforward-2.ipynb; -2 counts the times that a file of this name was handed in
    "Canvas": r"(?P<student>[^/_]+)_(?:(?P<late>LATE)_)?(?P<number>\d+)_\d+_"
    r"(?P<file>[^/]+?)(?:-(?P<attempt>\d+))?(?P<ending>\.[^./]+)",
    # what `course collect` writes for somebody who handed in several times
    "attempts": r"(?P<student>[^/]+)/attempt-(?P<attempt>\d+)(?:/(?P<file>.+))?",
    # a folder, or a zip archive, for each student
    "folder": r"(?P<student>[^/]+?)(?:/(?P<file>.+)|(?P<archive>\.zip))",
}
#: nbgrader uses a student's id in paths and glob patterns.
_STUDENT = re.compile(r"[^\s./\\*?\[\]](?:[^/\\*?\[\]]*[^\s/\\*?\[\]])?")
_LONGEST_STUDENT = 200  # bytes, so that every file system has room for it
_JOINERS = "\u200c\u200d"  # invisible, and part of how some names are written
_RESERVED = "intake.csv"  # lies beside the students' folders


@dataclass(frozen=True)
class Place:
    """What a path says. late: whether the system marked it; None when its names do not tell."""

    student: str
    file: str
    attempt: int
    late: bool | None


def place(path: str, patterns: Sequence[re.Pattern]) -> Place | None:
    """Whose file this is by the first pattern that matches the whole path; None when none does."""
    for pattern in patterns:
        found = pattern.fullmatch(path)
        if found is None:
            continue
        groups = found.groupdict()
        student = "_".join(part for part in (groups["student"], groups.get("number")) if part)
        file = (groups.get("file") or "") + (groups.get("ending") or "")
        late = bool(groups["late"]) if "late" in groups else None
        attempt = groups.get("attempt") or ""
        return Place(student, file or path.rsplit("/", 1)[-1], int(attempt[:9]) if attempt.isdecimal() else 0, late)
    return None


def can_be_student(student: str) -> bool:
    """Whether nbgrader and file systems can keep a student under this id, and terminals show it."""
    if not all(letter.isprintable() or letter in _JOINERS for letter in student):
        return False
    short = len(student.encode()) <= _LONGEST_STUDENT
    return short and student != _RESERVED and _STUDENT.fullmatch(student) is not None


_COPY_BEFORE = re.compile(r"(?:copy of|kopie von|copie de|copia di|copia de)[ _]+")
_COPY_AFTER = re.compile(r"(?:[ _]*\(\d+\)|-\d+|[ _-]+(?:copy|kopie|copie|copia)(?:[ _-]?\d+)?)$")


def proper_name(name: str) -> str:
    """A file's name without what browsers, systems and Canvas add to a copy: best (1).npz, Copy of best.npz, best-2.npz."""
    name = unicodedata.normalize("NFC", name).casefold().strip()
    stem, dot, ending = name.rpartition(".")
    before = ""
    while stem != before:
        before, stem = stem, _COPY_AFTER.sub("", _COPY_BEFORE.sub("", stem)).strip()
    return f"{stem}{dot}{ending}"
