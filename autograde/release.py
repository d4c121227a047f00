"""What students get, as a folder: a list of what goes in, so that nothing else ever does."""

import shutil
from pathlib import Path

from autograde.course import Course, CourseError

#: Everything that `make lab` needs, and nothing that holds an answer or a hidden test.
FILES = (
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "environment.yml", "pyproject.toml", "requirements.txt", "setup.sh",
)  # fmt: skip


def release(course: Course, folder: Path, notebooks: list[str]) -> list[Path]:
    """Copy the students' part of the course into a new folder; returns the files.

    notebooks: the file names to hand out. Raises CourseError when the folder holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty. Name a new folder.")
    wanted = [course.root / name for name in FILES] + [course.notebooks / name for name in notebooks]
    wanted += helpers_of(course)
    for path in wanted:
        target = folder / path.relative_to(course.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (folder / "setup.sh").chmod(0o755)
    return [folder / path.relative_to(course.root) for path in wanted]


def helpers_of(course: Course) -> list[Path]:
    """The files of the package that students' notebooks import."""
    return sorted(path for path in (course.root / "helpers").iterdir() if path.suffix in (".py", ".json"))
