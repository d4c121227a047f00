"""What an examination means for the marks: the notebook as it looks afterwards, and a result for each exercise."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from autograde.cells import exercise_id, grade_id, is_test, is_written, marks
from autograde.findings import printable_lines
from autograde.job import Job, Outcome
from autograde.verdict import KILLED_ERROR, TIMEOUT_ERROR, Verdict
from helpers import verdicts
from helpers.fresh_run import CELL_SECONDS

PASSED, NOT_ATTEMPTED, BY_HAND = "passed", "not attempted", "to be marked by hand"
KILLED = "killed"
NOT_GRADED = verdicts.NotGraded.reason

#: Why a mark is what it is, by the name of the error that the test cell ended with; any other error is "raised".
_REASONS = {check.__name__: check.reason for check in verdicts.CheckFailed.__subclasses__()} | {
    "NotImplementedError": NOT_ATTEMPTED,
    TIMEOUT_ERROR: "timed out",
    "MemoryError": "out of memory",
    KILLED_ERROR: KILLED,
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


def job_for(
    name: str,
    submitted: str,
    full: str,
    files: Iterable[Path],
    *,
    seed: int,
    timeout: float = CELL_SECONDS,
    images: Path | None = None,
) -> Job:
    """The job to examine one notebook against the instructor's, both JSON texts. files: what was handed in with it.

    seed: the course's secret, which fixes the "fresh" inputs. timeout: seconds for each cell. images: what `unseen.keep`
    wrote, to judge weights on.
    """
    return Job(
        notebook=name,
        submitted=submitted,
        full=full,
        files={path.name: path.read_bytes() for path in files},
        seed=seed,
        timeout=timeout,
        images=images.read_bytes() if images else b"",
    )


def fill_in(
    notebook: NotebookNode, outcome: Outcome, share: float = 0.0, saved: Mapping[str, list[NotebookNode]] | None = None
) -> list[Result]:
    """Give a submitted notebook, its tests restored, the outputs of its examination; returns its results.

    share: of the points, for what is right for the student's own earlier answers alone. saved: outputs, by cell id, for cells
    that were not run. A test cell's outputs are its verdict alone, so that nbgrader's `determine_grade` reads the same mark
    from it.
    """
    known = {**(saved or {}), **outcome.outputs}
    for cell in notebook.cells:
        if is_test(cell):
            cell.outputs = _outputs(exercise_id(cell), _verdict(grade_id(cell), outcome), share * marks(cell)["points"])
        elif cell.cell_type == "code":
            cell.outputs = [NotebookNode(output) for output in known.get(cell.get("id", ""), [])]
            cell.execution_count = None
    return results(notebook)


def _verdict(name: str, outcome: Outcome) -> Verdict:
    missing = Verdict(verdicts.NotGraded.__name__, f"{outcome.failed or 'it was not examined'}: no fault of yours.")
    return outcome.verdicts.get(name, missing)


def _outputs(exercise: str, verdict: Verdict, partial: float) -> list[NotebookNode]:
    """A verdict as a cell's outputs. partial: the points for a consistent answer; a number is nbgrader's partial credit."""
    if not verdict.error:
        return [new_output("stream", name="stdout", text=f"✓ {exercise}: passed\n")]
    message = printable_lines(_COLOR.sub("", verdict.message))[:_LONGEST_MESSAGE]
    if verdict.error == verdicts.Consistent.__name__ and partial:
        credit = new_output("execute_result", data={"text/plain": f"{partial:g}"}, execution_count=None)
        return [new_output("stream", name="stdout", text=message), credit]
    shown = [f"✗ {message}" if message else verdict.error]
    return [new_output("error", ename=verdict.error, evalue=message, traceback=shown)]


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
        if any(output.output_type == "execute_result" for output in cell.outputs):
            points, _ = determine_grade(cell)
            return Result(exercise_id(cell), points, maximum, verdicts.Consistent.reason, cell.outputs[0].text)
        return Result(exercise_id(cell), maximum, maximum, PASSED)
    reason = _REASONS.get(errors[0].ename, "raised")
    points = None if reason == NOT_GRADED else 0.0
    return Result(exercise_id(cell), points, maximum, reason, _explained(errors[0]))


def _explained(error: NotebookNode) -> str:
    """The message that a student can act on."""
    if error.ename in _REASONS:
        return error.evalue
    return f"{error.ename}: {error.evalue}" if error.evalue else error.ename
