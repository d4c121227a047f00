"""What was handed in: one folder per student, any number of the course's notebooks in it."""

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from autograde.cells import grade_id
from autograde.course import CourseError

LARGEST_NOTEBOOK = 20_000_000  # bytes; nbgrader's own limit on a cell's output is far below this
_STUDENT = re.compile(r"[\w@][\w@.\- ]{0,99}")


@dataclass(frozen=True)
class Refusal:
    """Something that could not be taken: whose, which file (empty for the whole submission), why, what to do."""

    student: str
    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.student}{'/' if self.file else ''}{self.file}: {self.problem}"


@dataclass(frozen=True)
class Submission:
    """One student's readable notebooks, by notebook name."""

    student: str
    notebooks: dict[str, Path] = field(default_factory=dict)


def read_submissions(folder: Path, known: dict[str, set[str]]) -> tuple[list[Submission], list[Refusal]]:
    """The submissions in a folder, by student, and what was refused; one refusal never stops another student's work.

    known: each of the course's notebooks, with the ids of its cells.
    Raises CourseError when the folder holds no student's folder at all.
    """
    submissions, refusals = [], []
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    for entry in entries:
        if entry.is_symlink() or not entry.is_dir():
            problem = "is a link" if entry.is_symlink() else "is not in a student's folder"
            refusals.append(
                Refusal(
                    entry.name, "", f"{problem}. Put each student's notebooks into a folder named after the student."
                )
            )
        elif not _STUDENT.fullmatch(entry.name):
            refusals.append(
                Refusal(
                    repr(entry.name), "", "this name cannot be a student's id. Use letters, digits, and . _ - @ in it."
                )
            )
        else:
            submission, problems = _read_student(entry, known)
            refusals += problems
            if submission.notebooks:
                submissions.append(submission)
            elif not problems:
                refusals.append(Refusal(entry.name, "", "there is no notebook in this folder."))
    if not any(entry.is_dir() for entry in entries):
        raise CourseError(
            f"{folder} holds no student's folder. It should hold one folder for each student, with notebooks in it."
        )
    return submissions, refusals


def _read_student(folder: Path, known: dict[str, set[str]]) -> tuple[Submission, list[Refusal]]:
    submission, refusals = Submission(folder.name), []
    for path in sorted(folder.glob("*.ipynb")):
        problem = _problem(path, known)
        if problem:
            refusals.append(Refusal(folder.name, path.name, problem))
        else:
            submission.notebooks[path.stem] = path
    return submission, refusals


def _problem(path: Path, known: dict[str, set[str]]) -> str:
    """Why this file cannot be graded, or nothing."""
    if path.stem not in known:
        return f"is none of the course's notebooks ({', '.join(known)}). Rename it if it is one of them."
    if path.is_symlink() or not path.is_file():
        return "is not a regular file. Ask for the notebook itself."
    if path.stat().st_size > LARGEST_NOTEBOOK:
        return f"is larger than {LARGEST_NOTEBOOK // 1_000_000} MB. Ask for it with its outputs cleared."
    try:
        notebook = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
        nbformat.validate(notebook)
        ids = {grade_id(cell) for cell in notebook.cells}
    except json.JSONDecodeError as error:
        return f"is not readable: broken JSON at line {error.lineno}. Ask for the file again."
    except UnicodeDecodeError:
        return "is not readable: it is not UTF-8 text. Ask for the file again."
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        return f"is not a Jupyter notebook ({type(error).__name__}). Ask for the file again."
    if not known[path.stem] & ids:
        return "has none of this notebook's cells. Ask for the notebook that was handed out, filled in."
    return ""


def copy_submission(submission: Submission, folder: Path) -> None:
    """Copy a submission's notebooks, and nothing else, into a folder that is emptied first."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name, path in submission.notebooks.items():
        shutil.copyfile(path, folder / f"{name}.ipynb", follow_symlinks=False)
