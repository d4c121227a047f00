"""What students get, as a folder: a list of what goes in, so that nothing else ever does."""

import importlib.resources
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
    wanted = {Path("notebooks", name): course.notebooks / name for name in notebooks}
    if course.for_students.is_dir():  # a course of its own: its texts, with the kit's helpers and its own fingerprints
        texts = (path for path in course.for_students.rglob("*") if path.is_file())
        wanted |= {path.relative_to(course.for_students): path for path in texts}
        helpers = Path(str(importlib.resources.files("helpers")))
    else:
        wanted |= {Path(name): course.root / name for name in FILES}
        helpers = course.root / "helpers"
    wanted |= {Path("helpers", path.name): path for path in helpers.iterdir() if path.suffix in (".py", ".json")}
    wanted[Path("helpers", course.fingerprints.name)] = course.fingerprints  # never the kit's own
    for name, path in sorted(wanted.items()):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if target.suffix == ".sh":
            target.chmod(0o755)
    return [folder / name for name in sorted(wanted)]
