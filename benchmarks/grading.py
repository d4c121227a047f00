"""Stock `nbgrader autograde` against `course grade`, on the same submissions, in turns: python -m benchmarks.grading.

Each run is the whole command in a new course folder: starting, reading, grading, writing the gradebook. Ours also sorts what
was handed in and writes the students' feedback pages. Beside it: what the parts cost, and how time and memory grow.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

import click
import psutil
from nbgrader.api import Gradebook

from autograde.build import Built, as_text, read_course
from autograde.cells import SHOW_TAG, SKIP_TAG, exercise_id, is_solution, is_test, is_written
from autograde.course import ASSIGNMENT, Course
from autograde.demo import CLASS
from autograde.gradebook import CourseFolder
from autograde.planted import answer, answers_of, read_patches
from autograde.proxies import Session
from autograde.release import FILES
from autograde.rooms import Server
from benchmarks.report import machine, write
from helpers.exercise import SEED_VARIABLE

ROOT = Path(__file__).parents[1]
#: The demo's class with all notebooks, and four more who have everything right.
STUDENTS = {**CLASS, "ines": (), "jan": (), "kim": (), "lea": ()}
_SEED = 1


@dataclass(frozen=True)
class Run:
    """One whole command: seconds, seconds of CPU that the machine was busy meanwhile, the marks, MB by kind of process."""

    wall: float
    cpu: float
    marks: dict[str, dict[str, float]]
    memory: dict[str, int]


def hand_in(built: list[Built], folder: Path, students: dict[str, tuple[str, ...]]) -> None:
    """Write the submissions: right but for each student's mistakes; no trained weights."""
    patches = {patch.name: patch for patch in read_patches(ROOT / "tests" / "submissions")}
    for number, (student, mistakes) in enumerate(students.items()):
        cells = {key: source for name in mistakes for key, source in patches[name].cells.items()}
        (folder / student).mkdir(parents=True)
        for item in built:
            notebook = answer(item, answers_of(item.full) | cells)
            first = next(cell for cell in notebook.cells if is_solution(cell) and cell.cell_type == "code")
            first.source += f"\n# by student {number}"  # equal notebooks would be examined once
            (folder / student / item.filename).write_text(as_text(notebook), encoding="utf-8")


def stock(built: list[Built], submissions: Path, place: Path) -> Run:
    """nbgrader with its own Execute step, in a kernel for each notebook, and the same steps before it."""
    folder = CourseFolder(place)
    folder.publish(built)
    settings = place / "nbgrader_config.py"
    steps = ["Execute", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata"]
    text = settings.read_text(encoding="utf-8")
    text += f"c.Autograde.autograde_preprocessors = {[f'nbgrader.preprocessors.{step}' for step in steps]}\n"
    # The cells that train networks are left out, as in ours: stock nbgrader would run them for minutes.
    text += 'c.ExecutePreprocessor.timeout = 60\nc.ExecutePreprocessor.skip_cells_with_tag = "skip-grading"\n'
    settings.write_text(text, encoding="utf-8")
    for student in submissions.iterdir():
        shutil.copytree(student, place / "submitted" / student.name / ASSIGNMENT)
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--log-level=ERROR"]
    return _timed(command, place, place / "gradebook.db")


def ours(submissions: Path, place: Path, *, watched: bool = False) -> Run:
    """`course grade` in a copy of the course."""
    for name in ("source", "notebooks", "solutions", "helpers"):
        shutil.copytree(ROOT / name, place / name)
    for name in FILES:
        shutil.copy(ROOT / name, place / name)
    command = [
        sys.executable,
        "-c",
        "from autograde.cli import main; main()",
        "grade",
        str(submissions),
        "--out",
        str(place / "marks"),
    ]
    return _timed(command, place, place / "gradebook" / "gradebook.db", watched)


def _timed(command: list[str], place: Path, database: Path, watched: bool = False) -> Run:
    variables = {"PYTHONPATH": str(ROOT), SEED_VARIABLE: str(_SEED), "COURSE_IMAGES": "synthetic"}
    busy, began = _busy(), time.monotonic()
    with (place / "said.txt").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, cwd=place, env=os.environ | variables, stdout=subprocess.DEVNULL, stderr=said
        )
        memory = _memory(process) if watched else {}
        process.wait()
        wall, cpu = time.monotonic() - began, _busy() - busy
        said.seek(0)
        complaints = said.read()
    if not database.exists() or "Traceback" in complaints:
        raise click.ClickException(f"{' '.join(command)} failed:\n{complaints[-3000:]}")
    with Gradebook(f"sqlite:///{database}") as gradebook:
        marks = {
            submission.student.id: {
                grade.name.removesuffix("-test"): grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }
    return Run(round(wall, 2), round(cpu, 2), marks, memory)


def _memory(process: subprocess.Popen) -> dict[str, int]:
    """The most MB that each kind of process of a run held until it ended, by share: what several share counts once."""
    most: dict[str, int] = {}
    while process.poll() is None:
        now: dict[str, float] = {}
        for kind, one in _family(psutil.Process(process.pid)):
            try:
                now[kind] = now.get(kind, 0) + one.memory_full_info().pss / 1e6
            except (psutil.Error, OSError):  # it has ended
                continue
        most = {kind: max(most.get(kind, 0), round(now.get(kind, 0))) for kind in most | now}
        most["all"] = max(most.get("all", 0), round(sum(now.values())))
        time.sleep(1)
    return most


def _family(process: psutil.Process) -> Iterator[tuple[str, psutil.Process]]:
    """A run's processes: the coordinator, workers and examiners with the one they are forked from, and rooms with theirs."""
    yield "coordinator", process
    try:
        for child in process.children(recursive=True):
            yield ("rooms" if "candidate_server" in " ".join(child.cmdline()) else "workers"), child
    except psutil.Error:
        return


def _busy() -> float:
    """Seconds of CPU that this machine has spent on all processes: some here are buried by the kernel, with their times."""
    user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def bare(built: list[Built]) -> dict[str, float]:
    """Seconds of CPU that the cells of each notebook cost which grading runs, answers and tests, everything imported."""
    spent = {}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for item in built:
            notebook = answer(item, answers_of(item.full))
            Path(item.filename).write_text(as_text(notebook), encoding="utf-8")  # the next one carries from it
            tests = [cell for cell in item.full.cells if is_test(cell)]
            cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_test(cell)] + tests
            sources = [cell.source for cell in cells if not {SKIP_TAG, SHOW_TAG} & set(cell.metadata.get("tags", []))]
            command = [sys.executable, "-c", _BARE, *sources]
            variables = {"PYTHONPATH": str(ROOT), SEED_VARIABLE: str(_SEED), "COURSE_IMAGES": "synthetic"}
            done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=True)
            spent[item.name] = round(float(done.stdout.split()[-1]), 3)
    return spent


#: The same shell as in a room, but without room, pipe and stand-ins.
_BARE = """
import sys, time
import autograde.truth, autograde.truth_torch
from autograde import candidate_server, worker_server
from autograde.forking import load
load((*candidate_server._PRELOADED, *worker_server._PRELOADED))
shell = candidate_server.Shell()
began = time.process_time()
for source in sys.argv[1:]:
    shell.run(source)
print(time.process_time() - began)
"""


def opening(times: int = 20) -> float:
    """Milliseconds, median, until a fresh room has a candidate in it that answers."""
    taken = []
    with Server() as server:
        for _ in range(times):
            began = time.monotonic()
            session = Session(server.open())
            session.ask("names", [])
            taken.append(1000 * (time.monotonic() - began))
            session.close()
    return round(statistics.median(taken), 1)


def differences(one: Run, other: Run, written: set[str]) -> list[str]:
    """Automatic marks that differ: "student exercise stock ours"."""
    return [
        f"{student} {name} {mark} {other.marks.get(student, {}).get(name)}"
        for student, marks in one.marks.items()
        for name, mark in marks.items()
        if name not in written and (mark or 0) != (other.marks.get(student, {}).get(name) or 0)
    ]


@click.command()
@click.option("--repeats", default=3, show_default=True, help="Pairs of runs.")
@click.option(
    "--sizes", "counts", default="1,10,100,1000", show_default=True, help="Submissions of one notebook, for ours alone."
)
@click.option("--only", type=click.Choice(["stock", "ours"]), help="Try one side once, and write nothing.")
def main(repeats: int, counts: str, only: str | None) -> None:
    """Measure, and write benchmarks/results/grading.json."""
    built = read_course(Course(ROOT))
    written = {exercise_id(cell) for item in built for cell in item.full.cells if is_written(cell)}
    runs: dict[str, list[Run]] = {"stock": [], "ours": []}
    sizes: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        hand_in(built, place / "class", STUDENTS)
        for number in range(1 if only else repeats):
            for side in [only] if only else runs:
                folder = place / f"{side}-{number}"
                folder.mkdir()
                run = stock(built, place / "class", folder) if side == "stock" else ours(place / "class", folder)
                runs[side].append(run)
                print(f"{side}: {run.wall} s, {run.cpu} s of CPU", flush=True)
        if only:
            return
        for count in map(int, counts.split(",")):
            hand_in(built[1:2], place / f"class-{count}", {f"s{number:04}": () for number in range(count)})
            (folder := place / f"size-{count}").mkdir()
            run = ours(place / f"class-{count}", folder, watched=True)
            sizes[str(count)] = {"wall": run.wall, "cpu": run.cpu, "MB": run.memory}
            click.echo(f"{count} submissions: {sizes[str(count)]}")
            shutil.rmtree(folder)
    found = differences(runs["stock"][0], runs["ours"][0], written)
    compared = sum(name not in written for marks in runs["stock"][0].marks.values() for name in marks)
    results = {
        side: {
            "wall": [run.wall for run in all_],
            "cpu": [run.cpu for run in all_],
            "median wall": statistics.median(run.wall for run in all_),
            "median cpu": statistics.median(run.cpu for run in all_),
        }
        for side, all_ in runs.items()
    }
    parts = {"room and fork, ms": opening(), "bare cells, s of CPU": bare(built)}
    about = {"machine": machine(), "students": len(STUDENTS), "marks": compared, "differences": found}
    write("grading", {**about, **results, "sizes": sizes, **parts})
    click.echo(f"{compared} marks compared; different: {found or 'none'}")


if __name__ == "__main__":
    main()
