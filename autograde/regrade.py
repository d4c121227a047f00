"""Grade again what was handed in, after a test or the images changed: what that would do to the marks, then doing it.

A preview does on a copy of the gradebook what accepting does on the gradebook itself, so both come to the same marks.
"""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nbgrader.api import MissingEntry
from sqlalchemy.exc import SQLAlchemyError

from autograde.book import Exercise
from autograde.build import Built, digest
from autograde.cells import exercise_id, is_test
from autograde.course import CourseError
from autograde.drafts import draft, tidy
from autograde.examine import Result, fill_in
from autograde.findings import Finding, plain, printable
from autograde.grade import Diagnose, Notes, examined, marks_of, pool_of, undiagnosed, unread
from autograde.gradebook import CourseFolder
from autograde.intake import Submission, copy_submission, repair_copies
from autograde.jobs import Workers
from autograde.marks import Graded, Marks
from autograde.notebook_file import read_notebook
from autograde.outputs import copy_pages, csv_text, write_outputs
from autograde.record import read_record
from autograde.roster import roster_of
from autograde.settings import Settings
from autograde.trouble import told
from autograde.unseen import keep
from helpers.whole import write_whole

FILE = "regrade.csv"
_Progress = Callable[[Iterable[Submission], int], Iterable[Submission]]


@dataclass(frozen=True)
class Change:
    """One mark that changes, or would; kept says that a person gave it, so that its points stay."""

    student: str
    old: Result
    new: Result
    kept: bool


@dataclass(frozen=True)
class Regraded:
    """What grading again changes. before and after: marks of the students whom it concerns, in pairs.

    again: students whose notebooks come out differently in anything, be it a message. failures: who could not be done.
    """

    changes: tuple[Change, ...]
    before: tuple[Marks, ...]
    after: tuple[Marks, ...]
    again: tuple[str, ...]
    points_changed: tuple[str, ...]
    failures: tuple[Finding, ...]
    csv: Path


def regrade(
    built: list[Built],
    out: Path,
    folder: CourseFolder,
    *,
    accept: bool,
    settings: Settings | None = None,
    images: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    isolated: bool = True,
    diagnose: Diagnose = undiagnosed,
    progress: _Progress = lambda items, _: items,
) -> Regraded:
    """Compare today's tests with the marks of the last run, whose files lie in out, and write regrade.csv there.

    accept: make it so in the gradebook, in feedback and in all files of the run; else nothing but regrade.csv is written,
    and results of examinations. What a person marked is kept. images: as for `course grade`; kept when accepted.
    workers, scheduler, isolated: as for `grade`.
    Raises CourseError when there is nothing to compare with, exercises came or went, or the run was interrupted.
    """
    settings, began = settings or Settings(), time.monotonic()
    record = read_record(out)
    tidy(inside=folder.folder, beside=out)
    folder.refuse_other_exercises(built)
    before = folder.exercises()
    with contextlib.ExitStack() as stack:
        target = folder if accept else stack.enter_context(folder.rehearsal())
        if images is not None:
            if not accept:
                target.images.unlink(missing_ok=True)  # a link
            keep(images, target.images)
        taken = [submission_of(row, record, folder) for row in record.marks if row.graded and row.notebooks]
        taken = [submission for submission in taken if submission.notebooks]
        failures: list[Finding] = []
        pool = pool_of(workers, scheduler, isolated)
        again = list(_differing(taken, built, folder, target, pool, settings.consistent, diagnose, progress, failures))
        target.publish(built)
        target.set_policy(settings.late, settings.consistent)
        exercises = target.exercises()
        done, tried = set(), 0
        for submission in progress(again, len(again)):
            tried += 1
            if _apply(submission, built, folder, target, exercises, out if accept else None, failures):
                done.add(submission.student)
        if tried < len(again):
            raise CourseError("stopped. What was done is kept; run the same command again to go on.")
        failed = {failure.student for failure in failures}
        taken = [submission for submission in taken if submission.student not in failed]
        rows = _rows(record, taken, done, folder, target, exercises)
    known = {exercise.id: exercise.max_points for exercise in before}
    points = [f"{e.id}: {e.max_points:g} points, not {known[e.id]:g}" for e in exercises if e.max_points != known[e.id]]
    changes, pairs = _compare(record.marks, rows)
    regraded = Regraded(
        tuple(changes),
        tuple(old for old, _ in pairs),
        tuple(new for _, new in pairs),
        tuple(submission.student for submission in again),
        tuple(points),
        tuple(failures),
        out / FILE,
    )
    if changes or not accept:  # what was accepted before stays to be read
        write_whole(out / FILE, csv_text(_table(regraded)))
    if accept:
        graded = Graded(
            tuple(exercises), tuple(rows), record.findings, record.csv, record.feedback, digest(built),
            datetime.now().astimezone(), time.monotonic() - began, settings.due,
        )  # fmt: skip
        write_outputs(graded, roster_of(settings))
    return regraded


def submission_of(row: Marks, record: Graded, folder: CourseFolder) -> Submission:
    """What counts of a student's work, as it lies in the course folder."""
    submitted = folder.path("submitted", row.student)
    files = sorted(submitted.iterdir()) if submitted.is_dir() else []
    return Submission(
        row.student,
        {path.stem: path for path in files if path.suffix == ".ipynb"},
        [path for path in files if path.suffix in (".npz", ".safetensors")],
        [finding for finding in record.findings if finding.student == row.student],
        tampered=row.tampered,
    )


def _differing(
    taken: list[Submission],
    built: list[Built],
    folder: CourseFolder,
    target: CourseFolder,
    workers: Workers,
    consistent: float,
    diagnose: Diagnose,
    progress: _Progress,
    failures: list[Finding],
) -> Iterator[Submission]:
    """Those for whom today's tests say something else than those that the gradebook was made with."""
    notes, count = Notes(), 0
    tests = {exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell)}
    with workers as pool, contextlib.closing(examined(taken, built, target, pool, notes, diagnose)) as ready:
        for submission in progress(ready, len(taken)):
            count += 1
            student = submission.student
            try:
                new, failed = _results(submission, built, target, consistent)
                failed = notes.trouble.get(student, failed)
            except (CourseError, OSError) as error:
                new, failed = [], told(error)
            if failed:
                failures.append(Finding(student, "", f"could not be graded again, the marks stay: {failed}"))
            elif [r for r in new if r.exercise in tests] != [r for r in folder.results(student) if r.exercise in tests]:
                yield submission
    if count < len(taken):
        raise CourseError("stopped. Nothing was changed; run the same command again to go on.")


def _results(
    submission: Submission, built: list[Built], target: CourseFolder, consistent: float
) -> tuple[list[Result], str]:
    """What examining a submission with today's tests said, and why it could not be done."""
    found: list[Result] = []
    with draft() as place:
        prepared = place / "all"
        copy_submission(submission, prepared)
        repair_copies(prepared, built)
        for job in target.jobs(prepared, built):
            outcome = target.outcomes.find(job.key)
            if outcome is None or outcome.failed:
                return [], outcome.failed if outcome else "it was not examined"
            found += fill_in(read_notebook(job.submitted.encode()), outcome, consistent)
    return found, ""


def _apply(
    submission: Submission,
    built: list[Built],
    folder: CourseFolder,
    target: CourseFolder,
    exercises: list[Exercise],
    out: Path | None,
    failures: list[Finding],
) -> bool:
    """Grade a student anew in target, and write their pages into out; whether that worked."""
    student = submission.student
    submitted = target.path("submitted", student)
    try:
        if target is not folder:
            shutil.copytree(folder.path("submitted", student), submitted)
        repair_copies(submitted, built)
        target.grade(student, unread(submission, exercises))
        if out is not None:
            copy_pages(target.path("feedback", student), out / "feedback" / student)
    except (CourseError, OSError, SQLAlchemyError) as error:
        failures.append(Finding(student, "", f"could not be graded again, the marks stay: {told(error)}"))
        return False
    return True


def _rows(
    record: Graded,
    taken: list[Submission],
    done: set[str],
    folder: CourseFolder,
    target: CourseFolder,
    exercises: Sequence[Exercise],
) -> list[Marks]:
    """Everybody's marks afterwards."""
    by_student = {submission.student: submission for submission in taken}
    maxima = {exercise.id: exercise.max_points for exercise in exercises}
    rows = []
    for row in record.marks:
        new = replace(row, results=tuple(replace(r, max_points=maxima[r.exercise]) for r in row.results))
        if row.student in by_student:
            # Whom nothing concerns has no autograded notebooks in a copy.
            where = target if row.student in done else folder
            with contextlib.suppress(MissingEntry):
                marked = marks_of(by_student[row.student], where.work(row.student), list(exercises))
                new = replace(
                    marked, notebooks=row.notebooks, seconds=row.seconds, attempts=row.attempts, times=row.times
                )
        rows.append(new)
    return rows


def _compare(before: Iterable[Marks], after: Iterable[Marks]) -> tuple[list[Change], list[tuple[Marks, Marks]]]:
    """The marks that differ in points or reason, and the students who have any.

    What a person marked is compared as it is now: it changes when they mark, not here.
    """
    changes, pairs = [], []
    for old, new in zip(before, after, strict=True):
        was = {result.exercise: result for result in old.results}
        found = []
        for result in new.results:
            kept = result.exercise in new.by_hand
            earlier = was[result.exercise]
            earlier = replace(earlier, points=result.points) if kept else earlier
            was[result.exercise] = earlier
            if (earlier.points, earlier.reason) != (result.points, result.reason):
                found.append(Change(new.student, earlier, result, kept))
        now = replace(old, results=tuple(was[result.exercise] for result in new.results))
        if found or now.penalties != new.penalties:
            changes += found
            pairs.append((now, new))
    return changes, pairs


def _table(regraded: Regraded) -> Iterator[list[str]]:
    """regrade.csv: one row for each mark that changes, and for each student's total."""
    yield [
        "student",
        "exercise",
        "old points",
        "old max",
        "old reason",
        "new points",
        "new max",
        "new reason",
        "by hand",
        "message",
    ]
    for old, new in zip(regraded.before, regraded.after, strict=True):
        for change in (change for change in regraded.changes if change.student == new.student):
            message = "\n".join(printable(line) for line in change.new.message.split("\n"))
            yield [
                plain(printable(new.student)), change.old.exercise,
                shown(change.old.points), f"{change.old.max_points:g}", change.old.reason,
                shown(change.new.points), f"{change.new.max_points:g}", change.new.reason,
                "kept" if change.kept else "", plain(message),
            ]  # fmt: skip
        totals = (f"{old.total:g}", f"{old.maximum:g}", "", f"{new.total:g}", f"{new.maximum:g}", "", "", "")
        yield [plain(printable(new.student)), "total", *totals]


def shown(points: float | None) -> str:
    """Points as a table shows them; nothing for what is open."""
    return "" if points is None else f"{points:g}"


def lowered(regraded: Regraded) -> int:
    """How many marks get lower."""
    return sum(
        change.old.points is not None and (change.new.points is None or change.new.points < change.old.points)
        for change in regraded.changes
    )
