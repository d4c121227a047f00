"""Pages to read, made from templates; one for each student with their own marks. No script, nothing from a network."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograde.examine import BY_HAND, NOT_GRADED, Result
from autograde.findings import printable_lines
from autograde.marks import NOT_SUBMITTED, Graded, Marks


@dataclass(frozen=True)
class _Row:
    """One exercise as a student sees it."""

    result: Result
    mark: str  # how it went, for color and sign of the row: passed, lost, open
    reason: str
    why_open: str


@dataclass(frozen=True)
class _Part:
    """One notebook as a student sees it; page is empty when there is none, rows when it was not handed in."""

    notebook: str
    page: str
    points: str
    rows: tuple[_Row, ...]


_WHY_OPEN = {
    BY_HAND: "A person marks what you wrote. The points are added then.",
    NOT_GRADED: "The grader could not judge this yet. That costs you nothing; it will be graded again.",
}


@functools.cache
def environment() -> Environment:
    """The templates, and how they print."""
    made = Environment(
        loader=PackageLoader("autograde"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        lstrip_blocks=True,
    )
    made.filters["shown"] = lambda text: printable_lines(str(text))
    made.filters["address"] = lambda name: quote(name, safe="")
    made.filters["number"] = lambda value: "" if value is None else f"{value:g}"
    return made


def feedback_page(graded: Graded, row: Marks, folder: Path) -> str:
    """A student's page, which links to the notebooks' pages in folder. Nothing in it is anybody else's."""
    parts = []
    for notebook in graded.notebooks:
        results = graded.part(row, notebook)
        name = f"{notebook}.html"
        there = notebook in row.notebooks and row.graded and (folder / name).is_file()
        missing = all(result.reason == NOT_SUBMITTED for result in results)
        rows = () if missing else tuple(_row(result, row) for result in results)
        parts.append(_Part(notebook, name if there else "", out_of(results), rows))
    return environment().get_template("feedback.html").render(row=row, parts=parts, total=total(row))


def out_of(results: Iterable[Result]) -> str:
    """The points of some results, and what they could be."""
    results = list(results)
    return f"{sum(result.points or 0.0 for result in results):g} of {sum(result.max_points for result in results):g}"


def total(row: Marks) -> str:
    """A student's points, and what they could be."""
    return f"{row.total:g} of {row.maximum:g}" if row.graded else NOT_GRADED


def _row(result: Result, row: Marks) -> _Row:
    reason = "marked by hand" if result.exercise in row.by_hand else result.reason
    if result.points is None:
        return _Row(result, "open", reason, _WHY_OPEN.get(result.reason, ""))
    return _Row(result, "passed" if result.points >= result.max_points else "lost", reason, "")
