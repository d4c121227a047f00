"""nbgrader's course folder and gradebook: written and read with nbgrader's own converters and API."""

import json
import logging
import os
import re
import secrets
import shutil
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbformat.warnings import MissingIDFieldWarning
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    GetGrades,
    LimitOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import setenv
from sqlalchemy.exc import SAWarning
from traitlets import Integer, TraitError, Unicode
from traitlets.config import Config, PyFileConfigLoader
from traitlets.utils.importstring import import_item

from autograde import inert
from autograde.build import RELEASE_STEPS, Built, as_text, digest
from autograde.cells import TEST_SUFFIX, exercise_id, grade_id, is_test, is_written
from autograde.course import ASSIGNMENT, CourseError
from autograde.examine import NOT_GRADED, Result, fill_in, job_for, results
from autograde.job import Job
from autograde.jobs import Results, Workers
from autograde.settings import LatePolicy
from autograde.trouble import told
from autograde.whole import write_whole

_CONFIG_FILE = "nbgrader_config.py"
_LATE_FILE = "nbgrader_config.json"
_PUBLISHED_FILE = "published.txt"
_IMAGES_FILE = "unseen_images.npz"
_RESULTS_FOLDER = "results"
#: What an examination gets of a submission: notebooks, and trained weights.
_HANDED_IN = (".ipynb", ".npz", ".safetensors")
#: The last line of a traceback in nbgrader's log.
_CAUSE = re.compile(r"^ *([\w.]*(?:Error|Exception|Failure)\w*: .*)$", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    """One row of the gradebook: the exercise's id, the notebook it is in, its maximum."""

    id: str
    notebook: str
    max_points: float


class DropCopies(NbGraderPreprocessor):
    """Let the first cell with an id keep it: a copied cell becomes an ordinary one, which runs but is not graded.

    nbgrader's own DeduplicateIds leaves empty metadata behind, on which its next step fails.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        seen: set[str] = set()
        for cell in nb.cells:
            identity = grade_id(cell)
            if not identity or identity in seen:
                cell.metadata.pop("nbgrader", None)
            seen.add(identity)
        return nb, resources


class Examine(NbGraderPreprocessor):
    """nbgrader's Execute step, done by the examiner."""

    seed = Integer(None, allow_none=True, help="The course's secret: it fixes the fresh inputs of hidden tests.").tag(
        config=True
    )
    timeout = Integer(60, help="Seconds that one cell may take.").tag(config=True)
    images = Unicode(help="Where images may lie that trained weights are judged on.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        root, about = Path(self.config.CourseDirectory.root), resources["nbgrader"]
        job = self.job(root, root / "submitted" / about["student"] / about["assignment"], about["notebook"])
        known = Results(root / _RESULTS_FOLDER)
        outcome = known.find(job.key)
        if outcome is None:  # nbgrader was asked, not `course`
            with Workers(1) as workers:
                ((_, outcome),) = workers.outcomes([job])
            known.keep(job.key, outcome)
        fill_in(nb, outcome)
        return nb, resources

    def job(self, root: Path, folder: Path, name: str, full: str = "") -> Job:
        """The job to examine a notebook in a folder of nbgrader's course folder, or against another full text.

        Raises CourseError without a seed.
        """
        if self.seed is None:
            raise CourseError(
                f"{_CONFIG_FILE} sets no c.Examine.seed. Restore it from a backup, or remove the file for a new one."
            )
        images = Path(self.images)
        return job_for(
            name,
            (folder / f"{name}.ipynb").read_text(encoding="utf-8"),
            full or (root / "source" / ASSIGNMENT / f"{name}.ipynb").read_text(encoding="utf-8"),
            [path for path in folder.iterdir() if path.suffix in _HANDED_IN],
            seed=self.seed,
            timeout=self.timeout,
            images=images if self.images and images.exists() else None,
        )


class SaveGrades(SaveAutoGrades):
    """nbgrader's step, which takes every error for a zero; what the grader could not judge waits for a person instead."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        nb, resources = super().preprocess(nb, resources)
        waiting = {result.exercise for result in results(nb) if result.reason == NOT_GRADED}
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            submission = gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
            for grade in submission.grades:
                if grade.name.removesuffix(TEST_SUFFIX) in waiting:
                    grade.auto_score, grade.needs_manual_grade = None, True
            gradebook.db.commit()
        return nb, resources


def _import_name(step: type) -> str:
    return f"{step.__module__}.{step.__qualname__}"


def _config_text(seed: int) -> str:
    """nbgrader_config.py: with it, every nbgrader command in the course folder does what `course` does."""
    release = [_import_name(step) for step in RELEASE_STEPS]
    sanitize = [ClearOutput, DropCopies, OverwriteKernelspec, OverwriteCells, CheckCellMetadata]
    grade = [Examine, ClearMetadataPreprocessor, LimitOutput, SaveGrades, AssignLatePenalties, CheckCellMetadata]
    # Feedback goes to students: hidden tests leave it, and HTML from student code is made inert.
    feedback = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]
    return "\n".join(
        [
            '"""Written by `course`. The seed is secret: it fixes the inputs of hidden tests. Keep it for re-grading."""',
            "c = get_config()  # noqa",
            "c.CourseDirectory.root = __import__('os').path.dirname(__import__('os').path.abspath(__file__))",
            f"c.GenerateAssignment.preprocessors = {release}",
            f"c.Autograde.sanitize_preprocessors = {[_import_name(step) for step in sanitize]}",
            f"c.Autograde.autograde_preprocessors = {[_import_name(step) for step in grade]}",
            "c.OverwriteCells.add_missing_cells = True",
            f"c.Examine.seed = {seed}",
            f"c.Examine.images = c.CourseDirectory.root + '/{_IMAGES_FILE}'",
            f"c.GenerateFeedback.preprocessors = {[_import_name(step) for step in feedback]}",
            "c.HTMLExporter.sanitize_html = True",
            f"c.HTMLExporter.filters = {{'markdown2html': '{inert.__name__}.markdown2html'}}",
            "",
        ]
    )


class CourseFolder:
    """nbgrader's folder of a course: source, release, submitted, autograded, feedback, gradebook.db."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, and make it one of nbgrader's if it is not yet."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        config_file = folder / _CONFIG_FILE
        if not config_file.exists():
            draft = folder / f".{_CONFIG_FILE}"
            draft.touch(mode=0o600)
            draft.write_text(_config_text(secrets.randbelow(2**62)), encoding="utf-8")
            draft.replace(config_file)  # whole or not at all: a course without its seed must not grade
        config = PyFileConfigLoader(_CONFIG_FILE, path=str(folder)).load_config()
        config.merge(Config({"CourseDirectory": {"root": str(folder.resolve())}}))
        self._api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
        self._api.log_level = "ERROR"
        self._api.log.handlers = [logging.NullHandler()]  # its log comes back with each result
        self._api.log.propagate = False

    @property
    def images(self) -> Path:
        """Where the images lie that handed-in weights are judged on, once an instructor has named some."""
        return self.folder / _IMAGES_FILE

    def path(self, step: str, student: str = ".") -> Path:
        """Where nbgrader keeps the assignment at a step ("source", "submitted", ...) for a student."""
        return self.folder / step / student / ASSIGNMENT

    def publish(self, built: list[Built]) -> None:
        """Give nbgrader the notebooks, and let it make the release and the gradebook's entries.

        Raises CourseError when exercises came or went after submissions were graded, or when nbgrader refuses.
        """
        source = self.path("source")
        self.refuse_other_exercises(built)
        source.mkdir(parents=True, exist_ok=True)
        wanted = {source / item.filename: as_text(item.full) for item in built}
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
        # For a new gradebook nbgrader calls `alembic` by its bare name, which an environment that is not activated hides.
        with setenv(PATH=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])):
            answer = self._api.generate_assignment(ASSIGNMENT, force=True)
        _succeed(answer, "nbgrader could not make the release")
        write_whole(published, now)  # not before: who is killed on the way publishes again

    def refuse_other_exercises(self, built: list[Built]) -> None:
        """Raise CourseError when exercises came or went: once there are submissions nbgrader would fail half-way."""
        if not (self.folder / "gradebook.db").exists():
            return
        with self._gradebook() as gradebook:
            try:
                graded = gradebook.assignment_submissions(ASSIGNMENT)
            except MissingEntry:
                return
        if not graded:
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

    def set_late_policy(self, policy: LatePolicy | None) -> None:
        """Tell nbgrader when work is due, and what being late costs: for this run, and for its own commands."""
        written = self.folder / _LATE_FILE
        if policy is None and not written.exists():
            return  # whatever was set with nbgrader itself stays
        config, due = Config(), None
        if policy:
            config[_late_plugin(policy)] = Config(policy.options)
            config.AssignLatePenalties.plugin_class = policy.plugin
            due = policy.due.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        self._api.config.merge(config)
        with self._gradebook() as gradebook:
            gradebook.update_or_create_assignment(ASSIGNMENT, duedate=due)
        if policy:
            written.write_text(json.dumps(config, indent=1, default=str) + "\n", encoding="utf-8")
        else:
            written.unlink()

    def penalties(self, student: str) -> dict[str, float]:
        """The points that the student lost for being late, by notebook."""
        with self._gradebook() as gradebook:
            notebooks = gradebook.find_submission(ASSIGNMENT, student).notebooks
            lost = {notebook.name: float(notebook.late_submission_penalty or 0.0) for notebook in notebooks}
            return {name: points for name, points in sorted(lost.items()) if points}

    def by_hand(self, student: str) -> frozenset[str]:
        """The exercises whose points a person gave."""
        with self._gradebook() as gradebook:
            notebooks = gradebook.find_submission(ASSIGNMENT, student).notebooks
            grades = [grade for notebook in notebooks for grade in notebook.grades]
            return frozenset(g.name.removesuffix(TEST_SUFFIX) for g in grades if g.manual_score is not None)

    def points_before(self, student: str) -> dict[str, float | None]:
        """The points that the gradebook has for a student so far; none when it does not know the student."""
        try:
            return self.marks(student)
        except MissingEntry:
            return {}

    @property
    def outcomes(self) -> Results:
        """What is known of notebooks that were examined."""
        return Results(self.folder / _RESULTS_FOLDER)

    def jobs(self, folder: Path, built: Iterable[Built] = ()) -> Iterator[Job]:
        """The jobs to examine each notebook of a hand-in, copied into folder and put in order.

        built: what to examine against, if that is not what was published.
        """
        examiner, full = Examine(config=self._api.config), {item.name: as_text(item.full) for item in built}
        for path in sorted(folder.glob("*.ipynb")):
            yield examiner.job(self.folder, folder, path.stem, full.get(path.stem, ""))

    @contextmanager
    def rehearsal(self) -> Iterator["CourseFolder"]:
        """A copy to try things in, which is gone afterwards: the gradebook and what was published, nobody's submission.

        Outcomes of examinations are kept for good: they are true whatever becomes of the marks. Raises CourseError when
        the gradebook cannot be read.
        """
        with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
            copy = Path(name)
            for kept in (_CONFIG_FILE, _LATE_FILE, _PUBLISHED_FILE):
                if (self.folder / kept).exists():
                    shutil.copyfile(self.folder / kept, copy / kept)
            for step in ("source", "release"):
                shutil.copytree(self.folder / step, copy / step)
            (self.folder / _RESULTS_FOLDER).mkdir(exist_ok=True)
            for shared in (_RESULTS_FOLDER, _IMAGES_FILE):
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
            yield CourseFolder(copy)

    def grade(self, student: str) -> None:
        """Grade what lies in submitted/ for a student. Raises CourseError when that is not possible."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=SAWarning)  # nbgrader's own session handling
            warnings.simplefilter("ignore", category=MissingIDFieldWarning)  # cells that nbgrader puts back have no id
            answer = self._api.autograde(ASSIGNMENT, student, force=True)
        _succeed(answer, "nbgrader could not grade it")

    def write_feedback(self, student: str) -> Path:
        """Write the student's feedback pages and return their folder. Raises CourseError when that is not possible."""
        _succeed(self._api.generate_feedback(ASSIGNMENT, student, force=True), "nbgrader could not write feedback")
        return self.path("feedback", student)

    def exercises(self) -> list[Exercise]:
        """Every exercise of the course, in the order of the notebooks."""
        with self._gradebook() as gradebook:
            found = []
            for notebook in sorted(gradebook.find_assignment(ASSIGNMENT).notebooks, key=lambda notebook: notebook.name):
                maxima = {cell.name: cell.max_score for cell in notebook.grade_cells}
                order = [cell.name for cell in notebook.source_cells if cell.name in maxima]
                found += [Exercise(name.removesuffix(TEST_SUFFIX), notebook.name, maxima[name]) for name in order]
            return found

    def marks(self, student: str) -> dict[str, float | None]:
        """The student's points by exercise id; None where a written answer waits for a person; manual marks count."""
        with self._gradebook() as gradebook:
            submission = gradebook.find_submission(ASSIGNMENT, student)
            return {
                grade.name.removesuffix(TEST_SUFFIX): None
                if grade.needs_manual_grade and grade.manual_score is None
                else grade.score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }

    def results(self, student: str) -> list[Result]:
        """Each examined exercise of a student with its reason, from the autograded notebooks."""
        paths = sorted(self.path("autograded", student).glob("*.ipynb"))
        return [result for path in paths for result in results(nbformat.read(path, as_version=4))]

    @contextmanager
    def _gradebook(self) -> Iterator[Gradebook]:
        with Gradebook(self._api.coursedir.db_url, self._api.coursedir.course_id) as gradebook:
            yield gradebook


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
