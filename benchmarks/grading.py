"""`course grade` against stock `nbgrader autograde` and against `otter run`, on the same submissions, in turns.

Each turn is the whole command in a new folder: starting, reading, grading, writing marks. Ours also sorts what was handed in,
runs submissions in rooms, and writes the feedback pages. All run the same cells: those that only train or show something are
left out.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path

from nbgrader.api import Gradebook

from autograde.build import Built, read_course
from autograde.cells import SHOW_TAG, SKIP_TAG, exercise_id, is_test
from autograde.course import ASSIGNMENT, Course
from autograde.demo import CLASS
from autograde.gradebook import CourseFolder
from benchmarks import otter
from benchmarks.commands import ROOT, copy_course, grade, hand_in, measured
from benchmarks.turns import NotHere, Part, Progress, Results, Run, Side, in_turns

#: The demo's class, and four more who have everything right.
STUDENTS = {**CLASS, "ines": (), "jan": (), "kim": (), "lea": ()}
OURS, NBGRADER, OTTER = "course grade", "nbgrader autograde", "otter run"
_PACKAGES = {NBGRADER: "nbgrader", OTTER: "otter-grader"}
Marks = dict[str, dict[str, float]]


def measure(sides: Sequence[Side], progress: Progress, *, notebooks: slice, class_: int) -> Results:
    """Grade so many students' notebooks with each side in turns, and compare the marks."""
    built = read_course(Course(ROOT))[notebooks]
    exercises = {exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell)}
    students = dict(list(STUDENTS.items())[:class_])
    marks: dict[str, Marks] = {}
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        place, wanted = Path(name), {side.name for side in sides}
        hand_in(built, place / "class", students)
        if OTTER in wanted:
            try:
                otter.prepare(built[0], place / "class", place / "otter")
            except NotHere as error:
                missing[OTTER] = str(error)
        graders = {OURS: ours, NBGRADER: partial(stock, built), OTTER: partial(with_otter, built[0])}
        runs = {side: _in_new_folders(graders[side], place, marks, side) for side in wanted - missing.keys()}
        found = in_turns(sides, runs, progress)
    differences = [line for side in marks.keys() - {OURS} for line in different(side, marks, exercises)]
    compared = len(students) * len(exercises)
    about = {"notebooks": [item.name for item in built], "students": len(students), "marks": compared}
    versions = {side: version(package) for side, package in _PACKAGES.items() if side in found}
    return {"sides": found, "missing": missing, "versions": versions, **about, "differences": differences}


def _in_new_folders(
    grader: Callable[[Path, Path], tuple[dict[str, float], Marks]], place: Path, marks: dict[str, Marks], side: str
) -> Run:
    numbers = count()

    def run() -> dict[str, float]:
        folder = place / f"{side} {next(numbers)}".replace(" ", "-")
        folder.mkdir()
        taken, marks[side] = grader(place / "class", folder)
        shutil.rmtree(folder)
        return taken

    return run


def ours(submissions: Path, place: Path) -> tuple[dict[str, float], Marks]:
    """`course grade` in a copy of the course."""
    copy_course(place)
    database = place / "gradebook" / "gradebook.db"
    return measured(grade(submissions, place), place, database), _in_gradebook(database)


def stock(built: list[Built], submissions: Path, place: Path) -> tuple[dict[str, float], Marks]:
    """nbgrader with its own Execute step, in a kernel for each notebook, and the same steps before it."""
    CourseFolder(place).publish(built)
    settings, database = place / "nbgrader_config.py", place / "gradebook.db"
    steps = ["Execute", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata"]
    text = settings.read_text(encoding="utf-8")
    text += f"c.Autograde.autograde_preprocessors = {[f'nbgrader.preprocessors.{step}' for step in steps]}\n"
    text += f'c.ExecutePreprocessor.timeout = 60\nc.ExecutePreprocessor.skip_cells_with_tag = "{SKIP_TAG}"\n'
    settings.write_text(text, encoding="utf-8")
    for student in submissions.iterdir():
        shutil.copytree(student, place / "submitted" / student.name / ASSIGNMENT)
    for path in place.rglob("*.ipynb"):  # it leaves out cells with one tag
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            tags = cell["metadata"].get("tags", [])
            with suppress(ValueError):
                tags[tags.index(SHOW_TAG)] = SKIP_TAG
        path.write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--log-level=ERROR"]
    return measured(command, place, database), _in_gradebook(database)


def with_otter(item: Built, submissions: Path, place: Path) -> tuple[dict[str, float], Marks]:
    """`otter run` for each submission, as many at a time as there are cores."""
    students = [folder.name for folder in submissions.iterdir()]
    prepared, results = submissions.with_name("otter"), place / "results"
    command = otter.command(item, prepared, results)
    return measured(command, place, results / students[0] / "results.json"), otter.marks_of(results, students)


def _in_gradebook(database: Path) -> Marks:
    with Gradebook(f"sqlite:///{database}") as gradebook:
        return {
            submission.student.id: {
                grade.name.removesuffix("-test"): grade.auto_score or 0.0
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def different(side: str, marks: dict[str, Marks], exercises: set[str]) -> list[str]:
    """Marks of a side that are not ours: "side student exercise theirs ours"."""
    pairs = [
        (student, name, marks[side].get(student, {}).get(name), of_one.get(name))
        for student, of_one in marks[OURS].items()
        for name in sorted(exercises)
    ]
    return [f"{side} {student} {name} {theirs} {ours}" for student, name, theirs, ours in pairs if theirs != ours]


PART = Part(
    "grading",
    (Side(OURS, 3, 9), Side(NBGRADER, 3, 18), Side(OTTER, 3, 35)),
    partial(measure, notebooks=slice(1, 2), class_=8),
)
FOUR = Part(
    "grading-four",
    (Side(OURS, 3, 18), Side(NBGRADER, 3, 193)),
    partial(measure, notebooks=slice(0, 4), class_=12),
    asked=True,
)
