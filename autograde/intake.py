"""What was handed in: one folder per student, any number of the course's notebooks in it."""

import json
import re
import shutil
import unicodedata
import warnings
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.warnings import MissingIDFieldWarning

from autograde.cells import grade_id
from autograde.course import CourseError
from helpers.weights import LARGEST_FILE

LARGEST_NOTEBOOK = 20_000_000  # bytes
#: nbgrader uses a student's name in paths and glob patterns.
_STUDENT = re.compile(r"[^./\\*?\[\]\x00-\x1f][^/\\*?\[\]\x00-\x1f]{0,99}")


@dataclass(frozen=True)
class Refusal:
    """Something that could not be taken: whose, which file (empty for the whole submission), why, what to do."""

    student: str
    file: str
    problem: str

    def __str__(self) -> str:
        text = f"{self.student}{'/' if self.file else ''}{self.file}: {self.problem}"
        # A file's name is the student's: it must not move the cursor of the grader's terminal.
        return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


@dataclass(frozen=True)
class Submission:
    """One student's readable notebooks, by notebook name, trained weights beside them, and what was refused of the rest."""

    student: str
    notebooks: dict[str, Path] = field(default_factory=dict)
    weights: list[Path] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def read_submissions(
    folder: Path, known: dict[str, set[str]], weights: Collection[str] = ()
) -> tuple[list[Submission], list[Refusal]]:
    """The submissions in a folder, by student, and what is no submission; one refusal never stops another student's work.

    known: each of the course's notebooks, with the ids of its cells. weights: names of files handed in beside them.
    Raises CourseError when the folder holds no student's folder at all.
    """
    submissions, refusals = [], []
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    for entry in entries:
        student = unicodedata.normalize("NFC", entry.name)
        if entry.is_symlink() or not entry.is_dir():
            problem = "is a link" if entry.is_symlink() else "is not in a student's folder"
            refusals.append(
                Refusal(student, "", f"{problem}. Put each student's notebooks into a folder named after the student.")
            )
        elif not _STUDENT.fullmatch(student):
            refusals.append(
                Refusal(
                    repr(student),
                    "",
                    "no student's id can be this. Rename the folder without / \\ * ? [ ].",
                )
            )
        elif student in (submission.student for submission in submissions):
            refusals.append(Refusal(student, "", "two folders have this name, in different Unicode forms. Rename one."))
        else:
            submissions.append(_read_student(entry, student, known, weights))
    if not any(entry.is_dir() for entry in entries):
        raise CourseError(
            f"{folder} holds no student's folder. It should hold one folder for each student, with notebooks in it."
        )
    return submissions, refusals


def _read_student(folder: Path, student: str, known: dict[str, set[str]], weights: Collection[str]) -> Submission:
    submission = Submission(student)
    for path in sorted(folder.glob("*.ipynb")):
        problem = _problem(path, known)
        if problem:
            submission.refusals.append(Refusal(student, path.name, problem))
        else:
            submission.notebooks[path.stem] = path
    for path in (folder / name for name in sorted(weights)):
        if path.is_file() and not path.is_symlink():
            submission.weights.append(path)
        elif path.is_symlink() or path.exists():
            submission.refusals.append(Refusal(student, path.name, "is not a regular file. Ask for the file itself."))
    if not submission.notebooks and not submission.refusals:
        submission.refusals.append(Refusal(student, "", "there is no notebook in this folder."))
    return submission


def _problem(path: Path, known: dict[str, set[str]]) -> str:
    """Why this file cannot be graded, or nothing."""
    if path.stem not in known:
        return f"is none of the course's notebooks ({', '.join(known)}). Rename it if it is one of them."
    if path.is_symlink() or not path.is_file():
        return "is not a regular file. Ask for the notebook itself."
    if path.stat().st_size > LARGEST_NOTEBOOK:
        return f"is larger than {LARGEST_NOTEBOOK // 1_000_000} MB. Ask for it with its outputs cleared."
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and content.get("nbformat", 4) != 4:
            return "is in an old notebook format. Open it in JupyterLab, save it, and hand that in."
        notebook = nbformat.from_dict(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=MissingIDFieldWarning)  # older editors write none
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
    """Copy a submission's notebooks and weights, and nothing else, into a folder that is emptied first."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name, path in submission.notebooks.items():
        shutil.copyfile(path, folder / f"{name}.ipynb", follow_symlinks=False)
    for path in submission.weights:
        with path.open("rb") as file:
            # One byte too many is enough for the check to see that the file is too large, and to say so.
            (folder / path.name).write_bytes(file.read(LARGEST_FILE + 1))
