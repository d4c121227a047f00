"""The handout, made: checked, then written as PDF and HTML for students and for instructors."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from autograde.course import Course, CourseError
from autograde.handout.assembly import Reader, Section, section_displays, sections
from autograde.handout.document import Pieces, Problem, Writer, read
from autograde.handout.equations import Equation, Failure, equations, failures
from autograde.handout.front import Front
from autograde.handout.page import Html, as_page
from autograde.handout.pdf import Typst, as_typst, compile_pdf
from autograde.settings import HandoutTexts

#: Where the files go, under the handout's folder. The instructors' name says what it is, wherever the file ends up.
FILES = {Reader.STUDENT: "backprop", Reader.INSTRUCTOR: "instructor/backprop-solutions"}
#: Different random sizes and values with which `verify` checks every equation.
DRAWS = 3
_READERS = {Reader.STUDENT: "Students’ version", Reader.INSTRUCTOR: "Instructors’ version, with solutions"}


class HandoutError(CourseError):
    """The handout cannot be made; problems holds one line for each reason."""

    def __init__(self, problems: Iterable[Failure | Problem]) -> None:
        self.problems = [str(problem) for problem in problems]
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Verified:
    """How many displayed equations there are, in all and for students, and what is wrong with some."""

    count: int
    for_students: int
    failures: tuple[Failure, ...]


def verify(course: Course) -> Verified:
    """Check every displayed equation of both versions, with several draws of sizes and values."""
    counted: dict[Reader, set[tuple[str, str]]] = {}
    wrong: dict[tuple[str, str], Failure] = {}
    for reader in Reader:
        parts = sections(course, reader)
        for seed in range(DRAWS):
            found = equations(parts, seed)
            counted[reader] = {_key(equation) for equation in found}
            wrong |= {_key(failure.equation): failure for failure in failures(found)}
    return Verified(len(set.union(*counted.values())), len(counted[Reader.STUDENT]), tuple(wrong.values()))


def _key(equation: Equation) -> tuple[str, str]:
    return equation.piece.where, equation.display.tex


def make(course: Course, texts: HandoutTexts, folder: Path) -> list[Path]:
    """Write both versions; returns the files. Raises HandoutError before it writes anything."""
    ready = {reader: _prepared(course, reader) for reader in Reader}
    made: dict[Path, bytes] = {}
    with ThreadPoolExecutor() as pool:
        jobs = {}
        for reader, (parts, pieces) in ready.items():
            front = Front(texts.course, texts.title, texts.version, _READERS[reader], texts.language, texts.paper)
            numbers = {number for part in parts for display, _ in section_displays(part) for number in display.numbers}
            to_pdf = Typst.of(pieces)
            typst = as_typst(_written(pieces, to_pdf, numbers), front)
            jobs[reader] = pool.submit(compile_pdf, typst, to_pdf.pictures)
            page = as_page(_written(pieces, Html(frozenset(to_pdf.formulas)), numbers), front)
            made[folder / f"{FILES[reader]}.html"] = page.encode()
        made |= {folder / f"{FILES[reader]}.pdf": job.result() for reader, job in jobs.items()}
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(made)


def _prepared(course: Course, reader: Reader) -> tuple[list[Section], Pieces]:
    """What a reader gets, with every equation checked."""
    parts = sections(course, reader)
    if wrong := failures(equations(parts)):
        raise HandoutError(wrong)
    return parts, read(piece for part in parts for piece in part.pieces)


def _written(pieces: Pieces, to: Typst | Html, numbers: set[str]) -> list:
    writer = Writer(to, numbers)
    blocks = writer.write(pieces)
    if writer.problems:
        raise HandoutError(dict.fromkeys(writer.problems))
    return blocks
