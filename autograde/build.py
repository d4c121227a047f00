"""From the text sources to the notebooks of students and instructors."""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions as StockClearSolutions
from nbgrader.preprocessors import IncludeHeaderFooter, InstantiateTests, SaveCells

from autograde import unseen
from autograde.cells import HAND_IN_TAG, give_stable_ids, grade_id, is_solution
from autograde.course import Course, CourseError
from autograde.execute import execute
from helpers.data import SOURCE_VARIABLE


class ClearSolutions(StockClearSolutions):
    """nbgrader's ClearSolutions, with a stub that raises the exercise's id."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        self.code_stub = {"python": f'# YOUR CODE HERE\nraise NotImplementedError("{grade_id(cell)}")'}
        return super().preprocess_cell(cell, resources, cell_index)


#: nbgrader's own steps from source to release, with the stub above. The last two steps need the gradebook; the build does not.
RELEASE_STEPS = [
    ClearSolutions if step is StockClearSolutions else step for step in GenerateAssignment.preprocessors.default()
]
#: Seconds that a cell of a solution may take.
_LONGEST_TRAINING = 1200
_NEEDS_COURSE_FOLDER = (SaveCells, IncludeHeaderFooter, InstantiateTests)


@dataclass(frozen=True)
class Built:
    """One notebook. full: as written, with solutions and hidden tests."""

    source: Path
    full: NotebookNode

    @cached_property
    def text(self) -> str:
        """The full notebook as a file holds it: asked for once for each student."""
        return as_text(self.full)

    @cached_property
    def release(self) -> NotebookNode:
        """What students get. Raises ValidationError or RuntimeError for what `authoring.check_text` finds."""
        return release_of(self.full)

    @property
    def name(self) -> str:
        """The notebook's name without ending, such as 01_feedforward."""
        return self.source.stem

    @property
    def filename(self) -> str:
        """The notebook's file name."""
        return f"{self.name}.ipynb"

    @property
    def hands_in(self) -> list[str]:
        """The files that students hand in beside the notebook: trained weights."""
        return self.full.metadata["hands_in"]


def read_source(path: Path) -> NotebookNode:
    """The notebook that a text source (jupytext py:percent) describes, with stable cell ids and no outputs."""
    try:
        notebook = jupytext.read(path, fmt="py:percent")
    except (UnicodeDecodeError, ValueError) as error:
        raise CourseError(f"source/{path.name} cannot be read as a text notebook: {error}") from None
    if "kernelspec" not in notebook.metadata:
        raise CourseError(f"source/{path.name} has no kernelspec in its header. Copy the header of another source.")
    give_stable_ids(notebook)
    notebook.metadata = NotebookNode(
        kernelspec=notebook.metadata["kernelspec"],
        generated_from=f"source/{path.name}",
        hands_in=list(notebook.metadata.get("hands_in", [])),
        language_info={"name": "python"},
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def release_of(full: NotebookNode) -> NotebookNode:
    """What students get of a full notebook, made by nbgrader's own preprocessors."""
    notebook, resources = nbformat.from_dict(full), ResourcesDict()
    for step in RELEASE_STEPS:
        if step not in _NEEDS_COURSE_FOLDER:
            notebook, resources = step().preprocess(notebook, resources)
    return notebook


def read_course(course: Course) -> list[Built]:
    """Every notebook of the course, from its source."""
    return [Built(path, read_source(path)) for path in course.sources]


def as_text(notebook: NotebookNode) -> str:
    """The notebook as its file holds it."""
    return nbformat.v4.writes(notebook) + "\n"


def digest(built: Iterable[Built]) -> str:
    """A name for all that the course's notebooks are, tests and points with them."""
    return hashlib.sha256("".join(item.text for item in built).encode()).hexdigest()


def solve(built: list[Built], images: Path | None = None) -> list[NotebookNode]:
    """The full notebooks, executed in one folder in order, so that later ones can carry from earlier ones.

    images: what they train on, a folder with train/<class>/ and test/<class>/; None means the synthetic set.
    Raises CourseError, naming the cell, when one fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {SOURCE_VARIABLE: str(images.resolve()) if images else "synthetic"}
        if images:
            unseen.keep(images / "test", Path(folder, "unseen.npz"))
            environment[unseen.FILE_VARIABLE] = str(Path(folder, "unseen.npz"))
        solved = []
        for item in built:
            notebook = execute(
                nbformat.from_dict(item.full), Path(folder), timeout=_LONGEST_TRAINING, environment=environment
            )
            # A progress bar as it looked at the end, not each of its states.
            notebook, _ = CoalesceStreamsPreprocessor().preprocess(notebook, {})
            for cell in notebook.cells:
                errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
                if errors:
                    raise CourseError(
                        f"source/{item.source.name}, cell {cell.id}: {errors[0].ename}: {errors[0].evalue}. Mend it."
                    )
            Path(folder, item.filename).write_text(as_text(notebook), encoding="utf-8")
            solved.append(notebook)
        return solved


def write(course: Course, built: list[Built], solved: list[NotebookNode]) -> list[Path]:
    """Write both versions of every notebook; returns the files that changed, and removes those whose source is gone.

    Raises CourseError, before it writes anything, when a student's answers stand where it would write.
    """
    for item in built:
        _refuse_to_overwrite_work(course, item)
    changed = []
    for item, solution in zip(built, solved, strict=True):
        for folder, notebook in ((course.notebooks, item.release), (course.solutions, solution)):
            changed += _write_if_new(folder / item.filename, as_text(notebook))
    for path in _orphans(course, built):
        path.unlink()
        changed.append(path)
    return changed


def _refuse_to_overwrite_work(course: Course, item: Built) -> None:
    path = course.notebooks / item.filename
    if not path.exists():
        return
    try:
        there = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    except (OSError, ValueError, AttributeError):
        return  # not a notebook any more: nothing to lose
    for cell in filter(is_solution, item.release.cells):
        stub = "NotImplementedError" if cell.cell_type == "code" else cell.source
        if cell.id in there and stub not in there[cell.id].source:
            name = course.shown(path)
            raise CourseError(
                f"{name} holds somebody's work ({cell.id}). Move it out of notebooks/, then run: course build"
            )


def _write_if_new(path: Path, text: str) -> list[Path]:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [path]


def stale(course: Course, built: list[Built]) -> list[tuple[Path, str]]:
    """Generated files that do not follow from the sources, each with what is wrong with it."""
    problems = []
    for item in built:
        release, solution = course.notebooks / item.filename, course.solutions / item.filename
        if not release.exists():
            problems.append((release, "is missing"))
        elif release.read_text(encoding="utf-8") != as_text(item.release):
            problems.append((release, "differs from its source"))
        problems += [(solution, problem) for problem in _solution_problems(solution, item.full)]
    return problems + [(path, "has no source") for path in _orphans(course, built)]


def _solution_problems(path: Path, full: NotebookNode) -> list[str]:
    """What keeps an executed solution from being the source's: its outputs differ from run to run, all else must not."""
    if not path.exists():
        return ["is missing"]
    found = nbformat.read(path, as_version=4)
    code = [cell for cell in found.cells if cell.cell_type == "code"]
    executed = all(cell.execution_count for cell in code if HAND_IN_TAG not in cell.metadata.get("tags", []))
    failed = any(output.output_type == "error" for cell in code for output in cell.outputs)
    for cell in code:
        cell.execution_count, cell.outputs = None, []
    if as_text(found) != as_text(full):
        return ["differs from its source"]
    if not executed:
        return ["was not executed"]
    return ["holds an error"] if failed else []


def _orphans(course: Course, built: list[Built]) -> list[Path]:
    known = {item.filename for item in built}
    return sorted(
        path
        for folder in (course.notebooks, course.solutions)
        for path in folder.glob("*.ipynb")
        if path.name not in known and _is_generated(path)
    )


def _is_generated(path: Path) -> bool:
    """Whether a build made this notebook; others that lie beside it are somebody's own."""
    try:
        return "generated_from" in json.loads(path.read_text(encoding="utf-8"))["metadata"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
