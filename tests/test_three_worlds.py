"""The same test cells, unmodified: in a student's Jupyter, in plain nbgrader, and in the examiner. One verdict."""

import os

import pytest
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade

from autograde.build import as_text
from autograde.cells import SKIP_TAG, exercise_id, is_test, marks
from autograde.examine import fill_in, job_for
from autograde.execute import execute
from autograde.planted import answer, patched, read_patches, restore_tests, submit
from helpers.exercise import SEED_VARIABLE
from tests.conftest import ROOT

#: A mistake in each notebook: a wrong value, a missing name, wrong batches, shared memory, arguments changed in place.
NAMES = (
    "softmax-over-axis-0",
    "backward-misspelt-name",
    "step-in-place",
    "train-epoch-rounded-up",
    "copy-shares-memory",
)
PATCHES = [patch for patch in read_patches(ROOT / "tests" / "submissions") if patch.name in NAMES]
#: Needs a file that these submissions lack.
ON_WEIGHTS = {"q3b-weights", "q3b-accuracy", "q4c-weights", "q4c-best"}


def scores(notebook):
    """nbgrader's own reading of the outputs."""
    return {
        exercise_id(cell): determine_grade(cell)[0]
        for cell in notebook.cells
        if is_test(cell) and exercise_id(cell) not in ON_WEIGHTS
    }


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_one_verdict(built, workers, patch, tmp_path, monkeypatch):
    monkeypatch.setenv(SEED_VARIABLE, "2026")
    submit(built, patch, tmp_path)
    (item,) = (item for item in built if patched(item, patch))
    handed_in = answer(item, patched(item, patch))
    files = sorted(tmp_path.iterdir())

    examined = restore_tests(item, handed_in)
    job = job_for(item.name, as_text(handed_in), as_text(item.full), files, seed=2026)
    ((_, outcome),) = workers.outcomes([job])
    fill_in(examined, outcome)

    in_jupyter = execute(
        restore_tests(item, handed_in), tmp_path, skip_tag=SKIP_TAG, environment={SEED_VARIABLE: "2026"}
    )

    in_nbgrader = restore_tests(item, handed_in)
    for cell in in_nbgrader.cells:  # nbgrader has a tag of its own for the same
        tags = cell.metadata.get("tags", [])
        cell.metadata["tags"] = ["skip-execution"] if SKIP_TAG in tags else []
    stock = Execute(skip_cells_with_tag="skip-execution", extra_arguments=["--HistoryManager.enabled=False"])
    before = os.environ.get(SEED_VARIABLE)
    in_nbgrader, _ = stock.preprocess(in_nbgrader, {"metadata": {"path": str(tmp_path)}})
    assert os.environ.get(SEED_VARIABLE) == before == "2026"

    found = scores(examined)
    assert found == scores(in_jupyter) == scores(in_nbgrader)
    assert {name for name, points in found.items() if points == 0} == patch.loses
    assert all(
        points == float(marks(cell)["points"])
        for cell in examined.cells
        if is_test(cell) and (points := found.get(exercise_id(cell)))
    )
