"""nbgrader's gradebook, open: what it says of a student, and a student's marks entered in one transaction.

nbgrader's own steps commit for each cell and open the database anew for each notebook, which costs more than examining.
"""

import sqlite3
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, InvalidEntry, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.utils import compute_checksum
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import joinedload, selectinload
from tornado.log import app_log

from autograde.cells import TEST_SUFFIX, grade_id, is_solution
from autograde.course import CourseError
from autograde.examine import Result
from autograde.trouble import told

#: What being late costs, in points: (student, notebook, points, seconds late as nbgrader counts them) → points lost, or None.
LatePenalty = Callable[[str, str, float, float], float | None]


@dataclass(frozen=True)
class Exercise:
    """One row of the gradebook: the exercise's id, the notebook it is in, its maximum."""

    id: str
    notebook: str
    max_points: float


@dataclass(frozen=True)
class KnownCell:
    """What the gradebook keeps of one of the course's cells; points is None unless it is graded."""

    source: str
    checksum: str
    locked: bool
    points: float | None


@dataclass(frozen=True)
class Standing:
    """What the gradebook says of a student.

    points: by exercise; None where a person has to mark; manual marks count. penalties: what being late costs, by notebook.
    by_hand: exercises whose points a person gave. comments: by notebook and grade_id, as shown to the student.
    """

    points: Mapping[str, float | None]
    penalties: Mapping[str, float]
    by_hand: frozenset[str]
    comments: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class HandMark:
    """What a person gave for an answer: points, None when there are none yet, and a comment, which may be empty."""

    points: float | None = None
    comment: str = ""


class Book:
    """The gradebook's part on the course's assignment."""

    def __init__(self, gradebook: Gradebook, assignment: str) -> None:
        self._gradebook, self._assignment = gradebook, assignment
        self._cells: dict[str, dict[str, KnownCell]] = {}

    @property
    def notebooks(self) -> list[str]:
        """The names of the course's notebooks, in order."""
        return sorted(notebook.name for notebook in self._gradebook.find_assignment(self._assignment).notebooks)

    def exercises(self) -> list[Exercise]:
        """Every exercise of the course, in the order of the notebooks."""
        found = []
        for notebook in sorted(
            self._gradebook.find_assignment(self._assignment).notebooks, key=lambda notebook: notebook.name
        ):
            maxima = {cell.name: cell.max_score for cell in notebook.grade_cells}
            order = [cell.name for cell in notebook.source_cells if cell.name in maxima]
            found += [Exercise(name.removesuffix(TEST_SUFFIX), notebook.name, maxima[name]) for name in order]
        return found

    def cells(self, notebook: str) -> dict[str, KnownCell]:
        """What is known of a notebook's cells, by grade_id. Raises MissingEntry."""
        if notebook not in self._cells:
            found = self._gradebook.find_notebook(notebook, self._assignment)
            points = {cell.name: cell.max_score for cell in (*found.grade_cells, *found.task_cells)}
            self._cells[notebook] = {
                cell.name: KnownCell(cell.source, cell.checksum, bool(cell.locked), points.get(cell.name))
                for cell in found.source_cells
            }
        return self._cells[notebook]

    def standing(self, student: str) -> Standing:
        """What the gradebook says of a student. Raises MissingEntry when it does not know the submission."""
        return _standing(self._notebooks(self._gradebook.find_submission(self._assignment, student)))

    @property
    def students(self) -> list[str]:
        """Everybody whose work is in it."""
        return sorted(work.student_id for work in self._gradebook.assignment_submissions(self._assignment))

    def hand_marks(self, student: str) -> dict[str, HandMark]:
        """What a person gave for each answer that has a comment of its own, by exercise. Raises MissingEntry."""
        found = {}
        for notebook in self._notebooks(self._gradebook.find_submission(self._assignment, student)):
            comments = {comment.name: comment.manual_comment or "" for comment in notebook.comments}
            for grade in notebook.grades:
                if grade.name in comments:
                    found[grade.name] = HandMark(grade.manual_score, comments[grade.name])
        return found

    def mark(self, given: Mapping[str, Mapping[str, HandMark]], late_penalty: LatePenalty) -> None:
        """Enter what a person gave, by student and exercise, all or none; what being late costs is counted anew."""
        database = self._gradebook.db
        try:
            for student, by_exercise in given.items():
                submission = self._gradebook.find_submission(self._assignment, student)
                for notebook in self._notebooks(submission):
                    for grade in (grade for grade in notebook.grades if grade.name in by_exercise):
                        grade.manual_score = by_exercise[grade.name].points
                        grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
                    for comment in (comment for comment in notebook.comments if comment.name in by_exercise):
                        comment.manual_comment = by_exercise[comment.name].comment or None
                _penalise(submission, _with_points(self._notebooks(submission)), late_penalty)
            database.commit()
        except BaseException:
            database.rollback()
            raise

    def penalise(self, student: str, late_penalty: LatePenalty) -> None:
        """Count anew what being late costs a student: it may depend on points that a person gave meanwhile."""
        submission = self._gradebook.find_submission(self._assignment, student)
        _penalise(submission, _with_points(self._notebooks(submission)), late_penalty)
        self._gradebook.db.commit()

    def has_submissions(self) -> bool:
        """Whether anybody's marks are in it."""
        try:
            return bool(self._gradebook.assignment_submissions(self._assignment))
        except MissingEntry:
            return False

    def set_due(self, due: str | None) -> None:
        """Say when work is due: a time in UTC as nbgrader writes it."""
        self._gradebook.update_or_create_assignment(self._assignment, duedate=due)

    def enter(
        self,
        student: str,
        examined: Mapping[str, tuple[NotebookNode, list[Result]]],
        *,
        unread: Collection[str] = (),
        handed_in: datetime | None = None,
        late_penalty: LatePenalty,
    ) -> Standing:
        """Enter a student's marks, all or none; returns what the gradebook says of them then.

        examined: notebooks and their results, by name. unread: notebooks that may have been handed in, and wait for a person;
        all others of the course are worth nothing. What a person marked stays.
        """
        database = self._gradebook.db
        try:
            with _without_commits(database), database.no_autoflush, _said_by_us(), warnings.catch_warnings():
                warnings.simplefilter("ignore", category=SAWarning)  # nbgrader's own session handling
                self._gradebook.update_or_create_student(student)
                when = {"timestamp": handed_in} if handed_in else {}
                submission = self._gradebook.update_or_create_submission(self._assignment, student, **when)
            notebooks = self._notebooks(submission)
            for notebook in notebooks:
                notebook.late_submission_penalty = None
                if notebook.name in examined:
                    _enter(notebook, *examined[notebook.name])
                else:
                    _enter_nothing(notebook, waits=notebook.name in unread)
            _penalise(submission, [notebook for notebook in notebooks if notebook.name in examined], late_penalty)
            standing = _standing(notebooks)
            database.commit()
        except InvalidEntry as error:  # nbgrader's word for whatever the database says
            database.rollback()
            raise CourseError(told(error)) from None
        except BaseException:
            database.rollback()
            raise
        return standing

    def _notebooks(self, submission: SubmittedAssignment) -> list[SubmittedNotebook]:
        """A submission's notebooks in order, with all there is to each, in few queries."""
        asked = self._gradebook.db.query(SubmittedNotebook).filter_by(assignment_id=submission.id)
        whole = asked.options(
            joinedload(SubmittedNotebook.notebook),
            selectinload(SubmittedNotebook.grades).joinedload(Grade.cell),
            selectinload(SubmittedNotebook.comments).joinedload(Comment.cell),
        )
        return sorted(whole, key=lambda notebook: notebook.name)


def prepare(database: Path) -> None:
    """Begin a new gradebook, with the version of nbgrader's tables in it; one that is there is left as it is.

    nbgrader itself asks a process for that version, which has to be found on PATH and takes seconds. Raises CourseError.
    """
    try:
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("BEGIN")  # whole or not at all: who is killed on the way begins again
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return
            version = ScriptDirectory(ALEMBIC_DIR).get_current_head()
            connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            connection.execute("INSERT INTO alembic_version VALUES (?)", [version])
    except sqlite3.Error as error:
        raise CourseError(told(error)) from None


def index(database: Path) -> None:
    """Let a student's rows be found in a gradebook without reading everybody's. Raises CourseError."""
    try:
        with closing(sqlite3.connect(database)) as connection, connection:
            for table, column in (
                ("grade", "notebook_id"),
                ("comment", "notebook_id"),
                ("submitted_notebook", "assignment_id"),
            ):
                connection.execute(f"CREATE INDEX IF NOT EXISTS {table}_by_{column} ON {table} ({column})")
    except sqlite3.Error as error:
        raise CourseError(told(error)) from None


def _enter(notebook: SubmittedNotebook, graded: NotebookNode, results: list[Result]) -> None:
    """One notebook's grades and remarks, as nbgrader's SaveAutoGrades makes them; what was not graded waits for a person."""
    by_exercise = {result.exercise: result for result in results}
    for grade in notebook.grades:
        result = by_exercise[grade.name.removesuffix(TEST_SUFFIX)]
        grade.auto_score = result.points
        grade.needs_manual_grade = result.points is None or grade.manual_score is not None
    answers = {grade_id(cell): cell for cell in graded.cells if is_solution(cell)}
    for comment in notebook.comments:
        cell = answers[comment.name]
        untouched = cell.metadata.nbgrader["checksum"] == compute_checksum(cell)
        comment.auto_comment = "No response." if untouched else None


def _standing(notebooks: Iterable[SubmittedNotebook]) -> Standing:
    """What a student's notebooks in the gradebook say."""
    points: dict[str, float | None] = {}
    penalties, by_hand, comments = {}, set(), {}
    for notebook in notebooks:
        if notebook.late_submission_penalty:
            penalties[notebook.name] = float(notebook.late_submission_penalty)
        for grade in notebook.grades:
            exercise = grade.name.removesuffix(TEST_SUFFIX)
            waits = grade.needs_manual_grade and grade.manual_score is None
            points[exercise] = None if waits else _score(grade)
            if grade.manual_score is not None:
                by_hand.add(exercise)
        for comment in notebook.comments:
            text = comment.auto_comment if comment.manual_comment is None else comment.manual_comment
            if text:
                comments[notebook.name, comment.name] = text
    return Standing(points, penalties, frozenset(by_hand), comments)


def _penalise(
    submission: SubmittedAssignment, notebooks: Iterable[SubmittedNotebook], late_penalty: LatePenalty
) -> None:
    """Say what being late costs in each of these notebooks."""
    late = submission.total_seconds_late
    for notebook in notebooks:
        score = sum(_score(grade) for grade in notebook.grades)
        lost = late_penalty(submission.student_id, notebook.name, score, late)
        notebook.late_submission_penalty = None if lost is None else min(max(lost, 0.0), score)


def _with_points(notebooks: Iterable[SubmittedNotebook]) -> list[SubmittedNotebook]:
    """Those in which being late can cost something."""
    return [notebook for notebook in notebooks if any(map(_score, notebook.grades))]


def _enter_nothing(notebook: SubmittedNotebook, *, waits: bool) -> None:
    for grade in notebook.grades:
        grade.auto_score, grade.needs_manual_grade = None if waits else 0.0, waits


def _score(grade: Grade) -> float:
    """As nbgrader computes it in the database."""
    own = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return 0.0 if own is None else own + (grade.extra_credit or 0.0)


@contextmanager
def _said_by_us() -> Iterator[None]:
    """nbgrader logs what goes wrong with a stack, and with the statement, which names students."""
    before, app_log.disabled = app_log.disabled, True
    try:
        yield
    finally:
        app_log.disabled = before


@contextmanager
def _without_commits(database: object) -> Iterator[None]:
    """nbgrader's functions commit; here that is for the end of the transaction."""
    commit = database.commit
    database.commit = database.flush
    try:
        yield
    finally:
        database.commit = commit
