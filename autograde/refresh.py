"""Bring marks, feedback and report up to date with marks that a person gave since."""

from dataclasses import replace
from pathlib import Path

from autograde.course import CourseError
from autograde.grade import marks_of
from autograde.gradebook import CourseFolder
from autograde.marks import Graded
from autograde.outputs import copy_pages, write_outputs
from autograde.record import read_record
from autograde.regrade import submission_of
from autograde.roster import roster_of
from autograde.settings import Settings


def refresh(folder: CourseFolder, out: Path, settings: Settings) -> Graded:
    """Write all files of the last run anew, which lie in out, with the gradebook's marks of now; nothing is examined.

    Raises CourseError when there was no run, or the course's exercises are others since.
    """
    record = read_record(out)
    exercises = folder.exercises()
    if [exercise.id for exercise in exercises] != [exercise.id for exercise in record.exercises]:
        raise CourseError(f"{out} has the marks of other exercises than the gradebook. Run: course grade")
    folder.set_policy(settings.late, settings.consistent)
    rows = []
    with folder.book():
        for row in record.marks:
            if row.graded and row.notebooks:
                work = folder.refresh(row.student)
                copy_pages(folder.path("feedback", row.student), record.feedback / row.student)
                now = marks_of(submission_of(row, record, folder), work, exercises)
                row = replace(now, notebooks=row.notebooks, seconds=row.seconds, attempts=row.attempts, times=row.times)
            rows.append(row)
    graded = replace(record, exercises=tuple(exercises), marks=tuple(rows))
    write_outputs(graded, roster_of(settings))
    return graded
