"""Everything that a run of grading writes beside the gradebook; each file is whole or not there."""

import csv
import shutil
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from autograde.course import CourseError
from autograde.findings import plain, printable, printable_lines, write_findings
from autograde.hand_in_times import whole_minutes
from autograde.lms import canvas_rows, moodle_rows
from autograde.marks import Graded
from autograde.pages import feedback_page
from autograde.record import FILE, as_json
from autograde.report import report_page
from autograde.roster import Roster
from autograde.shares import shares
from autograde.trouble import told
from helpers.whole import write_whole

REPORT = "report.html"


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows as the text of a CSV file."""
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def write_outputs(graded: Graded, roster: Roster | None = None) -> None:
    """Write marks, reasons, findings, feedback and report. Raises CourseError for those that could not be written."""
    out = graded.csv.parent
    texts = {
        graded.csv: lambda: csv_text(_grades(graded)),
        out / "reasons.csv": lambda: csv_text(_reasons(graded)),
        out / "grades-moodle.csv": lambda: csv_text(moodle_rows(graded, roster)),
        out / "grades-canvas.csv": lambda: csv_text(canvas_rows(graded, roster)),
        out / "exercises.csv": lambda: csv_text(_exercises(graded)),
        out / "attempts.csv": lambda: csv_text(_attempts(graded)),
        out / REPORT: lambda: report_page(graded, roster),
    }
    for row in graded.marks:
        folder = graded.feedback / row.student
        texts[folder / "index.html"] = lambda row=row, folder=folder: feedback_page(graded, row, folder)
    # The record is last: it says that all of this was written.
    texts |= {out / "intake.csv": None, out / FILE: lambda: as_json(graded)}
    trouble = []
    for path, text in texts.items():
        try:
            if text is None:
                write_findings(path, graded.findings)
            else:
                write_whole(path, text())
        except OSError as error:
            trouble.append(f"{path} could not be written: {told(error)}")
    if trouble:
        more = f" ({len(trouble) - 1} more files neither.)" if len(trouble) > 1 else ""
        raise CourseError(f"{trouble[0]} All marks are in the gradebook.{more}")


def copy_pages(source: Path, target: Path) -> None:
    """Put a student's pages into their feedback folder, one by one; those of notebooks that are gone go."""
    pages = {path.name: path for path in source.iterdir() if path.is_file()}
    for name, path in pages.items():
        write_whole(target / name, path.read_bytes())
    for old in target.iterdir():
        if old.name in pages or old.name == "index.html":
            continue
        shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()


def _grades(graded: Graded) -> Iterable[list[str]]:
    """One row per student."""
    penalty = any(row.penalty for row in graded.marks)
    late = ["late"] if penalty else []
    yield ["student", *(exercise.id for exercise in graded.exercises), *late, "total", "max"]
    for row in graded.marks:
        points = ["" if result.points is None else f"{result.points:g}" for result in row.results]
        points += [f"{-row.penalty:g}"] if penalty else []
        yield [plain(row.student), *points, f"{row.total:g}" if row.graded else "", f"{row.maximum:g}"]


def _reasons(graded: Graded) -> Iterable[list[str]]:
    """One row per mark."""
    yield ["student", "exercise", "points", "max", "reason", "message"]
    for row in graded.marks:
        for result in row.results:
            points = "" if result.points is None else f"{result.points:g}"
            message = plain(printable_lines(result.message))
            yield [plain(row.student), result.exercise, points, f"{result.max_points:g}", result.reason, message]


def _exercises(graded: Graded) -> Iterable[list[str]]:
    """One row per exercise."""
    yield [
        "exercise", "notebook", "points", "students", "full", "some", "none", "open", "mean", "hardest", "commonest reason",
        "commonest mistake",
    ]  # fmt: skip
    for share in shares(graded):
        counts = (share.judged, share.full, share.some, share.none, share.open)
        mean = "" if share.mean is None else f"{share.mean:.3f}"
        reason = share.reasons[0][0] if share.reasons else ""
        about = (share.exercise.id, share.exercise.notebook, f"{share.exercise.max_points:g}")
        yield [*about, *map(str, counts), mean, str(share.hardest or ""), reason, plain(printable(share.mistake))]


def _attempts(graded: Graded) -> Iterable[list[str]]:
    """One row per student."""
    yield ["student", "attempts", "handed in", "minutes late"]
    for row in graded.marks:
        late = whole_minutes(graded.late_by(row))
        when = row.handed_in.isoformat(timespec="seconds") if row.handed_in else ""
        minutes = str(int(late.total_seconds() // 60)) if late else ""
        yield [plain(printable(row.student)), str(len(row.attempts)), when, minutes]
