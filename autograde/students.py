"""Which files students get: a list of what goes in, so that nothing else ever does."""

import importlib.resources
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograde.course import Course

#: Everything that `make lab` needs beside notebooks, helpers and a README, and nothing that holds an answer or a hidden test.
FILES = ("CHANGELOG.md", "LICENSE", "Makefile", "environment.yml", "pyproject.toml", "requirements.txt", "setup.sh")
#: What trying the installation leaves in students/.
_LEFT_OVER = re.compile(r"\.venv|\.git|__pycache__|\.ipynb_checkpoints|.*\.egg-info|build")


def for_students(course: Course, notebooks: Iterable[str]) -> dict[str, Path]:
    """The students' files: where each goes, and where it lies now. notebooks: the file names to hand out."""
    texts = (
        _texts(course.for_students) if course.for_students.is_dir() else ((name, course.root / name) for name in FILES)
    )
    found = dict(texts) | helpers_of(course)
    return dict(sorted((found | {f"notebooks/{name}": course.notebooks / name for name in notebooks}).items()))


def helpers_of(course: Course) -> dict[str, Path]:
    """The package that students' notebooks import: the course's, or the kit's with the course's own fingerprints."""
    carried = course.root / "helpers"
    package = carried if carried.is_dir() else Path(str(importlib.resources.files("helpers")))
    found = {f"helpers/{path.name}": path for path in package.iterdir() if path.suffix in (".py", ".json")}
    known = f"helpers/{course.fingerprints.name}"
    found.pop(known, None)  # those of the kit's own course
    return found | ({known: course.fingerprints} if course.fingerprints.exists() else {})


def _texts(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_file() and not any(map(_LEFT_OVER.fullmatch, name.parts)):
            yield name.as_posix(), path
