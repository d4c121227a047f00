"""Examine a planted submission in a forked process that has imported everything already: a tenth of a kernel's time.

Cells run as plain Python, so it is for submissions whose answers are plain Python; all others need `examine` itself.
"""

import io
import os
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograde.build import Built
from autograde.cells import SHOW_TAG, SKIP_TAG, is_test
from autograde.examine import Result, results
from autograde.planted import Patch, answer, patched, restore_tests, submit
from helpers.exercise import SEED_VARIABLE
from tests.run_cell import run_cell

#: What the fork server imports once.
PRELOAD = [
    "torch._dynamo",
    "scipy.special",
    "helpers.search",
    "helpers.weights",
    "helpers.image_figures",
    "helpers.stacks",
    "helpers.planar",
    "autograde.truth_samples",
    "autograde.truth_torch",
    "helpers.normalisation",
    "helpers.convolution_figures",
    "autograde.truth_layers",
    "autograde.unseen",
    "tests.quick",
]


def examine_quickly(built: list[Built], patch: Patch) -> list[Result]:
    """The results of every notebook that a patch touches, the notebooks side by side in a folder of their own."""
    os.environ[SEED_VARIABLE] = "2026"
    found = []
    with tempfile.TemporaryDirectory() as folder:
        submit(built, patch, Path(folder))
        os.chdir(folder)
        for item in built:
            answers = patched(item, patch)
            if answers:
                notebook = restore_tests(item, answer(item, answers))
                _run(notebook)
                found += results(notebook)
        os.chdir("/")
    return found


def _run(notebook: NotebookNode) -> None:
    """Run the cells that grading runs; a test's exception becomes its output."""
    namespace: dict = {"__name__": "__main__"}
    for cell in notebook.cells:
        if cell.cell_type != "code" or {SHOW_TAG, SKIP_TAG} & set(cell.metadata.get("tags", [])):
            continue
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                run_cell(cell.source, f"<{cell.id}>", namespace)
            except BaseException as error:
                if is_test(cell):
                    cell.outputs = [new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[])]
