"""Pages to read: one for each student with their own marks, and the instructor's report. No script, nothing from a network."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograde.examine import BY_HAND, NOT_GRADED, PASSED, Result
from autograde.findings import IGNORED, printable
from autograde.marks import NOT_SUBMITTED, Graded, Marks
from autograde.mistakes import common_mistakes

_BINS = 10


@dataclass(frozen=True)
class _Row:
    """One exercise as a student sees it."""

    result: Result
    mark: str  # how it went, for the color of the row: passed, lost, open
    by_hand: bool


@dataclass(frozen=True)
class _Part:
    """One notebook as a student sees it; page is empty when there is none."""

    notebook: str
    page: str
    points: str
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class _Share:
    """How a class did in one exercise: how many passed of those who handed the notebook in, and why the others lost it."""

    exercise: str
    notebook: str
    passed: int
    tried: int
    open: int
    reasons: str

    @property
    def percent(self) -> int:
        return round(100 * self.passed / self.tried) if self.tried else 0


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
    made.filters["shown"] = lambda text: "\n".join(printable(line) for line in str(text).split("\n"))
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
        rows = tuple(_Row(result, _mark(result), result.exercise in row.by_hand) for result in results)
        parts.append(_Part(notebook, name if there else "", _out_of(results), rows))
    return environment().get_template("feedback.html").render(row=row, parts=parts, total=_total(row))


def report_page(graded: Graded) -> str:
    """The instructor's report on a run: the class, the exercises, what was refused or repaired, what failed, how long it took."""
    done = [row for row in graded.marks if row.graded]
    totals = [row.total for row in done]
    cells = {row.student: [_cell(graded.part(row, notebook)) for notebook in graded.notebooks] for row in graded.marks}
    failures = [(row.student, *waiting) for row in done for waiting in _waiting(row)]
    failures += [(row.student, "all", row.results[0].message) for row in graded.marks if not row.graded]
    return (
        environment()
        .get_template("report.html")
        .render(
            graded=graded,
            cells=cells,
            totals={row.student: _total(row) for row in graded.marks},
            done=done,
            summary={"mean": mean(totals), "median": median(totals)} if totals else {},
            bars=_bars(done),
            mistakes=common_mistakes(graded),
            shares=[_share(graded, index) for index in range(len(graded.exercises))],
            findings=[finding for finding in graded.findings if finding.kind != IGNORED],
            failures=failures,
            examined=sum(row.seconds for row in graded.marks),
        )
    )


def _mark(result: Result) -> str:
    if result.points is None:
        return "open"
    return "passed" if result.points >= result.max_points else "lost"


def _out_of(results: list[Result]) -> str:
    return f"{sum(result.points or 0.0 for result in results):g} of {sum(result.max_points for result in results):g}"


def _cell(results: list[Result]) -> str:
    reasons = {result.reason for result in results}
    if reasons == {NOT_GRADED}:
        return NOT_GRADED
    return "–" if NOT_SUBMITTED in reasons else _out_of(results)


def _total(row: Marks) -> str:
    return f"{row.total:g} of {row.maximum:g}" if row.graded else NOT_GRADED


def _bars(done: list[Marks]) -> list[tuple[str, int]]:
    """How many students reached which part of the points, as (percents, count)."""
    counts = [0] * _BINS
    for row in done:
        share = row.total / row.maximum if row.maximum else 0.0
        counts[min(max(int(share * _BINS), 0), _BINS - 1)] += 1
    width = 100 // _BINS
    return [(f"{width * number}–{width * (number + 1)}", count) for number, count in enumerate(counts)]


def _waiting(row: Marks) -> Iterator[tuple[str, str]]:
    """The exercises that could not be judged, those with one reason together."""
    names: dict[str, list[str]] = {}
    for result in row.unjudged:
        names.setdefault(result.message, []).append(result.exercise)
    for why, exercises in names.items():
        yield f"{exercises[0]} and {len(exercises) - 1} more" if len(exercises) > 3 else ", ".join(exercises), why


def _share(graded: Graded, index: int) -> _Share:
    results = [row.results[index] for row in graded.marks]
    judged = [result for result in results if result.points is not None and result.reason != NOT_SUBMITTED]
    full = sum(result.points >= result.max_points for result in judged if result.points is not None)
    lost = [result.reason for result in judged if _mark(result) == "lost" and result.reason not in (PASSED, BY_HAND)]
    counted = {reason: lost.count(reason) for reason in dict.fromkeys(lost)}
    said = ", ".join(f"{count} {reason}" for reason, count in sorted(counted.items(), key=lambda item: -item[1]))
    waiting = sum(result.points is None for result in results)
    exercise = graded.exercises[index]
    return _Share(exercise.id, exercise.notebook, full, len(judged), waiting, said)
