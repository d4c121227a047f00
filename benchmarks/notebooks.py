"""How long the solutions take from the first cell to the last, offline: python -m benchmarks.notebooks [NAME ...].

With the built-in images and digits, as for students without a network, one notebook after the other, each in a new kernel. Results
of notebooks that are not named are kept.
"""

import contextlib
import ctypes
import os
import resource
import signal
import tempfile
import time
from pathlib import Path

import click
import nbformat

from autograde.build import Built, as_text, read_course
from autograde.course import Course
from autograde.execute import execute
from benchmarks.report import RESULTS, machine, read, write
from helpers.data import DIGITS_VARIABLE, SOURCE_VARIABLE

RESULT = "notebooks-offline"
OFFLINE = {SOURCE_VARIABLE: "synthetic", DIGITS_VARIABLE: "digits"}
_PR_SET_CHILD_SUBREAPER = 36


@click.command()
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...]) -> None:
    """Execute the solutions, say what each takes, and write the results."""
    ctypes.CDLL(None).prctl(
        _PR_SET_CHILD_SUBREAPER, 1
    )  # the processes of a search outlive their kernel: they come to us
    built = read_course(Course(Path()))
    for name in names or [item.name for item in built]:
        found = {name: seconds(built, name)}
        click.echo(f"{name}: {found[name]}")
        kept = read(RESULT)["notebooks"] if (RESULTS / f"{RESULT}.json").exists() else {}
        write(RESULT, {"machine": machine(), "notebooks": dict(sorted((kept | found).items()))})


def seconds(built: list[Built], name: str) -> dict[str, float]:
    """Wall and CPU seconds of one notebook, and the machine's load before it (0 on a quiet one). Others can be carried from."""
    with tempfile.TemporaryDirectory() as folder:
        for item in built:
            Path(folder, item.filename).write_text(as_text(item.full), encoding="utf-8")
        (full,) = (nbformat.from_dict(item.full) for item in built if item.name == name)
        load, started, before = os.getloadavg()[0], time.perf_counter(), _cpu()
        done = execute(full, Path(folder), timeout=3600, environment=OFFLINE)
        wall = time.perf_counter() - started
        _end_children()
        cpu = _cpu() - before
    failed = [cell.id for cell in done.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert not failed, f"{name}: {failed}"
    return {"wall": round(wall), "cpu": round(cpu), "load before": round(load, 1)}


def _end_children() -> None:
    """End the idle processes of searches, and wait for all children, so that their time is counted."""
    for child in Path("/proc/self/task", str(os.getpid()), "children").read_text().split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGTERM)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def _cpu() -> float:
    """Seconds of all child processes that have ended: the kernel, and the processes of its searches."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
