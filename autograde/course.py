"""Where a course keeps its files."""

import re
from dataclasses import dataclass
from pathlib import Path

#: The name under which this kit is installed.
KIT = "network-from-scratch"
#: nbgrader's name for the one assignment that holds all notebooks, side by side so that later ones can carry from earlier ones:
#: what a course has that names none in course.toml.
ASSIGNMENT = KIT

#: What a course may be called: it is the name of folders, of nbgrader's assignment, and of a package.
COURSE_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 40
_SOURCES = "source/[0-9][0-9]_*.py"


class CourseError(Exception):
    """Something the user can put right; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Course:
    """A course's folders; nothing is created by naming them."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> "Course":
        """The course that start lies in. Raises CourseError when no folder above it has numbered sources."""
        for folder in (start.resolve(), *start.resolve().parents):
            if any(folder.glob(_SOURCES)):
                return cls(folder)
        raise CourseError(
            f"{start} is not in a course: no folder above it has source/NN_name.py. Change to the course's folder, "
            "or begin a course: course new NAME"
        )

    @property
    def sources(self) -> list[Path]:
        """The text sources of the notebooks, in order."""
        return sorted(self.root.glob(_SOURCES))

    @property
    def notebooks(self) -> Path:
        """What students get."""
        return self.root / "notebooks"

    @property
    def solutions(self) -> Path:
        """What instructors read."""
        return self.root / "solutions"

    @property
    def planted(self) -> Path:
        """Submissions with known mistakes, and right ones that look different."""
        return self.root / "tests" / "submissions"

    @property
    def mistakes(self) -> Path:
        """Classic mistakes, many in a file, and right variants."""
        return self.root / "tests" / "mistakes"

    @property
    def fingerprints(self) -> Path:
        """What planted mistakes make of the visible tests' numbers: goes to students with the checks."""
        carried = self.root / "helpers"  # the kit's own course has the kit in it
        return (carried if carried.is_dir() else self.root / "source") / "fingerprints.json"

    @property
    def for_students(self) -> Path:
        """What students get beside notebooks and helpers, if they do not get the course's own root files."""
        return self.root / "students"

    @property
    def gradebook(self) -> Path:
        """nbgrader's course folder: working state, not content."""
        return self.root / "gradebook"

    def shown(self, path: Path) -> str:
        """The path as a person in the course's folder would type it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)
