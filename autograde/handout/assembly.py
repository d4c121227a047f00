r"""The handout's text: its own sources in source/handout/, and what they take from the notebooks, for one kind of reader.

A paragraph of its own in the text of a handout source takes something in:

    {{ equation 1.2 }}                             the displayed equation with this number, from the notebook that has it
    {{ text 02_backprop: The softmax Jacobian }}   what stands below that heading, down to the next one
    {{ steps q2a-derivation }}                     the numbered list of the question of a written exercise
    {{ answer q2a-derivation }}                    its answer, for instructors only
    {{ room 6 }}                                   room to write, in cm, for students only
    {{ figure network }}                           a figure, see `figures`

`::: {.exercise #q2a-derivation}` gets the points of that exercise. A cell with tags=["instructor"] or tags=["student"] is
for one of them only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from autograde.course import Course, CourseError
from autograde.handout.displays import Display, displays
from autograde.handout.percent import Cell, read_cells

_TAKEN = re.compile(r"^\{\{\s*(\w+)\s+(.+?)\s*\}\}$", re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.*?)\s*$", re.MULTILINE)
_LIST = re.compile(r"^1\. .*?(?=^\S(?<!\d)|\Z)", re.MULTILINE | re.DOTALL)
_EXERCISE = re.compile(r"\{\.exercise #([\w-]+)\}")
_SHOWN = re.compile(r"\$\$.*?\$\$", re.DOTALL)


class Reader(Enum):
    """Who the handout is for."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True)
class Piece:
    """Some Markdown, and the cell that it is from, for messages."""

    text: str
    where: str


@dataclass(frozen=True)
class Section:
    """What one cell of a handout source says: pieces of text, or, for a code cell, the code that checks the cell above."""

    pieces: tuple[Piece, ...]
    code: str
    cell: Cell


class Notebooks:
    """The notebooks' text, found by number, heading or exercise. Messages of CourseError name the cell that asked."""

    def __init__(self, course: Course) -> None:
        self.cells = {path.stem: read_cells(path, course.root) for path in course.sources}

    def equation(self, number: str) -> Piece:
        """The display that holds this number."""
        for cell in self._markdown():
            for match in _SHOWN.finditer(cell.text):
                if number in [found for display in displays(match[0]) for found in display.numbers]:
                    return Piece(match[0], cell.where)
        raise CourseError(f"no notebook has an equation ({number})")

    def under(self, place: str) -> list[Piece]:
        """The text below a heading, given as notebook: heading."""
        notebook, _, title = (part.strip() for part in place.partition(":"))
        found, inside = [], False
        for cell in self.cells.get(notebook, []):
            if cell.kind != "markdown":
                continue
            start = 0
            for match in [*_HEADING.finditer(cell.text), None]:
                text = cell.text[start : match.start() if match else len(cell.text)].strip()
                if inside and text:
                    found.append(Piece(text, cell.where))
                if match:
                    if inside:
                        return found
                    inside, start = match[1] == title, match.end()
        if not found:
            raise CourseError(f"no notebook {notebook} with the heading {title!r} and text below it")
        return found

    def exercise(self, name: str) -> Cell:
        """The cell of a written answer."""
        return self._named(name)

    def steps(self, name: str) -> Piece:
        """The numbered list of a written exercise's question."""
        cell = self._named(f"{name}-question")
        match = _LIST.search(cell.text)
        if not match:
            raise CourseError(f"the question of {name} has no numbered list")
        return Piece(match[0].strip(), cell.where)

    def _named(self, name: str) -> Cell:
        for cell in self._markdown():
            if cell.grade_id == name:
                return cell
        raise CourseError(f"no notebook has a text cell {name}")

    def _markdown(self) -> Iterable[Cell]:
        return (cell for cells in self.cells.values() for cell in cells if cell.kind == "markdown")


def sections(course: Course, reader: Reader) -> list[Section]:
    """The handout's sections for one kind of reader, in order. Raises CourseError for what it asks for and is not there."""
    paths = sorted((course.root / "source" / "handout").glob("[0-9]*_*.py"))
    if not paths:
        raise CourseError("this course has no handout: source/handout/ has no NN_name.py, where its text belongs.")
    notebooks, found = Notebooks(course), []
    for path in paths:
        for cell in read_cells(path, course.root):
            if set(cell.options.get("tags", [])) & {other.value for other in Reader if other is not reader}:
                continue
            try:
                pieces = tuple(_pieces(cell, notebooks, reader)) if cell.kind == "markdown" else ()
            except CourseError as error:
                raise CourseError(f"{cell.where}: {error}. Mend that line.") from None
            found.append(Section(pieces, cell.text if cell.kind == "code" else "", cell))
    return found


def _pieces(cell: Cell, notebooks: Notebooks, reader: Reader) -> Iterable[Piece]:
    last = 0
    text = _EXERCISE.sub(lambda m: f"{{.exercise #{m[1]} points={notebooks.exercise(m[1]).points}}}", cell.text)
    for match in _TAKEN.finditer(text):
        if before := text[last : match.start()].strip():
            yield Piece(before, cell.where)
        yield from _taken(match[1], match[2], cell, notebooks, reader)
        last = match.end()
    if rest := text[last:].strip():
        yield Piece(rest, cell.where)


def _taken(kind: str, what: str, cell: Cell, notebooks: Notebooks, reader: Reader) -> Iterable[Piece]:
    instructor = reader is Reader.INSTRUCTOR
    match kind:
        case "equation":
            yield notebooks.equation(what)
        case "text":
            yield from notebooks.under(what)
        case "steps":
            yield notebooks.steps(what)
        case "answer":
            answer = notebooks.exercise(what)
            if instructor:
                yield Piece(f"::: {{.answer}}\n\n{answer.text}\n\n:::", answer.where)
        case "room":
            if not instructor:
                yield Piece(f"::: {{.room cm={float(what):g}}}\n:::", cell.where)
        case "figure":
            yield Piece(f"::: {{.figure name={what}}}\n:::", cell.where)
        case _:
            raise CourseError(f"{{{{ {kind} }}}} is unknown; there are equation, text, steps, answer, room, figure")


def section_displays(section: Section) -> list[tuple[Display, Piece]]:
    """The displayed equations of a section, each with the piece it stands in."""
    return [(display, piece) for piece in section.pieces for display in displays(piece.text)]
