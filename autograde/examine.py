"""THE SEAM: one function takes a submitted notebook and returns its results. What runs the cells may change behind it."""

import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from autograde.cells import exercise_id, is_test, is_written, marks
from autograde.execute import SKIP_TAG, TIMEOUT_ERROR, execute
from autograde.unseen import FILE_VARIABLE
from helpers import verdicts
from helpers.exercise import SEED_VARIABLE

PASSED, NOT_ATTEMPTED, BY_HAND = "passed", "not attempted", "to be marked by hand"
KILLED = "killed"
NOT_GRADED = verdicts.NotGraded.reason

#: Why a mark is what it is, by the name of the error that the test cell ended with; any other error is "raised".
_REASONS = {check.__name__: check.reason for check in verdicts.CheckFailed.__subclasses__()} | {
    "NotImplementedError": NOT_ATTEMPTED,
    TIMEOUT_ERROR: "timed out",
    "MemoryError": "out of memory",
    "DeadKernelError": KILLED,
}
_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST_MESSAGE = 600


@dataclass(frozen=True)
class Result:
    """One exercise's mark; reason is from a closed list.

    points is None while a written answer waits for a person, and where the grader lacked something.
    """

    exercise: str
    points: float | None
    max_points: float
    reason: str
    message: str = ""


def examine(
    notebook: NotebookNode, folder: Path, *, seed: int, timeout: int = 60, images: Path | None = None
) -> tuple[NotebookNode, list[Result]]:
    """Run a submitted notebook, with its tests restored, and judge each graded cell.

    folder: where the student's other notebooks and weights lie. seed: the course's secret, which fixes the "fresh" inputs.
    timeout: seconds for each cell. images: what `unseen.keep` wrote, to judge weights on.
    Returns the notebook with outputs, in which a test cell's outputs are its verdict alone, so that nbgrader's
    `determine_grade` reads the same mark from it.
    """
    for cell in filter(is_test, notebook.cells):
        cell.metadata["tags"] = []  # a submission cannot ask for its tests to be skipped
    environment = {SEED_VARIABLE: str(seed), FILE_VARIABLE: str(images or "")}
    execute(notebook, folder, timeout=timeout, skip_tag=SKIP_TAG, environment=environment)
    for cell in filter(is_test, notebook.cells):
        cell.outputs = _verdict(cell)
    return notebook, results(notebook)


def _verdict(cell: NotebookNode) -> list[NotebookNode]:
    """The test cell's outputs reduced to one: its error, or that it passed. What student code printed is not kept here."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return [new_output("stream", name="stdout", text=f"✓ {exercise_id(cell)}: passed\n")]
    message = _printable(_COLOR.sub("", errors[0].evalue))[:_LONGEST_MESSAGE]
    return [
        new_output(
            "error", ename=errors[0].ename, evalue=message, traceback=[f"✗ {message}" if message else errors[0].ename]
        )
    ]


def _printable(text: str) -> str:
    """Text that cannot move the cursor of the terminal on which it is read: some of it is the student's."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def results(notebook: NotebookNode) -> list[Result]:
    """The results that an examined notebook holds, in its order."""
    return [_result(cell) for cell in notebook.cells if is_test(cell) or is_written(cell)]


def _result(cell: NotebookNode) -> Result:
    maximum = float(marks(cell)["points"])
    if is_written(cell):
        points, _ = determine_grade(cell)
        return Result(exercise_id(cell), points, maximum, BY_HAND if points is None else NOT_ATTEMPTED)
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return Result(exercise_id(cell), maximum, maximum, PASSED)
    reason = _REASONS.get(errors[0].ename, "raised")
    points = None if reason == NOT_GRADED else 0.0
    return Result(exercise_id(cell), points, maximum, reason, _explained(errors[0]))


def _explained(error: NotebookNode) -> str:
    """The message that a student can act on."""
    if error.ename in _REASONS:
        return error.evalue
    return f"{error.ename}: {error.evalue}" if error.evalue else error.ename
