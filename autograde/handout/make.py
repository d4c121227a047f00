"""The handout, made: checked, then written as PDF and HTML for students and for instructors."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from autograde.course import Course, CourseError
from autograde.handout.assembly import Reader, Section, section_displays, sections
from autograde.handout.document import Pieces, Problem, Writer, read
from autograde.handout.equations import Failure, equations, failures
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
        self.problems = list(dict.fromkeys(map(str, problems)))
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Verified:
    """How many displayed equations there are, in all and for students, and what is wrong with some."""

    count: int
    for_students: int
    failures: tuple[Failure, ...]


def verify(course: Course) -> Verified:
    """Check every displayed equation of both versions, with several draws of sizes and values."""
    parts = {reader: sections(course, reader) for reader in Reader}
    checked = [_checked(parts, seed) for seed in range(DRAWS)]
    counted, _ = checked[0]
    wrong = {failure.equation.key: failure for _, found in checked for failure in found}
    return Verified(len(set.union(*counted.values())), len(counted[Reader.STUDENT]), tuple(wrong.values()))


def _checked(parts: Mapping[Reader, list[Section]], seed: int = 0) -> tuple[dict[Reader, set], list[Failure]]:
    """The keys of the equations in each version, and what is wrong with any. What both versions show is evaluated once."""
    counted: dict[Reader, set] = {}
    wrong: list[Failure] = []
    for reader in (Reader.INSTRUCTOR, Reader.STUDENT):
        found = equations(parts[reader], seed)
        wrong += failures(found, set().union(*counted.values()))
        counted[reader] = {equation.key for equation in found}
    return counted, wrong


def make(course: Course, texts: HandoutTexts, folder: Path) -> list[Path]:
    """Write both versions; returns the files. Raises HandoutError before it writes anything."""
    parts = {reader: sections(course, reader) for reader in Reader}
    with ThreadPoolExecutor() as pool:
        jobs = [pool.submit(_printed, parts[reader], reader, texts) for reader in Reader]
        # Pandoc and Typst work meanwhile, in processes of their own.
        if wrong := _checked(parts)[1]:
            raise HandoutError(wrong)
        made = {folder / name: content for job in jobs for name, content in job.result().items()}
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(made)


def _printed(parts: list[Section], reader: Reader, texts: HandoutTexts) -> dict[str, bytes]:
    """The files of one version, by name. Raises HandoutError for what cannot be printed."""
    front = Front(texts.course, texts.title, texts.version, _READERS[reader], texts.language, texts.paper)
    numbers = {number for part in parts for display, _ in section_displays(part) for number in display.numbers}
    pieces = read(piece for part in parts for piece in part.pieces)
    to_pdf = Typst.of(pieces)
    typst = as_typst(_written(pieces, to_pdf, numbers), front)
    page = as_page(_written(pieces, Html(frozenset(to_pdf.formulas)), numbers), front)
    return {f"{FILES[reader]}.pdf": compile_pdf(typst, to_pdf.pictures), f"{FILES[reader]}.html": page.encode()}


def _written(pieces: Pieces, to: Typst | Html, numbers: set[str]) -> list:
    writer = Writer(to, numbers)
    blocks = writer.write(pieces)
    if writer.problems:
        raise HandoutError(writer.problems)
    return blocks
