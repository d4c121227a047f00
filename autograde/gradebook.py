"""nbgrader's course folder: what is published, handed in, graded and told, in the places and forms that nbgrader's tools expect."""

import fcntl
import json
import logging
import os
import re
import secrets
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import reads
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import LimitOutput
from traitlets import TraitError
from traitlets.config import Config, PyFileConfigLoader
from traitlets.utils.importstring import import_item

from autograde.book import Book, Exercise, HandMark, KnownCell, Standing, index, prepare
from autograde.build import Built, as_text, digest
from autograde.cells import answer_text, exercise_id, grade_id, is_test, is_written, marks
from autograde.course import ASSIGNMENT, CourseError
from autograde.drafts import draft, replacing
from autograde.due import Due
from autograde.examine import Result, fill_in, results
from autograde.feedback import Facts, Score, page
from autograde.handed_in import handed_in_at
from autograde.job import Job
from autograde.jobs import Results
from autograde.nbgrader_steps import (
    CONFIG_FILE,
    IMAGES_FILE,
    RESULTS_FOLDER,
    Examine,
    config_text,
    late_penalty,
    results_of,
)
from autograde.pictures import kept_pictures
from autograde.settings import LatePolicy
from autograde.trouble import told
from helpers.whole import write_whole

_POLICY_FILE = "nbgrader_config.json"
_PUBLISHED_FILE = "published.txt"
#: The last line of a traceback in nbgrader's log.
_CAUSE = re.compile(r"^ *([\w.]*(?:Error|Exception|Failure)\w*: .*)$", re.MULTILINE)


@dataclass(frozen=True)
class Work:
    """A student's graded work: what the examiner said of each exercise that was handed in, and what the gradebook says."""

    results: list[Result]
    standing: Standing


class CourseFolder:
    """nbgrader's folder of a course: source, release, submitted, autograded, feedback, gradebook.db."""

    def __init__(self, folder: Path, assignment: str = ASSIGNMENT) -> None:
        """Use a folder, and make it one of nbgrader's if it is not yet. assignment: what nbgrader calls the course's notebooks."""
        self.folder, self.assignment = folder, assignment
        folder.mkdir(parents=True, exist_ok=True)
        config_file = folder / CONFIG_FILE
        if not config_file.exists():
            draft = folder / f".{CONFIG_FILE}"
            draft.touch(mode=0o600)
            draft.write_text(config_text(secrets.randbelow(2**62)), encoding="utf-8")
            draft.replace(config_file)  # whole or not at all: a course without its seed must not grade
        config = PyFileConfigLoader(CONFIG_FILE, path=str(folder)).load_config()
        config.merge(Config({"CourseDirectory": {"root": str(folder.resolve())}}))
        self._api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
        self._api.log_level = "ERROR"
        self._api.log.handlers = [logging.NullHandler()]  # its log comes back with each result
        self._api.log.propagate = False
        self._open: Book | None = None
        self._due = Due()

    @property
    def images(self) -> Path:
        """Where the images lie that handed-in weights are judged on, once an instructor has named some."""
        return self.folder / IMAGES_FILE

    def path(self, step: str, student: str = ".") -> Path:
        """Where nbgrader keeps the assignment at a step ("source", "submitted", ...) for a student."""
        return self.folder / step / student / self.assignment

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """While this lasts, no other `course` command writes here. Raises CourseError when one does."""
        claim = os.open(self.folder, os.O_RDONLY)  # the kernel lets go of it, however this process ends
        try:
            try:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CourseError(
                    f"another `course` command works in {self.folder}. Wait for its end, and run this one again."
                ) from None
            yield
        finally:
            os.close(claim)

    def publish(self, built: list[Built]) -> None:
        """Give nbgrader the notebooks, and let it make the release and the gradebook's entries.

        Raises CourseError when exercises came or went after submissions were graded, or when nbgrader refuses.
        """
        source = self.path("source")
        self.refuse_other_exercises(built)
        source.mkdir(parents=True, exist_ok=True)
        wanted = {source / item.filename: item.text for item in built}
        on_disk = {path: path.read_text(encoding="utf-8") for path in source.glob("*.ipynb")}
        published, now = self.folder / _PUBLISHED_FILE, digest(built)
        if (
            on_disk == wanted
            and self.path("release").exists()
            and (self.folder / "gradebook.db").exists()
            and (published.exists() and published.read_text(encoding="utf-8") == now)
        ):
            return
        for path in on_disk.keys() - wanted.keys():
            path.unlink()
        for path, text in wanted.items():
            path.write_text(text, encoding="utf-8")
        prepare(self.folder / "gradebook.db")
        answer = self._api.generate_assignment(self.assignment, force=True)
        _succeed(answer, "nbgrader could not make the release")
        index(self.folder / "gradebook.db")
        write_whole(published, now)  # not before: who is killed on the way publishes again

    def refuse_other_exercises(self, built: list[Built]) -> None:
        """Raise CourseError when exercises came or went: once there are submissions nbgrader would fail half-way."""
        if not (self.folder / "gradebook.db").exists():
            return
        with self.book() as book:
            if not book.has_submissions():
                return
        before = {exercise.id for exercise in self.exercises()}
        now = {exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell) or is_written(cell)}
        if before != now:
            changes = [f"{name} is new" for name in sorted(now - before)] + [
                f"{name} is gone" for name in sorted(before - now)
            ]
            raise CourseError(
                f"exercises changed after submissions were graded ({', '.join(changes)}). Move {self.folder} away, "
                "with the marks in it, and grade again into a new one."
            )

    def set_policy(self, policy: LatePolicy | None, consistent: float = 0.0) -> None:
        """Tell nbgrader when work is due, and what being late costs: for this run, and for its own commands.

        consistent: the share of the points for what is right for the student's own earlier answers alone.
        """
        written = self.folder / _POLICY_FILE
        if policy is None and not consistent and not written.exists():
            return  # whatever was set with nbgrader itself stays
        config, due = Config({"Examine": {"consistent": consistent}}), None
        self._due = policy.due if policy else Due()
        if policy:
            config[_late_plugin(policy)] = Config(policy.options)
            config.AssignLatePenalties.plugin_class = policy.plugin
            config.LatePenalties.due = policy.due.as_json()
            if policy.due.all:  # nbgrader itself has one date for all
                due = policy.due.all.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        self._api.config.merge(config)
        with self.book() as book:
            book.set_due(due)
        if policy or consistent:
            written.write_text(json.dumps(config, indent=1, default=str) + "\n", encoding="utf-8")
        else:
            written.unlink()

    def standing(self, student: str) -> Standing:
        """What the gradebook says of a student so far; nothing when it does not know them."""
        try:
            with self.book() as book:
                return book.standing(student)
        except MissingEntry:
            return Standing({}, {}, frozenset(), {})

    def written(self, student: str, exercises: Collection[str]) -> dict[str, str]:
        """A student's answers to those of the exercises that a person marks, as text, by exercise."""
        notebooks = self.autograded(student).values() if exercises else ()
        cells = [cell for notebook in notebooks for cell in notebook.cells if is_written(cell)]
        return {exercise_id(cell): answer_text(cell) for cell in cells if exercise_id(cell) in exercises}

    @property
    def outcomes(self) -> Results:
        """What is known of notebooks that were examined."""
        return results_of(self.folder)

    def jobs(self, folder: Path, built: Iterable[Built] = ()) -> Iterator[Job]:
        """The jobs to examine each notebook of a hand-in, copied into folder and put in order.

        built: what to examine against, if that is not what was published.
        """
        examiner, full = Examine(config=self._api.config), {item.name: item.text for item in built}
        for path in sorted(folder.glob("*.ipynb")):
            yield examiner.job(self.folder, folder, path.stem, full.get(path.stem, ""))

    @contextmanager
    def rehearsal(self) -> Iterator["CourseFolder"]:
        """A copy to try things in, which is gone afterwards: the gradebook and what was published, nobody's submission.

        Outcomes of examinations are kept for good: they are true whatever becomes of the marks. Raises CourseError when
        the gradebook cannot be read.
        """
        with draft() as copy:
            for kept in (CONFIG_FILE, _POLICY_FILE, _PUBLISHED_FILE):
                if (self.folder / kept).exists():
                    shutil.copyfile(self.folder / kept, copy / kept)
            for step in ("source", "release"):
                shutil.copytree(self.folder / step, copy / step)
            (self.folder / RESULTS_FOLDER).mkdir(exist_ok=True)
            for shared in (RESULTS_FOLDER, IMAGES_FILE):
                if (self.folder / shared).exists():
                    (copy / shared).symlink_to((self.folder / shared).resolve())
            try:
                with (
                    closing(sqlite3.connect(self.folder / "gradebook.db")) as ours,
                    closing(sqlite3.connect(copy / "gradebook.db")) as theirs,
                ):
                    ours.backup(theirs)
            except sqlite3.Error as error:
                raise CourseError(told(error)) from None
            yield CourseFolder(copy, self.assignment)

    def grade(self, student: str, unread: Collection[str] = ()) -> Work:
        """Grade what lies in submitted/ for a student: gradebook, autograded/, feedback/ then say the same.

        unread: notebooks that may have been handed in but cannot be read. What `nbgrader autograde` and `generate_feedback`
        would do with these notebooks, which intake has put in order. Raises CourseError, OSError, SQLAlchemyError.
        """
        handed_in = self.path("submitted", student)
        with self.book() as book, replacing(self.path("autograded", student)) as new:
            examined = {
                name: self._examined(handed_in, name, book.cells(name))
                for name in book.notebooks
                if (handed_in / f"{name}.ipynb").exists()
            }
            for path in handed_in.iterdir():
                if path.is_file() and path.suffix != ".ipynb":
                    shutil.copyfile(path, new / path.name)
            for name, (notebook, _) in examined.items():
                (new / f"{name}.ipynb").write_text(as_text(notebook), encoding="utf-8")
            standing = book.enter(
                student,
                examined,
                unread=unread,
                handed_in=self._api.coursedir.get_existing_timestamp(str(handed_in)),
                late_penalty=self._late_penalty,
            )
        self._write_feedback(student, {name: notebook for name, (notebook, _) in examined.items()}, standing)
        return Work([result for _, found in examined.values() for result in found], standing)

    def _examined(
        self, handed_in: Path, name: str, known: Mapping[str, KnownCell]
    ) -> tuple[NotebookNode, list[Result]]:
        """A notebook with the course's tests and what examining it showed, and its results."""
        notebook = _read(handed_in / f"{name}.ipynb")
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            there = known.get(grade_id(cell))
            if there is None:
                continue
            marks(cell).update({"checksum": there.checksum, "locked": there.locked})
            if there.points is not None:
                marks(cell)["points"] = there.points
            if there.locked:
                cell.source = there.source
        examiner = Examine(config=self._api.config)
        outcome = examiner.outcome(self.folder, handed_in, name)
        found = fill_in(notebook, outcome, examiner.consistent, kept_pictures(handed_in, name))
        LimitOutput().preprocess(notebook, {})
        return notebook, found

    def _write_feedback(self, student: str, notebooks: Mapping[str, NotebookNode], standing: Standing) -> None:
        with replacing(self.path("feedback", student)) as new:
            for name, notebook in notebooks.items():
                for cell in notebook.cells:
                    if grade_id(cell):
                        marks(cell)["comment"] = standing.comments.get((name, grade_id(cell)))
                        marks(cell)["score"] = standing.points.get(exercise_id(cell))
                graded = [marks(cell) for cell in notebook.cells if is_test(cell) or is_written(cell)]
                penalty = standing.penalties.get(name, 0.0)
                points = sum(about["score"] or 0.0 for about in graded) - penalty
                score = Score(points, sum(float(about["points"]) for about in graded))
                text = page(notebook, Facts(student, name, score, penalty))
                (new / f"{name}.html").write_text(text, encoding="utf-8")

    def refresh(self, student: str) -> Work:
        """Bring late penalties and feedback/ up to date with what a person marked since; the student's work as it is then.

        Raises MissingEntry when nothing of theirs was graded.
        """
        with self.book() as book:
            book.penalise(student, self._late_penalty)
            standing = book.standing(student)
        self._write_feedback(student, self.autograded(student), standing)
        return Work(self.results(student), standing)

    def stand(self, student: str) -> tuple[Work, bool]:
        """A student's graded work as it lies here; whether what being late costs had changed, which feedback/ then says, too."""
        before = self.standing(student).penalties
        with self.book() as book:
            book.penalise(student, self._late_penalty)
            standing = book.standing(student)
        changed = standing.penalties != before
        if changed:
            self._write_feedback(student, self.autograded(student), standing)
        return Work(self.results(student), standing), changed

    def mark(self, given: Mapping[str, Mapping[str, HandMark]]) -> None:
        """Enter what a person gave, by student and exercise, all or none."""
        with self.book() as book:
            book.mark(given, self._late_penalty)

    def autograded(self, student: str) -> dict[str, NotebookNode]:
        """A student's notebooks as they were graded last, by name."""
        return {path.stem: _read(path) for path in sorted(self.path("autograded", student).glob("*.ipynb"))}

    def published(self) -> dict[str, NotebookNode]:
        """The course's notebooks with answers and hidden tests, as they were published, by name."""
        return {path.stem: _read(path) for path in sorted(self.path("source").glob("*.ipynb"))}

    @property
    def seed(self) -> int:
        """The course's secret. Raises CourseError without one."""
        return Examine(config=self._api.config).secret()

    def _late_penalty(self, student: str, notebook: str, score: float, seconds: float) -> float | None:
        if self._due:  # else it was set with nbgrader itself
            late = self._due.late_by(notebook, handed_in_at(self.path("submitted", student), notebook))
            seconds = late.total_seconds() if late else 0.0
        return late_penalty(self._api.config).late_submission_penalty(student, score, seconds) if seconds > 0 else None

    def work(self, student: str) -> Work:
        """A student's graded work as it lies here. Raises MissingEntry when nothing of theirs was graded."""
        with self.book() as book:
            standing = book.standing(student)
        return Work(self.results(student), standing)

    def exercises(self) -> list[Exercise]:
        """Every exercise of the course, in the order of the notebooks."""
        with self.book() as book:
            return book.exercises()

    def results(self, student: str) -> list[Result]:
        """Each examined exercise of a student with its reason, from the autograded notebooks."""
        return [result for notebook in self.autograded(student).values() for result in results(notebook)]

    @contextmanager
    def book(self) -> Iterator[Book]:
        """The gradebook, open; within this block it stays open, since opening it costs more than most questions."""
        if self._open is not None:
            yield self._open
            return
        prepare(self.folder / "gradebook.db")  # of what is no database nbgrader leaves a connection open
        with Gradebook(self._api.coursedir.db_url, self._api.coursedir.course_id) as gradebook:
            self._open = Book(gradebook, self.assignment)
            try:
                yield self._open
            finally:
                self._open = None


def _read(path: Path) -> NotebookNode:
    """A notebook that was written here, and is valid."""
    return reads(path.read_text(encoding="utf-8"))


def _late_plugin(policy: LatePolicy) -> str:
    """The name of the policy's class. Raises CourseError when it is no plugin of nbgrader's, or has no such option."""
    try:
        plugin = import_item(policy.plugin)
        if not (isinstance(plugin, type) and issubclass(plugin, BasePlugin)):
            raise TypeError("it is none of nbgrader's plugins")
        settable = plugin.class_trait_names(config=True)
        unknown = sorted(set(policy.options) - set(settable))
        if unknown:
            raise ValueError(f"its option {unknown[0]} is unknown; there are: {', '.join(settable) or 'none'}")
        plugin(**policy.options)
    except (ImportError, TypeError, TraitError, ValueError) as error:
        raise CourseError(f"course.toml: late.plugin {policy.plugin} cannot be used: {error}.") from None
    return plugin.__name__


def _succeed(answer: dict, problem: str) -> None:
    """Raise CourseError with the cause in nbgrader's own words, unless its answer says success."""
    if answer["success"]:
        return
    log = answer.get("log", "") + "\n" + answer.get("error", "")
    if "KeyboardInterrupt" in log:  # nbgrader swallows it
        raise KeyboardInterrupt
    causes = [cause for cause in _CAUSE.findall(log) if "NbGraderException" not in cause]
    cause = causes[-1] if causes else log.strip().splitlines()[-1]
    known = told(RuntimeError(cause))
    raise CourseError(f"{problem}: {known}")
