"""The instructor's report on a run: one page about the class. No script, nothing from a network."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean, median

from autograde.due import Due
from autograde.examine import NOT_GRADED, Result
from autograde.findings import IGNORED, MISSING, REFUSED, Finding
from autograde.hand_in_times import Times, times_of, whole_minutes
from autograde.marks import NOT_SUBMITTED, Graded, Marks
from autograde.mistakes import common_mistakes
from autograde.pages import environment, out_of, total
from autograde.roster import Roster
from autograde.shares import by_hardness, shares

_BINS = 10
#: So many students are named for one finding.
_MOST_NAMED = 20


@dataclass(frozen=True)
class _Found:
    """What was found, and whose it was: students and files."""

    kind: str
    what: str
    whose: tuple[tuple[str, str], ...]


def report_page(graded: Graded, roster: Roster | None = None) -> str:
    """The report: what is not graded, who handed in nothing, the marks, the exercises, the mistakes, when, what was found."""
    done = [row for row in graded.marks if row.graded]
    totals = [row.total for row in done]
    failures = [(row.student, *waiting) for row in done for waiting in _waiting(row)]
    failures += [(row.student, "all", row.results[0].message) for row in graded.marks if not row.graded]
    every = shares(graded)
    findings = [finding for finding in graded.findings if finding.kind not in (IGNORED, MISSING)]
    return (
        environment()
        .get_template("report.html")
        .render(
            graded=graded,
            has_roster=roster is not None,
            absent=_absent(graded, roster),
            cells={
                row.student: [_cell(graded.part(row, notebook)) for notebook in graded.notebooks]
                for row in graded.marks
            },
            handed_in={row.student: _moment(row.handed_in, graded.due) for row in graded.marks},
            late={row.student: _late(whole_minutes(graded.late_by(row))) for row in graded.marks},
            totals={row.student: total(row) for row in graded.marks},
            done=done,
            summary={"mean": mean(totals), "median": median(totals)} if totals else {},
            bars=_bars(done),
            shares=by_hardness(every),
            unmarked=[share for share in every if share.mean is None],
            places={exercise.id: place for place, exercise in enumerate(graded.exercises, start=1)},
            mistakes=common_mistakes(graded),
            times=_times(times_of(graded), graded.due),
            findings=_grouped(findings),
            most=_MOST_NAMED,
            kinds=Counter(finding.kind for finding in findings).most_common(),
            failures=failures,
            examined=sum(row.seconds for row in graded.marks),
        )
    )


def _absent(graded: Graded, roster: Roster | None) -> list[tuple[str, str]]:
    """Who has handed in nothing, id and name, and of whom there is a folder without a notebook."""
    there = {row.student for row in graded.marks}
    absent = [(student, name) for student, name in roster.names.items() if student not in there] if roster else []
    return absent + [(row.student, "no notebook that could be read") for row in graded.marks if not row.notebooks]


def _grouped(findings: Iterable[Finding]) -> list[_Found]:
    """The findings, each once; refusals first, then by how often."""
    whose: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for finding in findings:
        whose.setdefault((finding.kind, finding.problem), []).append((finding.student, finding.file))
    found = [_Found(kind, what, tuple(them)) for (kind, what), them in whose.items()]
    return sorted(found, key=lambda one: (one.kind != REFUSED, -len(one.whose)))


def _cell(results: list[Result]) -> str:
    reasons = {result.reason for result in results}
    if reasons == {NOT_GRADED}:
        return NOT_GRADED
    return "–" if NOT_SUBMITTED in reasons else out_of(results)


def _bars(done: list[Marks]) -> list[tuple[str, int, int]]:
    """How many students reached which part of the points, as (percents, count, 0)."""
    counts = [0] * _BINS
    for row in done:
        share = row.total / row.maximum if row.maximum else 0.0
        counts[min(max(int(share * _BINS), 0), _BINS - 1)] += 1
    width = 100 // _BINS
    return [(f"{width * number}–{width * (number + 1)}", count, 0) for number, count in enumerate(counts)]


def _times(times: Times, due: Due) -> dict[str, object]:
    """When the class handed in, as the plot shows it: bars as (from when, on time, late)."""
    days = times.length.days
    form = "%m-%d" if days else "%m-%d %H:%M"
    if len({one.begins.year for one in times.bins}) > 1:
        form = f"%Y-{form}"
    each = f"{days} days" if days > 1 else "day" if days else f"{times.length.seconds // 3600} h"
    return {
        "bars": [(one.begins.strftime(form), one.on_time, one.late) for one in times.bins],
        "count": sum(one.on_time + one.late for one in times.bins),
        "late": sum(one.late for one in times.bins),
        "unknown": times.unknown,
        "due": ", ".join(f"{name} {_moment(when, due)}" for name, when in due.each.items()) or _moment(due.all, due),
        "each": each.removeprefix("1 "),
        "what": "notebooks" if due.each else "attempts",
    }


def _moment(when: datetime | None, due: Due) -> str:
    zone = next((date.tzinfo for date in (due.all, *due.each.values()) if date), None)
    return when.astimezone(zone).strftime("%Y-%m-%d %H:%M") if when else ""


def _late(by: timedelta | None) -> str:
    if by is None:
        return ""
    hours, minutes = divmod(by.seconds // 60, 60)
    parts = ((by.days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join([f"{count} {unit}" for count, unit in parts if count][:2])


def _waiting(row: Marks) -> Iterator[tuple[str, str]]:
    """The exercises that could not be judged, those with one reason together."""
    names: dict[str, list[str]] = {}
    for result in row.unjudged:
        names.setdefault(result.message, []).append(result.exercise)
    for why, exercises in names.items():
        yield f"{exercises[0]} and {len(exercises) - 1} more" if len(exercises) > 3 else ", ".join(exercises), why
