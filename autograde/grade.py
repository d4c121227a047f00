"""Grade a folder of submissions: marks, reasons and feedback."""

import contextlib
import functools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from autograde.book import Exercise
from autograde.build import Built, digest
from autograde.course import CourseError
from autograde.drafts import draft, tidy
from autograde.examine import NOT_GRADED, Result
from autograde.findings import ANY_NOTEBOOK, CHANGED, LOWERED, Finding
from autograde.gradebook import CourseFolder, Work
from autograde.handed_in import write_handed_in
from autograde.intake import Submission, collect, copy_submission, lying_in, repair_copies, stands
from autograde.job import Job, Outcome
from autograde.jobs import Workers
from autograde.marks import NOT_SUBMITTED, TAMPERED, Graded, Marks
from autograde.outputs import copy_pages, write_outputs
from autograde.pictures import keep_pictures
from autograde.receipts import compare
from autograde.roster import roster_of
from autograde.settings import Settings
from autograde.trouble import told
from autograde.verdict import Verdict

Diagnose = Callable[[Job, Outcome], Outcome]


def undiagnosed(_: Job, outcome: Outcome) -> Outcome:
    """The outcome as it is."""
    return outcome


@dataclass
class Notes:
    """What examining tells beside outcomes, by student: seconds that it took, and why a result could not be kept."""

    seconds: Counter[str] = field(default_factory=Counter)
    trouble: dict[str, str] = field(default_factory=dict)


def grade(
    built: list[Built],
    submissions: Path | Sequence[Path],
    out: Path,
    folder: CourseFolder,
    *,
    settings: Settings | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    isolated: bool = True,
    diagnose: Diagnose = undiagnosed,
    progress: Callable[[Iterable[Submission], int], Iterable[Submission]] = lambda items, _: items,
    show: Callable[[Marks, Sequence[Exercise]], None] = lambda _marks, _exercises: None,
    version: Callable[[frozenset[str]], str] = lambda _: "",
) -> Graded:
    """Grade what students handed in, and write marks, reasons, findings, feedback and a report into out (docs/outputs.md).

    submissions: whatever `intake.collect` takes; what was graded before and is not among it stands. workers: processes that
    examine; None for one on each core. scheduler: the address of a Dask cluster's, whose workers examine instead. isolated:
    False lets submitted code do whatever the user may. diagnose: may say more about an outcome, as
    `diagnosis.PlantedMistakes.name` does. progress: wraps the submissions as they are examined, and is told how many there
    are; it may end the run early. show: is given each student's marks. version: see `receipts.compare`. What cannot be graded
    becomes a finding, has no points rather than 0, and never stops the others. Raises CourseError when there is nothing to
    grade, the course itself cannot be published, or a file cannot be written.
    """
    settings, began = settings or Settings(), time.monotonic()
    tidy(inside=folder.folder, beside=out)
    with pool_of(workers, scheduler, isolated) as pool:
        if folder.outcomes.empty:  # there will be jobs
            pool.warm()
        folder.publish(built)
        folder.set_policy(settings.late, settings.consistent)
        sources = [submissions] if isinstance(submissions, Path) else submissions
        before = functools.partial(_before, built, folder)
        collected = collect(sources, built, folder.folder / "collected", settings, before)
        taken, findings = collected.submissions, collected.findings
        out.mkdir(parents=True, exist_ok=True)
        exercises, feedback = folder.exercises(), out / "feedback"
        marks = {
            submission.student: _ungraded(submission, exercises, "the run was interrupted") for submission in taken
        }
        with folder.book() as book:
            for student in sorted(set(book.students) - marks.keys()):
                try:
                    marks[student] = _standing(before(student), folder, exercises, feedback)
                    findings.append(stands(student, "is in none of these"))
                except (CourseError, OSError, ValueError, SQLAlchemyError) as error:  # its files were damaged, say
                    findings.append(Finding(student, "", f"what was graded before cannot be read: {told(error)}"))
                    marks[student] = _ungraded(Submission(student), exercises, told(error))
        notes = Notes()
        when = datetime.now().astimezone()
        run = Graded(tuple(exercises), (), (), out / "grades.csv", feedback, digest(built), when, due=settings.due)

        def so_far() -> Graded:
            seconds = time.monotonic() - began
            rows = sorted(marks.values(), key=lambda row: row.student)
            return replace(run, marks=tuple(rows), findings=tuple(findings), seconds=seconds)

        try:
            with folder.book(), contextlib.closing(examined(taken, built, folder, pool, notes, diagnose)) as ready:
                for submission in progress(ready, len(taken)):
                    student = submission.student
                    try:
                        if student in notes.trouble:
                            raise CourseError(notes.trouble[student])
                        stood = folder.standing(student)
                        marked = folder.written(student, stood.by_hand)
                        counts, row = _grade_best(submission, built, folder, exercises, feedback, isolated)
                        findings += _lowered(row, stood.points)
                        findings += _changed(student, marked, folder.written(student, stood.by_hand))
                        verdicts = functools.partial(_verdicts, counts, built, folder)
                        findings += compare(counts, row, built, verdicts, version)
                    except (CourseError, OSError, SQLAlchemyError) as error:
                        findings.append(Finding(student, "", f"{NOT_GRADED}: {told(error)}"))
                        row = _ungraded(submission, exercises, told(error))
                    seconds = round(notes.seconds[student], 3)
                    marks[student] = replace(row, seconds=seconds, attempts=submission.attempts)
                    show(marks[student], exercises)
        finally:  # what is finished is kept, however the run ends
            write_outputs(so_far(), roster_of(settings))
        return so_far()


def _before(built: list[Built], folder: CourseFolder, student: str) -> Submission:
    """What counts of a student's work until now."""
    return lying_in(folder.path("submitted", student), student, built)


def _standing(submission: Submission, folder: CourseFolder, exercises: list[Exercise], feedback: Path) -> Marks:
    """The marks of somebody of whom nothing came in now."""
    student = submission.student
    work, changed = folder.stand(student)
    pages = folder.path("feedback", student)
    if pages.is_dir() and (changed or not (feedback / student).exists()):
        copy_pages(pages, feedback / student)
    return replace(marks_of(submission, work, exercises), attempts=(submission.submitted,))


def pool_of(workers: int | None, scheduler: str | None, isolated: bool) -> Workers:
    """What examines, as a context manager: see `grade`."""
    if scheduler is None:
        return Workers(workers, isolated=isolated)
    from autograde.cluster import Cluster  # needs the extra `cluster`

    return Cluster(scheduler)


def _lowered(row: Marks, before: Mapping[str, float | None]) -> list[Finding]:
    """A line for each mark that is lower than the gradebook had it."""
    found = []
    for result in row.results:
        old, now = before.get(result.exercise), result.points
        if old is not None and (now is None or now < old):
            points = "open" if now is None else f"{now:g}"
            what = f"{result.exercise}: {points} now ({result.reason}), {old:g} points before."
            found.append(Finding(row.student, "", what, "Is that meant?", LOWERED, hides=""))
    return found


def _changed(student: str, marked: Mapping[str, str], now: Mapping[str, str]) -> list[Finding]:
    """A line for each answer that is another one than a person marked."""
    return [
        Finding(student, "", f"{exercise}: the answer is another one now than the one that was marked by hand; its mark stays.",
                "Mark it again: course mark", CHANGED, hides="")
        for exercise, text in now.items() if marked.get(exercise, text) != text
    ]  # fmt: skip


def examined(
    taken: Iterable[Submission],
    built: list[Built],
    folder: CourseFolder,
    pool: Workers,
    notes: Notes,
    diagnose: Diagnose = undiagnosed,
) -> Iterator[Submission]:
    """The submissions, each when all its notebooks are examined; their outcomes are kept in the course folder."""
    ready: list[Submission] = []
    owners: dict[str, list[Submission]] = {}
    left: Counter[str] = Counter()

    def new_jobs() -> Iterator[Job]:
        for submission in taken:
            jobs = {job.key: job for job in _jobs(submission, built, folder)}
            known = {key: folder.outcomes.find(key) for key in jobs}
            notes.seconds[submission.student] += sum(outcome.seconds for outcome in known.values() if outcome)
            wanted = [key for key, outcome in known.items() if outcome is None or outcome.failed]
            left[submission.student] = len(wanted)
            if not wanted:
                ready.append(submission)
            for key in wanted:
                owners.setdefault(key, []).append(submission)
            # Of two students' equal notebooks one is examined.
            yield from (jobs[key] for key in wanted if len(owners[key]) == 1)

    for job, outcome in pool.outcomes(new_jobs()):
        trouble = ""
        try:
            folder.outcomes.keep(job.key, diagnose(job, outcome))
        except (CourseError, OSError) as error:  # a full disk, say
            trouble = f"its result could not be kept: {told(error)}"
        for submission in owners.pop(job.key):
            notes.seconds[submission.student] += outcome.seconds
            if trouble:
                notes.trouble[submission.student] = trouble
            left[submission.student] -= 1
            if not left[submission.student]:
                ready.append(submission)
        while ready:
            yield ready.pop(0)
    yield from ready


def _jobs(submission: Submission, built: list[Built], folder: CourseFolder) -> list[Job]:
    """What there is to examine of a submission, all attempts that count; nothing of what cannot be read, which is told later."""
    return [job for attempt in _attempts(submission) for job in _jobs_of(attempt, built, folder)]


def _jobs_of(attempt: Submission, built: list[Built], folder: CourseFolder) -> list[Job]:
    jobs: list[Job] = []
    with (
        draft(folder.folder) as prepared,
        contextlib.suppress(OSError),
    ):
        copy_submission(attempt, prepared / "all")
        repair_copies(prepared / "all", built)
        jobs += folder.jobs(prepared / "all", built)
    return jobs


def _verdicts(attempt: Submission, built: list[Built], folder: CourseFolder) -> dict[str, Verdict]:
    """What the examiner said of an attempt, by grade_id."""
    known = (folder.outcomes.find(job.key) for job in _jobs_of(attempt, built, folder))
    return {name: verdict for outcome in known if outcome for name, verdict in outcome.verdicts.items()}


def _attempts(submission: Submission) -> list[Submission]:
    return [*(attempt for attempt in submission.earlier if attempt.notebooks), submission]


def _grade_best(
    submission: Submission,
    built: list[Built],
    folder: CourseFolder,
    exercises: list[Exercise],
    feedback: Path,
    isolated: bool,
) -> tuple[Submission, Marks]:
    """The attempt with the highest total, late penalties taken off, of equal ones the latest; and its marks."""
    attempts = _attempts(submission)
    marks = [_grade_one(attempt, built, folder, exercises, feedback, isolated) for attempt in attempts]
    best = max(reversed(range(len(attempts))), key=lambda number: marks[number].total)
    if attempts[best] is submission:
        return submission, marks[best]
    # Once more, so that the gradebook says the same.
    return attempts[best], _grade_one(attempts[best], built, folder, exercises, feedback, isolated)


def _grade_one(
    submission: Submission,
    built: list[Built],
    folder: CourseFolder,
    exercises: list[Exercise],
    feedback: Path,
    isolated: bool,
) -> Marks:
    if not submission.notebooks:
        return _ungraded(submission, exercises, next(found.problem for found in submission.refusals if found.hides))
    submitted = folder.path("submitted", submission.student)
    copy_submission(submission, submitted)
    write_handed_in(submitted, submission.known, submission.times)
    new = [item for item in built if submission.notebooks.get(item.name, submitted).parent != submitted]
    keep_pictures(submitted, new, isolated=isolated)
    repair_copies(submitted, built)
    work = folder.grade(submission.student, unread(submission, exercises))
    copy_pages(folder.path("feedback", submission.student), feedback / submission.student)
    return marks_of(submission, work, exercises)


def _ungraded(submission: Submission, exercises: list[Exercise], why: str) -> Marks:
    """No points, which is not 0 points, and the reason."""
    results = (Result(exercise.id, None, exercise.max_points, NOT_GRADED, why) for exercise in exercises)
    return Marks(
        submission.student,
        tuple(results),
        notebooks=tuple(submission.notebooks),
        tampered=submission.tampered,
        attempts=submission.attempts,
    )


def marks_of(submission: Submission, work: Work, exercises: list[Exercise]) -> Marks:
    """The gradebook's points, where manual marks count, with the examiner's reasons."""
    examined = {result.exercise: result for result in work.results}
    results = []
    for exercise in exercises:
        nothing = Result(exercise.id, 0.0, exercise.max_points, NOT_SUBMITTED)
        hiding = _hiding(submission, exercise.notebook)
        if hiding:
            results.append(replace(nothing, points=None, reason=NOT_GRADED, message=hiding[0].problem))
        else:
            found = examined.get(exercise.id, nothing)
            if exercise.id in submission.tampered:
                found = replace(found, message=f"{TAMPERED}. {found.message}".rstrip())
            points = work.standing.points.get(exercise.id, 0.0)
            results.append(replace(found, points=points, max_points=exercise.max_points))
    return Marks(
        submission.student,
        tuple(results),
        work.standing.penalties,
        tuple(submission.notebooks),
        work.standing.by_hand,
        submission.tampered,
        times=submission.times,
    )


def unread(submission: Submission, exercises: Iterable[Exercise]) -> set[str]:
    """The notebooks that may have been handed in, though none could be read."""
    return {exercise.notebook for exercise in exercises if _hiding(submission, exercise.notebook)}


def _hiding(submission: Submission, notebook: str) -> list[Finding]:
    """The refused files of which one may be this notebook, if there is no other: then it is no zero."""
    if notebook in submission.notebooks:
        return []
    return [finding for finding in submission.refusals if finding.hides in (notebook, ANY_NOTEBOOK)]
