"""A sheet for marking: one file, in which each question's answers stand one after the other, without names."""

import base64
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup
from nbformat import NotebookNode

from autograde.cells import exercise_id, grade_id, is_written
from autograde.course import Course
from autograde.gradebook import CourseFolder
from autograde.hand_marks import SCHEMA, Answer, answers, sealed
from autograde.handout.percent import read_cells
from autograde.markdown import as_html
from autograde.pages import environment

#: Characters of an answer that the sheet shows; the gradebook has the rest.
_MOST = 50_000
_EXERCISE = re.compile(r"^::: *\{\.exercise #([\w-]+)\}", re.MULTILINE)
_NOTES = re.compile(r"^::: *\{\.marking\}\n(.*?)^:::", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class _Row:
    """One answer as the sheet shows it."""

    name: str
    answer: Answer
    text: Markup
    left: int  # characters that are not shown


@dataclass(frozen=True)
class _Question:
    """One question with its answers. comments: what was said of other answers to it."""

    id: str
    notebook: str
    maximum: float
    asked: Markup
    model: Markup
    notes: Markup
    comments: tuple[str, ...]
    rows: tuple[_Row, ...]


def sheet(course: Course, folder: CourseFolder) -> str:
    """The sheet, a page that needs nothing else. Raises CourseError when nothing was graded."""
    known, seed = answers(folder), folder.seed
    names = _names(seed, {answer.student for answer in known})
    questions = list(_questions(known, names, seed, folder.published(), marking_notes(course)))
    state = [[answer.version, answer.given.points, answer.given.comment] for answer in known]
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment().get_template("marking.html").render(
        questions=questions, count=len(known), sheet=sealed(seed, "sheet", state), schema=SCHEMA,
        script=Markup(script), digest=digest,
    )  # fmt: skip


def marking_notes(course: Course) -> dict[str, str]:
    """The handout's notes on marking, in Markdown, by exercise."""
    found, exercise = {}, ""
    for path in sorted((course.root / "source" / "handout").glob("[0-9]*_*.py")):
        for cell in read_cells(path, course.root):
            for match in _EXERCISE.finditer(cell.text):
                exercise = match[1]
            for match in _NOTES.finditer(cell.text):
                if exercise:
                    found[exercise] = match[1].strip()
    return found


def _names(seed: int, students: Iterable[str]) -> dict[str, str]:
    """A number for each student, the same in all questions and in later sheets for the same class."""
    drawn = sorted(students, key=lambda student: sealed(seed, "name", student))
    return {student: f"Student {number}" for number, student in enumerate(drawn, 1)}


def _questions(
    known: list[Answer],
    names: Mapping[str, str],
    seed: int,
    published: Mapping[str, NotebookNode],
    notes: Mapping[str, str],
) -> Iterator[_Question]:
    for notebook, full in published.items():
        given = {grade_id(cell): cell for cell in full.cells}
        for cell in filter(is_written, full.cells):
            name = exercise_id(cell)
            group = [answer for answer in known if answer.question == name]
            group.sort(key=lambda answer: sealed(seed, "order", answer.question, answer.student))
            if group:
                question = given.get(f"{name}-question")
                asked = re.sub(r"\A#+ .*", "", question.source if question else "").strip()
                said = dict.fromkeys(answer.given.comment for answer in group if answer.given.comment)
                rows = tuple(_row(answer, names[answer.student]) for answer in group)
                yield _Question(
                    name, notebook, group[0].maximum, Markup(as_html(asked)), Markup(as_html(cell.source)),
                    Markup(as_html(notes.get(name, ""))), tuple(said), rows,
                )  # fmt: skip


def _row(answer: Answer, name: str) -> _Row:
    text = answer.cell.source
    shown = Markup(as_html(text[:_MOST], answer.cell.get("attachments")))
    return _Row(name, answer, shown, max(len(text) - _MOST, 0))


@functools.cache
def _script() -> str:
    return (files("autograde") / "templates" / "marking.js").read_text(encoding="utf-8")
