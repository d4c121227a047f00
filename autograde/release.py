"""What students get, as a folder: a list of what goes in, so that nothing else ever does."""

import importlib.resources
import re
import shutil
from pathlib import Path

from autograde.course import Course, CourseError

#: Everything that `make lab` needs, and nothing that holds an answer or a hidden test.
FILES = (
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "environment.yml", "pyproject.toml", "requirements.txt", "setup.sh",
)  # fmt: skip

_LEFT_OVER = re.compile(r"\.venv|\.git|__pycache__|\.ipynb_checkpoints|.*\.egg-info|build")


def release(course: Course, folder: Path, notebooks: list[str]) -> list[Path]:
    """Copy the students' part of the course into a new folder; returns the files.

    notebooks: the file names to hand out. Raises CourseError when the folder holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty. Name a new folder.")
    helpers = course.root / "helpers"
    if course.for_students.is_dir():  # a course of its own: its texts, and the kit's helpers
        wanted = {path.relative_to(course.for_students): path for path in _texts(course.for_students)}
        helpers = Path(str(importlib.resources.files("helpers")))
    else:
        wanted = {Path(name): course.root / name for name in FILES}
    wanted |= {Path("notebooks", name): course.notebooks / name for name in notebooks}
    wanted |= {Path("helpers", path.name): path for path in helpers.iterdir() if path.suffix in (".py", ".json")}
    known = Path("helpers", course.fingerprints.name)
    wanted.pop(known, None)  # those of the kit's own course
    if course.fingerprints.exists():
        wanted[known] = course.fingerprints
    for name, path in sorted(wanted.items()):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if target.suffix == ".sh":
            target.chmod(0o755)
    return [folder / name for name in sorted(wanted)]


def _texts(folder: Path) -> list[Path]:
    """All files in a folder, but for what a trial of it leaves there."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if not any(map(_LEFT_OVER.fullmatch, path.relative_to(folder).parts))]
