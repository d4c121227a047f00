"""What the cells of an nbgrader notebook are: solutions, tests, written answers; and the ids that name exercises."""

import hashlib
import json
import re

from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpers import course_notebook

TEST_SUFFIX = "-test"
#: Long cells carry this tag; their outcome is handed in as a file.
SKIP_TAG = course_notebook.SKIP_TAG
#: The last cell, which packs what is handed in, carries this one, too: nothing but a student runs it.
HAND_IN_TAG = "hand-in"
#: Cells that show something and define nothing that tests need; they run at grading only when the student's code uses them.
SHOW_TAG = "only-shows"
#: What stands in a test that lends right building blocks.
LENDING = "truth.either("


def _region(name: str) -> re.Pattern:
    """Whole lines from BEGIN name to END name; the group is what lies between."""
    return re.compile(rf"^[^\n]*BEGIN {name}[^\n]*\n(.*?)^[^\n]*END {name}[^\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


_SOLUTION_REGION, _HIDDEN_REGION = _region("SOLUTION"), _region("HIDDEN TESTS")


def marks(cell: NotebookNode) -> dict:
    """The cell's nbgrader metadata, empty for an ordinary cell."""
    return cell.metadata.get("nbgrader") or {}


def grade_id(cell: NotebookNode) -> str:
    """The cell's nbgrader id, empty for an ordinary cell."""
    return marks(cell).get("grade_id", "")


def is_solution(cell: NotebookNode) -> bool:
    """Whether students write in this cell."""
    return bool(marks(cell).get("solution"))


def is_test(cell: NotebookNode) -> bool:
    """Whether this cell grades another one automatically."""
    return bool(marks(cell).get("grade")) and not is_solution(cell)


def is_written(cell: NotebookNode) -> bool:
    """Whether this cell holds an answer that a person marks."""
    return bool(marks(cell).get("grade")) and is_solution(cell)


def exercise_id(cell: NotebookNode) -> str:
    """The exercise that a graded cell belongs to: its own id, without "-test"."""
    return grade_id(cell).removesuffix(TEST_SUFFIX)


def answer_text(cell: NotebookNode) -> str:
    """All that a student put into a cell, pasted pictures too, as text to compare."""
    return json.dumps([cell.source, cell.get("attachments") or {}], sort_keys=True)


def solution_regions(source: str) -> list[str]:
    """The text between each pair of solution markers."""
    return _SOLUTION_REGION.findall(source)


def without_solution_markers(source: str) -> str:
    """A solution cell as a student would have written it."""
    return _SOLUTION_REGION.sub(r"\1", source + "\n").rstrip("\n")


def hidden_regions(source: str) -> list[str]:
    """The text between each pair of hidden-test markers."""
    return _HIDDEN_REGION.findall(source)


def hidden_lines(source: str) -> set[int]:
    """The numbers of the lines between hidden-test markers, from 1 on."""
    text, found = source + "\n", set()
    for region in _HIDDEN_REGION.finditer(text):
        first = text.count("\n", 0, region.start(1)) + 1
        found.update(range(first, first + region[1].count("\n")))
    return found


def without_hidden_regions(source: str) -> str:
    """A test cell as students see it."""
    return _HIDDEN_REGION.sub("", source + "\n").rstrip("\n")


def error_output(name: str, text: str) -> NotebookNode:
    """An exception as a cell's output, without a stack."""
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def give_stable_ids(notebook: NotebookNode) -> None:
    """Set each cell's id to its grade_id, else to a hash of its source, so that rebuilds are byte-identical."""
    taken: set[str] = set()
    for cell in notebook.cells:
        base = grade_id(cell) or hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        identity, copies = base, 1
        while identity in taken:
            copies += 1
            identity = f"{base}-{copies}"
        taken.add(identity)
        cell.id = identity
