"""What a run of grading shows on a terminal: a table that fills, how far it is, and Ctrl-C after the current student."""

import contextlib
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograde.audit import Audited
from autograde.book import Exercise
from autograde.examine import NOT_GRADED, Result
from autograde.findings import printable
from autograde.hand_marks import Tally
from autograde.marks import NOT_SUBMITTED, Graded, Marks
from autograde.regrade import Regraded, shown

_STOPPING = (
    "course: stopping after this student. What is done is kept; run the same command again to go on. "
    "Ctrl-C again stops at once."
)
_ROOM = 8  # lines of a terminal that are not for the table that fills


class Screen:
    """Progress on standard error: a live table on a terminal, a line for each student elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._rows: deque[Marks] = deque(maxlen=max(self._console.height - _ROOM, 3))
        self._exercises: Sequence[Exercise] = ()
        self._live: Live | None = None
        self._bar: Progress | None = None
        self._done, self._total = 0, 0

    def progress(self, items: Iterable[Any], total: int) -> Iterator[Any]:
        """The items, and how far they are. Ctrl-C ends the run after the current one; a second Ctrl-C ends it at once."""
        asked = False

        def stop(*_: Any) -> None:
            nonlocal asked
            if asked:
                raise KeyboardInterrupt
            asked = True
            self._console.print(_STOPPING, markup=False)

        self._done, self._total = 0, total
        before = signal.signal(signal.SIGINT, stop)
        try:
            with self._shown(total) as advance:
                for item in items:
                    yield item
                    self._done += 1
                    advance()
                    if asked:
                        return
        finally:
            signal.signal(signal.SIGINT, before)

    def show(self, row: Marks, exercises: Sequence[Exercise]) -> None:
        """Add a student's marks to the table."""
        self._rows.append(row)
        self._exercises = exercises
        if self._live is not None:
            self._live.update(self._screen())
        else:
            points = f"{row.total:g}/{row.maximum:g}" if row.graded else NOT_GRADED
            text = f"{self._done + 1}/{self._total}  {printable(row.student)}  {points}"
            self._console.print(text, markup=False, soft_wrap=True)

    @contextlib.contextmanager
    def _shown(self, total: int) -> Iterator[Any]:
        if not self._console.is_terminal:
            yield lambda: None
            return
        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("students"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        self._bar = Progress(TextColumn("grading"), *columns, console=self._console)
        task = self._bar.add_task("", total=total)
        with Live(self._screen(), console=self._console, transient=True, refresh_per_second=8) as self._live:
            try:
                yield lambda: self._bar.advance(task) if self._bar else None
            finally:
                self._live = None

    def _screen(self) -> Group:
        table = [marks_table(self._exercises, self._rows)] if self._rows else []
        return Group(*table, *([self._bar] if self._bar else []))


def graded_table(graded: Graded) -> Table:
    """The table of marks of a run."""
    table = marks_table(graded.exercises, graded.marks)
    table.title = f"{sum(row.graded for row in graded.marks)} students graded"
    return table


def marks_table(exercises: Sequence[Exercise], rows: Iterable[Marks]) -> Table:
    """Who, how many points in each notebook that somebody handed in, and which exercises were lost why."""
    rows = list(rows)
    handed_in = {
        exercise.notebook
        for row in rows
        for result, exercise in zip(row.results, exercises, strict=True)
        if result.reason != NOT_SUBMITTED
    }
    notebooks = [name for name in dict.fromkeys(exercise.notebook for exercise in exercises) if name in handed_in]
    table = Table(title_justify="left", box=box.SIMPLE_HEAD)
    longest = max((len(row.student) for row in rows), default=0)
    table.add_column("student", overflow="fold", min_width=min(longest, 24))
    for name in notebooks:  # by number, and out of what in the heading: a terminal is narrow
        most = sum(exercise.max_points for exercise in exercises if exercise.notebook == name)
        table.add_column(f"{name.split('_')[0]}\n/{most:g}", justify="right")
    table.add_column(f"total\n/{sum(exercise.max_points for exercise in exercises):g}", justify="right", no_wrap=True)
    table.add_column("to\nmark", justify="right")
    table.add_column("lost marks", no_wrap=True)
    for row in rows:
        cells = []
        for notebook in notebooks:
            pairs = zip(row.results, exercises, strict=True)
            part = [result for result, exercise in pairs if exercise.notebook == notebook]
            reasons = {result.reason for result in part}
            cells.append(
                "not graded" if reasons == {NOT_GRADED} else "–" if NOT_SUBMITTED in reasons else _points_of(part)
            )
        total = _points_of(row.results, row.penalty) if row.graded else "not graded"
        lost = "\n".join(f"{result.exercise}: {result.reason}" for result in row.lost)
        to_mark = f"{row.to_mark:g}" if row.to_mark else ""
        table.add_row(Text(printable(row.student)), *cells, total, to_mark, lost)
    return table


def _points_of(results: Iterable[Result], penalty: float = 0.0) -> str:
    return f"{sum(result.points or 0.0 for result in results) - penalty:g}"


def changes_table(regraded: Regraded) -> Table:
    """Whose marks change, from what to what, and why."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("student", overflow="fold")
    table.add_column("exercise", no_wrap=True)
    for name in ("old", "new"):
        table.add_column(name, justify="right", no_wrap=True)
        table.add_column("reason")
    for old, new in zip(regraded.before, regraded.after, strict=True):
        name = Text(printable(new.student))
        for change in (change for change in regraded.changes if change.student == new.student):
            points = "kept, by hand" if change.kept else _points(change.new)
            table.add_row(name, change.old.exercise, _points(change.old), change.old.reason, points, change.new.reason)
            name = Text("")
        table.add_row(name, "total", f"{old.total:g}/{old.maximum:g}", "", f"{new.total:g}/{new.maximum:g}", "")
        table.add_section()
    return table


def tally_table(tallies: Iterable[Tally]) -> Table:
    """How far marking is, by question."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("question", no_wrap=True)
    for name in ("changed", "marked", "of", "mean"):
        table.add_column(name, justify="right")
    for one in tallies:
        mean = "" if one.mean is None else f"{one.mean:.2f}"
        table.add_row(one.question, str(one.changed), str(one.marked), str(one.answers), mean)
    return table


def audit_table(audited: Sequence[Audited]) -> Table:
    """What the course's own tests notice, by exercise, and in all."""
    table = Table(box=box.SIMPLE_HEAD, show_footer=True)
    headings = list(audited[0].counts) if audited else []
    table.add_column("exercise", footer="all", no_wrap=True)
    for heading in headings:
        total = sum(one.counts[heading] for one in audited)
        table.add_column(heading, footer=str(total), justify="right")
    for one in audited:
        table.add_row(one.exercise, *map(str, one.counts.values()))
    return table


def _points(result: Result) -> str:
    return f"{shown(result.points)}/{result.max_points:g}" if result.points is not None else "open"
