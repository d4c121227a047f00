"""A notebook's tests as users of otter-grader write them, and `otter run` for what a class handed in."""

import ast
import builtins
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent

import nbformat
from nbformat import NotebookNode

from autograde.build import Built, as_text
from autograde.cells import SHOW_TAG, SKIP_TAG, exercise_id, is_test, marks
from autograde.course import CourseError
from autograde.plan import used
from benchmarks.commands import VARIABLES
from benchmarks.turns import NotHere

_OTTER = str(Path(sys.executable).with_name("otter"))
#: otter's own tag for cells that are not run in grading.
_IGNORED = "otter_ignore"
_TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = "{exercise}"
points = {points}


@test_case(hidden=True)
def test({names}):
{body}
"""


def prepare(item: Built, submissions: Path, place: Path) -> None:
    """Write what otter grades with and what it grades: place/autograder.zip, place/class/<student>/.

    Raises NotHere when otter-grader is not installed, and CourseError when it cannot make its archive.
    """
    if importlib.util.find_spec("otter") is None:
        raise NotHere("otter-grader is not installed: pip install '.[benchmark]'")
    (place / "tests").mkdir(parents=True)
    for exercise, text in test_files(item).items():
        (place / "tests" / f"{exercise}.py").write_text(text, encoding="utf-8")
    command = [_OTTER, "generate", "-t", "tests", "-o", "autograder.zip", "--no-requirements", "--no-environment"]
    done = subprocess.run(command, cwd=place, env=os.environ | VARIABLES, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"otter generate failed: {done.stderr[-1000:]}")
    for student in submissions.iterdir():
        handed_in = nbformat.read(student / item.filename, as_version=4)
        (place / "class" / student.name).mkdir(parents=True)
        notebook = as_text(as_otters(item, handed_in))
        (place / "class" / student.name / item.filename).write_text(notebook, encoding="utf-8")


def test_files(item: Built) -> dict[str, str]:
    """otter's test files by exercise: the whole test cell, visible and hidden checks, is one hidden test case for all the points.

    What the cell uses of the student's, or of given cells, comes in as arguments, as otter's users have it; what it uses of
    other test cells is written into it.
    """
    cells = {exercise_id(cell): cell for cell in item.full.cells if is_test(cell)}
    helpers = {name: text for cell in cells.values() for name, text in _functions(cell.source).items()}
    files = {}
    for exercise, cell in cells.items():
        text = cell.source.replace("globals()", "env")
        while missing := sorted(used(text) & helpers.keys()):
            text = "\n\n".join([*(helpers[name] for name in missing), text])
        names = sorted(name for name in used(text) | {"env"} if not hasattr(builtins, name))
        points, body = marks(cell)["points"], indent(text, "    ")
        files[exercise] = _TEST.format(exercise=exercise, points=points, names=", ".join(names), body=body)
    return files


def _functions(source: str) -> dict[str, str]:
    """The functions that a cell defines, by name."""
    found = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return {node.name: ast.get_source_segment(source, node) or "" for node in found}


def as_otters(item: Built, handed_in: NotebookNode) -> NotebookNode:
    """A notebook as otter's students hand it in: `grader.check` for each test cell, its tag on cells that no grader here runs."""
    notebook = nbformat.from_dict(handed_in)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if {SKIP_TAG, SHOW_TAG} & set(tags):
            cell.metadata["tags"] = [*tags, _IGNORED]
        if is_test(cell):
            cell.source = f'grader.check("{exercise_id(cell)}")'
    start = f'import otter\n\ngrader = otter.Notebook("{item.filename}")'
    notebook.cells.insert(0, nbformat.v4.new_code_cell(start, id="otter"))
    return notebook


def command(item: Built, prepared: Path, results: Path) -> list[str]:
    """`otter run` for each submission, as many at a time as there are cores; it writes results/<student>/results.json."""
    students = sorted(folder.name for folder in (prepared / "class").iterdir())
    for student in students:
        (results / student).mkdir(parents=True)
    (results / "students.txt").write_text("\n".join(students), encoding="utf-8")
    one = [_OTTER, "run", "--no-logo", "-a", f"{prepared}/autograder.zip", "-o", f"{results}/{{}}"]
    at_once = str(len(os.sched_getaffinity(0)))
    return [
        "xargs",
        "-a",
        f"{results}/students.txt",
        "-P",
        at_once,
        "-I{}",
        *one,
        f"{prepared}/class/{{}}/{item.filename}",
    ]


def marks_of(results: Path, students: Iterable[str]) -> dict[str, dict[str, float]]:
    """Points by student and exercise. Raises FileNotFoundError when a submission was not graded."""
    return {
        student: {
            test["name"]: test["score"]
            for test in json.loads((results / student / "results.json").read_text(encoding="utf-8"))["tests"]
            if "score" in test
        }
        for student in students
    }
