"""Grade a folder of submissions: marks, reasons and feedback."""

import csv
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from autograde.build import Built
from autograde.cells import grade_id
from autograde.course import CourseError
from autograde.examine import BY_HAND, NOT_ATTEMPTED, NOT_GRADED, PASSED, Result
from autograde.gradebook import CourseFolder, Exercise
from autograde.intake import Refusal, Submission, copy_submission, read_submissions

NOT_SUBMITTED = "not submitted"


@dataclass(frozen=True)
class Marks:
    """One student's marks: a result for every exercise of the course, in order; points is None while waiting for a person."""

    student: str
    results: tuple[Result, ...]

    @property
    def total(self) -> float:
        """The points so far."""
        return sum(result.points or 0.0 for result in self.results)

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
    refusals: tuple[Refusal, ...]
    csv: Path
    feedback: Path


def grade(
    built: list[Built],
    submissions: Path,
    out: Path,
    folder: CourseFolder,
    *,
    progress: Callable[[list[Submission]], Iterable[Submission]] = iter,
) -> Graded:
    """Grade every student's folder in submissions, and write grades.csv, reasons.csv and feedback/ into out.

    progress: wraps the list of submissions, to show how far the run is; it may end the run early. What cannot be graded
    becomes a refusal, has no points rather than 0, and never stops the others.
    Raises CourseError when there is nothing to grade, or the course itself cannot be published.
    """
    folder.publish(built)
    known = {item.name: {grade_id(cell) for cell in item.release.cells} - {""} for item in built}
    taken, refusals = read_submissions(submissions, known, {name for item in built for name in item.hands_in})
    refusals += [refusal for submission in taken for refusal in submission.refusals]
    out.mkdir(parents=True, exist_ok=True)
    exercises, feedback = folder.exercises(), out / "feedback"
    marks = {submission.student: _ungraded(submission, exercises, "the run was interrupted") for submission in taken}
    try:
        for submission in progress(taken):
            try:
                marks[submission.student] = _grade_one(submission, folder, exercises, feedback)
            except (CourseError, OSError, SQLAlchemyError) as error:
                refusals.append(Refusal(submission.student, "", f"{NOT_GRADED}: {error}"))
                marks[submission.student] = _ungraded(submission, exercises, str(error))
    finally:  # what is finished is kept, however the run ends
        _write_csv(out / "grades.csv", out / "reasons.csv", list(marks.values()), exercises)
    return Graded(tuple(exercises), tuple(marks.values()), tuple(refusals), out / "grades.csv", feedback)


def _grade_one(submission: Submission, folder: CourseFolder, exercises: list[Exercise], feedback: Path) -> Marks:
    if not submission.notebooks:
        return _ungraded(submission, exercises, submission.refusals[0].problem)
    copy_submission(submission, folder.path("submitted", submission.student))
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
        if exercise.notebook not in submission.notebooks and submission.refusals:
            # One of the refused files may be this notebook: that is no zero.
            results.append(replace(nothing, points=None, reason=NOT_GRADED, message=submission.refusals[0].problem))
        else:
            found = examined.get(exercise.id, nothing)
            results.append(replace(found, points=points.get(exercise.id, 0.0), max_points=exercise.max_points))
    return Marks(submission.student, tuple(results))


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _write_csv(grades: Path, reasons: Path, marks: list[Marks], exercises: list[Exercise]) -> None:
    """One row per student for the LMS, and one row per mark with its reason."""
    with grades.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", *(exercise.id for exercise in exercises), "total", "max"])
        for row in marks:
            points = ["" if result.points is None else f"{result.points:g}" for result in row.results]
            writer.writerow([_plain(row.student), *points, f"{row.total:g}" if row.graded else "", f"{row.maximum:g}"])
    with reasons.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "exercise", "points", "max", "reason", "message"])
        for row in marks:
            for result in row.results:
                points = "" if result.points is None else f"{result.points:g}"
                told = [result.reason, _plain(result.message)]
                writer.writerow([_plain(row.student), result.exercise, points, f"{result.max_points:g}", *told])
