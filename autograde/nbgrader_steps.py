"""nbgrader's own commands, made to do what `course` does: the steps that are ours, and the configuration that names them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
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
from traitlets import Any as AnyTrait
from traitlets import Float, Integer, Unicode
from traitlets.config import Config

from autograde.build import RELEASE_STEPS
from autograde.cells import TEST_SUFFIX, grade_id
from autograde.course import CourseError
from autograde.due import read_due
from autograde.examine import NOT_GRADED, fill_in, job_for, results
from autograde.feedback import FeedbackExporter
from autograde.formgrader import InertNotebook, markdown
from autograde.handed_in import handed_in_at
from autograde.job import Job, Outcome
from autograde.jobs import Results, Workers
from autograde.pictures import kept_pictures
from helpers.fresh_run import CELL_SECONDS

CONFIG_FILE = "nbgrader_config.py"
IMAGES_FILE = "unseen_images.npz"
RESULTS_FOLDER = "results"
#: What an examination gets of a submission: notebooks, and trained weights.
_HANDED_IN = (".ipynb", ".npz", ".safetensors")


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
    timeout = Float(CELL_SECONDS, help="Seconds that one cell may take.").tag(config=True)
    images = Unicode(help="Where images may lie that trained weights are judged on.").tag(config=True)
    consistent = Float(0.0, min=0.0, max=1.0, help="The share of the points for what is consistent alone.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        root, about = Path(self.config.CourseDirectory.root), resources["nbgrader"]
        folder = root / "submitted" / about["student"] / about["assignment"]
        name = about["notebook"]
        fill_in(nb, self.outcome(root, folder, name), self.consistent, kept_pictures(folder, name))
        return nb, resources

    def outcome(self, root: Path, folder: Path, name: str) -> Outcome:
        """What examining a notebook brought or, if nobody examined it yet, brings. Raises CourseError."""
        job = self.job(root, folder, name)
        known = results_of(root)
        outcome = known.find(job.key)
        if outcome is None:  # nbgrader was asked, not `course`
            with Workers(1) as workers:
                ((_, outcome),) = workers.outcomes([job])
            known.keep(job.key, outcome)
        return outcome

    def secret(self) -> int:
        """The seed. Raises CourseError without one."""
        if self.seed is None:
            raise CourseError(
                f"{CONFIG_FILE} sets no c.Examine.seed. Restore it from a backup, or remove the file for a new one."
            )
        return self.seed

    def job(self, root: Path, folder: Path, name: str, full: str = "") -> Job:
        """The job to examine a notebook in a folder of nbgrader's course folder, named as the assignment, or against a full text.

        Raises CourseError without a seed.
        """
        images = Path(self.images)
        return job_for(
            name,
            (folder / f"{name}.ipynb").read_text(encoding="utf-8"),
            full or (root / "source" / folder.name / f"{name}.ipynb").read_text(encoding="utf-8"),
            [path for path in folder.iterdir() if path.suffix in _HANDED_IN],
            seed=self.secret(),
            timeout=self.timeout,
            images=images if self.images and images.exists() else None,
        )


def results_of(root: Path) -> Results:
    """What is known of notebooks that were examined, in nbgrader's course folder."""
    return Results(root / RESULTS_FOLDER)


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


class LatePenalties(AssignLatePenalties):
    """nbgrader's step, which has one date for all notebooks; theirs where course.toml has one for each, or times differ."""

    due = AnyTrait(None, allow_none=True, help="When work is due, as `Due.as_json` tells it.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        nb, resources = super().preprocess(nb, resources)
        due, about = read_due(self.due), resources["nbgrader"]
        folder = Path(self.config.CourseDirectory.root, "submitted", about["student"], about["assignment"])
        late = due.late_by(about["notebook"], handed_in_at(folder, about["notebook"]))
        if due:
            with Gradebook(about["db_url"]) as gradebook:
                notebook = gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
                cost = self.plugin_inst.late_submission_penalty
                lost = cost(about["student"], notebook.score, late.total_seconds()) if late else None
                notebook.late_submission_penalty = None if lost is None else self._check_late_penalty(notebook, lost)
                gradebook.db.commit()
        return nb, resources


class OpenGrades(GetGrades):
    """nbgrader's step, which shows 0 points for what waits for a person; None here."""

    def _get_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(grade_id(cell), self.notebook_id, self.assignment_id, self.student_id)
        if grade.needs_manual_grade and grade.manual_score is None:
            cell.metadata.nbgrader["score"] = None


def configure(config: Any, file: str) -> None:
    """Set nbgrader up, in its configuration file of this name, so that each of its commands does what `course` does."""
    root = Path(file).resolve().parent
    config.CourseDirectory.root = str(root)
    config.GenerateAssignment.preprocessors = _names(RELEASE_STEPS)
    config.Autograde.sanitize_preprocessors = _names(
        [ClearOutput, DropCopies, OverwriteKernelspec, OverwriteCells, CheckCellMetadata]
    )
    config.Autograde.autograde_preprocessors = _names(
        [Examine, LimitOutput, SaveGrades, LatePenalties, CheckCellMetadata]
    )
    config.OverwriteCells.add_missing_cells = True
    config.Examine.images = str(root / IMAGES_FILE)
    # Feedback goes to students: hidden tests leave it, and HTML from student code is made inert.
    config.GenerateFeedback.preprocessors = _names([OpenGrades, ClearHiddenTests])
    config.GenerateFeedback.exporter_class = _name(FeedbackExporter)
    # So is what formgrader shows: its page would run a student's script with the right to give marks.
    config.HTMLExporter.filters = {"markdown2html": f"{markdown.__module__}.{markdown.__qualname__}"}
    config.HTMLExporter.preprocessors = _names([InertNotebook])


def config_text(seed: int) -> str:
    """What nbgrader_config.py holds: the secret, and where all else is said, so that a later version of the kit says it anew."""
    return "\n".join(
        [
            '"""Written by `course`. The seed is secret: it fixes the inputs of hidden tests. Keep it for re-grading."""',
            f"from {__name__} import configure",
            "",
            "c = get_config()  # noqa",
            "configure(c, __file__)",
            f"c.Examine.seed = {seed}",
            "",
        ]
    )


def late_penalty(config: Config) -> Any:
    """The plugin that says what being late costs: nbgrader's LateSubmissionPlugin, or what is set in its place."""
    step = AssignLatePenalties(config=config)
    step.init_plugin()
    return step.plugin_inst


def _names(steps: Iterable[type]) -> list[str]:
    return [_name(step) for step in steps]


def _name(step: type) -> str:
    return f"{step.__module__}.{step.__qualname__}"
