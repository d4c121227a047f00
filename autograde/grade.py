"""Grade a folder of submissions: marks, reasons and feedback."""

import contextlib
import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from autograde.build import Built
from autograde.course import CourseError
from autograde.examine import BY_HAND, NOT_ATTEMPTED, NOT_GRADED, PASSED, Result
from autograde.findings import ANY_NOTEBOOK, REFUSED, Finding, plain, write_findings
from autograde.gradebook import CourseFolder, Exercise
from autograde.intake import Submission, collect, copy_submission, repair_copies
from autograde.job import Job
from autograde.jobs import Workers
from autograde.settings import Settings

NOT_SUBMITTED = "not submitted"
TAMPERED = "tampered cell restored"


@dataclass(frozen=True)
class Marks:
    """One student's marks: a result for every exercise of the course, in order; points is None while waiting for a person."""

    student: str
    results: tuple[Result, ...]
    penalty: float = 0.0

    @property
    def total(self) -> float:
        """The points so far, less what being late costs."""
        return sum(result.points or 0.0 for result in self.results) - self.penalty

    @property
    def maximum(self) -> float:
        """The points of the whole course."""
        return sum(result.max_points for result in self.results)

    @property
    def graded(self) -> bool:
        """Whether anything of this student's was graded."""
        return any(result.reason != NOT_GRADED for result in self.results)

    @property
    def unjudged(self) -> list[Result]:
        """The exercises of graded notebooks that the grader could not judge, each with what it lacks."""
        return [result for result in self.results if result.reason == NOT_GRADED and self.graded]

    @property
    def lost(self) -> list[Result]:
        """The exercises that were tried and lost marks."""
        untried = (PASSED, NOT_ATTEMPTED, NOT_SUBMITTED, NOT_GRADED, BY_HAND)
        return [
            result for result in self.results if result.points != result.max_points and result.reason not in untried
        ]


@dataclass(frozen=True)
class Graded:
    """What a run of grading brought: exercises, marks by student, what could not be graded, where things were written."""

    exercises: tuple[Exercise, ...]
    marks: tuple[Marks, ...]
    findings: tuple[Finding, ...]
    csv: Path
    feedback: Path

    @property
    def refusals(self) -> list[Finding]:
        """What could not be taken or graded."""
        return [finding for finding in self.findings if finding.kind == REFUSED]


def grade(
    built: list[Built],
    submissions: Path | Sequence[Path],
    out: Path,
    folder: CourseFolder,
    *,
    settings: Settings | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[Iterable[Submission], int], Iterable[Submission]] = lambda items, _: items,
) -> Graded:
    """Grade what students handed in, and write grades.csv, reasons.csv, intake.csv and feedback/ into out.

    submissions: whatever `intake.collect` takes. workers: processes that examine; None for one on each core.
    scheduler: the address of a Dask cluster's, whose workers examine instead.
    progress: wraps the submissions as they are examined, and is told how many there are; it may end the run early. What
    cannot be graded becomes a finding, has no points rather than 0, and never stops the others.
    Raises CourseError when there is nothing to grade, or the course itself cannot be published.
    """
    settings = settings or Settings()
    folder.publish(built)
    folder.set_late_policy(settings.late)
    sources = [submissions] if isinstance(submissions, Path) else submissions
    collected = collect(sources, built, folder.folder / "collected", settings)
    taken, findings = collected.submissions, collected.findings
    out.mkdir(parents=True, exist_ok=True)
    exercises, feedback = folder.exercises(), out / "feedback"
    marks = {submission.student: _ungraded(submission, exercises, "the run was interrupted") for submission in taken}
    try:
        with _pool(workers, scheduler) as pool, contextlib.closing(_examined(taken, built, folder, pool)) as examined:
            for submission in progress(examined, len(taken)):
                try:
                    marks[submission.student] = _grade_best(submission, built, folder, exercises, feedback)
                except (CourseError, OSError, SQLAlchemyError) as error:
                    findings.append(Finding(submission.student, "", f"{NOT_GRADED}: {error}"))
                    marks[submission.student] = _ungraded(submission, exercises, str(error))
    finally:  # what is finished is kept, however the run ends
        _write_csv(out / "grades.csv", out / "reasons.csv", list(marks.values()), exercises)
        write_findings(out / "intake.csv", findings)
    return Graded(tuple(exercises), tuple(marks.values()), tuple(findings), out / "grades.csv", feedback)


def _pool(workers: int | None, scheduler: str | None) -> Workers:
    if scheduler is None:
        return Workers(workers)
    from autograde.cluster import Cluster  # needs the extra `cluster`

    return Cluster(scheduler)


def _examined(taken: list[Submission], built: list[Built], folder: CourseFolder, pool: Workers) -> Iterator[Submission]:
    """The submissions, each when all its notebooks are examined; their outcomes are kept in the course folder."""
    ready: list[Submission] = []
    owners: dict[str, list[Submission]] = {}
    left: Counter[str] = Counter()

    def new_jobs() -> Iterator[Job]:
        for submission in taken:
            jobs = {job.key: job for job in _jobs(submission, built, folder)}
            known = {key: folder.outcomes.find(key) for key in jobs}
            wanted = [key for key, outcome in known.items() if outcome is None or outcome.failed]
            left[submission.student] = len(wanted)
            if not wanted:
                ready.append(submission)
            for key in wanted:
                owners.setdefault(key, []).append(submission)
            # Of two students' equal notebooks one is examined.
            yield from (jobs[key] for key in wanted if len(owners[key]) == 1)

    for job, outcome in pool.outcomes(new_jobs()):
        with contextlib.suppress(
            CourseError
        ):  # a full disk, say: told of this student, when nbgrader asks for the outcome
            folder.outcomes.keep(job.key, outcome)
        for submission in owners.pop(job.key):
            left[submission.student] -= 1
            if not left[submission.student]:
                ready.append(submission)
        while ready:
            yield ready.pop(0)
    yield from ready


def _jobs(submission: Submission, built: list[Built], folder: CourseFolder) -> list[Job]:
    """What there is to examine of a submission, all attempts that count; nothing of what cannot be read, which is told later."""
    jobs = []
    for attempt in _attempts(submission):
        with (
            tempfile.TemporaryDirectory(dir=folder.folder, prefix=".prepared-") as prepared,
            contextlib.suppress(OSError),
        ):
            copy_submission(attempt, Path(prepared, "all"))
            repair_copies(Path(prepared, "all"), built)
            jobs += folder.jobs(Path(prepared, "all"))
    return jobs


def _attempts(submission: Submission) -> list[Submission]:
    return [*(attempt for attempt in submission.earlier if attempt.notebooks), submission]


def _grade_best(
    submission: Submission, built: list[Built], folder: CourseFolder, exercises: list[Exercise], feedback: Path
) -> Marks:
    """The marks of the attempt with the highest total, late penalties taken off; of equal ones, the latest."""
    attempts = _attempts(submission)
    marks = [_grade_one(attempt, built, folder, exercises, feedback) for attempt in attempts]
    best = max(reversed(range(len(attempts))), key=lambda number: marks[number].total)
    if attempts[best] is submission:
        return marks[best]
    return _grade_one(attempts[best], built, folder, exercises, feedback)  # so that the gradebook says the same


def _grade_one(
    submission: Submission, built: list[Built], folder: CourseFolder, exercises: list[Exercise], feedback: Path
) -> Marks:
    if not submission.notebooks:
        return _ungraded(submission, exercises, next(found.problem for found in submission.refusals if found.hides))
    submitted = folder.path("submitted", submission.student)
    copy_submission(submission, submitted)
    repair_copies(submitted, built)
    folder.grade(submission.student)
    pages = feedback / submission.student
    if pages.exists():
        shutil.rmtree(pages)
    shutil.copytree(folder.write_feedback(submission.student), pages)
    return _marks(submission, folder, exercises)


def _ungraded(submission: Submission, exercises: list[Exercise], why: str) -> Marks:
    """No points, which is not 0 points, and the reason."""
    results = (Result(exercise.id, None, exercise.max_points, NOT_GRADED, why) for exercise in exercises)
    return Marks(submission.student, tuple(results))


def _marks(submission: Submission, folder: CourseFolder, exercises: list[Exercise]) -> Marks:
    """The gradebook's points, where manual marks count, with the examiner's reasons."""
    points = folder.marks(submission.student)
    examined = {result.exercise: result for result in folder.results(submission.student)}
    results = []
    for exercise in exercises:
        nothing = Result(exercise.id, 0.0, exercise.max_points, NOT_SUBMITTED)
        hiding = [finding for finding in submission.refusals if finding.hides in (exercise.notebook, ANY_NOTEBOOK)]
        if exercise.notebook not in submission.notebooks and hiding:
            # One of the refused files may be this notebook: that is no zero.
            results.append(replace(nothing, points=None, reason=NOT_GRADED, message=hiding[0].problem))
        else:
            found = examined.get(exercise.id, nothing)
            if exercise.id in submission.tampered:
                found = replace(found, message=f"{TAMPERED}. {found.message}".rstrip())
            results.append(replace(found, points=points.get(exercise.id, 0.0), max_points=exercise.max_points))
    return Marks(submission.student, tuple(results), folder.penalty(submission.student))


def _write_csv(grades: Path, reasons: Path, marks: list[Marks], exercises: list[Exercise]) -> None:
    """One row per student for the LMS, and one row per mark with its reason."""
    with grades.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        penalty = any(row.penalty for row in marks)
        late = ["late"] if penalty else []
        writer.writerow(["student", *(exercise.id for exercise in exercises), *late, "total", "max"])
        for row in marks:
            points = ["" if result.points is None else f"{result.points:g}" for result in row.results]
            points += [f"{-row.penalty:g}"] if penalty else []
            writer.writerow([plain(row.student), *points, f"{row.total:g}" if row.graded else "", f"{row.maximum:g}"])
    with reasons.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "exercise", "points", "max", "reason", "message"])
        for row in marks:
            for result in row.results:
                points = "" if result.points is None else f"{result.points:g}"
                told = [result.reason, plain(result.message)]
                writer.writerow([plain(row.student), result.exercise, points, f"{result.max_points:g}", *told])
