"""What students get, as a folder."""

import shutil
from pathlib import Path

from autograde.course import Course, CourseError
from autograde.students import for_students


def release(course: Course, folder: Path, notebooks: list[str]) -> list[Path]:
    """Copy the students' part of the course into a new folder; returns the files.

    notebooks: the file names to hand out. Raises CourseError when the folder holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty. Name a new folder.")
    copied = []
    for name, path in for_students(course, notebooks).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if target.suffix == ".sh":
            target.chmod(0o755)
        copied.append(target)
    return copied
