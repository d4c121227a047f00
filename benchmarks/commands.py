"""Whole commands, measured: a class that hands in, a copy of the course to grade it in, seconds, CPU and memory of a run."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from autograde.build import Built, as_text
from autograde.cells import is_solution
from autograde.course import CourseError
from autograde.planted import answer, answers_of, read_patches
from autograde.students import FILES
from helpers.exercise import SEED_VARIABLE

ROOT = Path(__file__).parents[1]
COURSE = (sys.executable, "-c", "from autograde.cli import main; main()")
VARIABLES = {"PYTHONPATH": str(ROOT), SEED_VARIABLE: "1", "COURSE_IMAGES": "synthetic"}
_SAID = "said.txt"


def hand_in(built: Iterable[Built], folder: Path, students: Mapping[str, Sequence[str]]) -> None:
    """Write what a class hands in: right but for each student's mistakes (tests/submissions/); no trained weights."""
    patches = {patch.name: patch for patch in read_patches(ROOT / "tests" / "submissions")}
    for number, (student, mistakes) in enumerate(students.items()):
        cells = {key: source for name in mistakes for key, source in patches[name].cells.items()}
        (folder / student).mkdir(parents=True)
        for item in built:
            notebook = answer(item, answers_of(item.full) | cells)
            first = next(cell for cell in notebook.cells if is_solution(cell) and cell.cell_type == "code")
            first.source += f"\n# by student {number}"  # equal notebooks would be examined once
            (folder / student / item.filename).write_text(as_text(notebook), encoding="utf-8")


def copy_course(place: Path) -> None:
    """A copy of the course, to grade in."""
    for name in ("source", "notebooks", "solutions", "helpers"):
        shutil.copytree(ROOT / name, place / name)
    for name in FILES:
        shutil.copy(ROOT / name, place / name)


def grade(submissions: Path, place: Path, *options: str) -> list[str]:
    """The command that grades in a copy of the course."""
    return [*COURSE, "grade", str(submissions), "--out", str(place / "marks"), *options]


def measured(
    command: Sequence[str], place: Path, made: Path, watch: Callable[[], Iterable[int]] | None = None
) -> dict[str, float]:
    """Run a command in a folder: seconds, and seconds of CPU that the machine was busy meanwhile.

    made: what the command has to make. watch: whose processes, besides the command's, to take the memory of, too.
    Raises CourseError when it failed.
    """
    busy, began = busy_seconds(), time.monotonic()
    with (place / _SAID).open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, cwd=place, env=os.environ | VARIABLES, stdout=said, stderr=said, start_new_session=True
        )
        try:
            memory = _memory(process, watch) if watch else {}
            process.wait()
        finally:
            with suppress(ProcessLookupError):  # after Ctrl-C it is still there
                os.killpg(process.pid, signal.SIGKILL)
        found = {"wall": time.monotonic() - began, "cpu": busy_seconds() - busy} | memory
        said.seek(0)
        complaints = said.read()
    if not made.exists() or "Traceback" in complaints:
        raise CourseError(f"{' '.join(command)} failed: {complaints[-2000:]}")
    return found


def busy_seconds() -> float:
    """Seconds of CPU that this machine has spent on all processes: some here are buried by the kernel, with their times."""
    user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def _memory(process: subprocess.Popen, others: Callable[[], Iterable[int]]) -> dict[str, float]:
    """The most MB that each kind of process of a run held until it ended, by share: what several share counts once."""
    most: dict[str, float] = {}
    while process.poll() is None:
        now: dict[str, float] = {}
        for kind, one in _family(process.pid, others()):
            try:
                now[kind] = now.get(kind, 0) + one.memory_full_info().pss / 1e6
            except (psutil.Error, OSError):  # it has ended
                continue
        now["all"] = sum(now.values())
        most = {kind: max(most.get(kind, 0), now.get(kind, 0)) for kind in most | now}
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
    return {f"{kind}, MB": round(size) for kind, size in most.items()}


def _family(coordinator: int, others: Iterable[int]) -> Iterator[tuple[str, psutil.Process]]:
    """A run's processes: the coordinator, workers and examiners with the one they are forked from, and rooms with theirs."""
    with suppress(psutil.Error):
        process = psutil.Process(coordinator)
        yield "coordinator", process
        workers = [psutil.Process(pid) for pid in others]
        yield from (("workers", worker) for worker in workers)
        for child in (child for parent in (process, *workers) for child in parent.children(recursive=True)):
            with suppress(psutil.Error):
                yield ("rooms" if "candidate_server" in " ".join(child.cmdline()) else "workers"), child
