"""`course grade` by the number of submissions of one notebook, with one worker, on a Dask cluster; and what it holds in memory."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from distributed import LocalCluster

from autograde.build import read_course
from autograde.course import Course
from benchmarks.commands import ROOT, copy_course, grade, hand_in, measured
from benchmarks.turns import Part, Progress, Results, Side, in_turns

NOTEBOOK = "02_backprop"
#: How many submissions, graded by what.
CASES = {
    "1": (1, "two workers"),
    "10": (10, "two workers"),
    "100": (100, "two workers"),
    "100, one worker": (100, "one worker"),
    "100, Dask": (100, "Dask"),
    "1000": (1000, "two workers"),
}
_OPTIONS = {"one worker": ["--workers", "1"], "two workers": ["--workers", "2"]}


def measure(sides: Sequence[Side], progress: Progress) -> Results:
    """Seconds, CPU and memory of whole commands."""
    items = [item for item in read_course(Course(ROOT)) if item.name == NOTEBOOK]
    numbers = count()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        place = Path(name)
        for submissions in {CASES[side.name][0] for side in sides}:
            hand_in(items, place / f"class-{submissions}", {f"s{number:04}": () for number in range(submissions)})

        def run(submissions: int, how: str) -> dict[str, float]:
            folder = place / f"course-{next(numbers)}"
            folder.mkdir()
            copy_course(folder)
            class_, made = place / f"class-{submissions}", folder / "marks" / "grades.csv"
            if how == "Dask":
                with cluster() as (address, pids):
                    found = measured(grade(class_, folder, "--scheduler", address), folder, made, lambda: pids)
            else:
                found = measured(grade(class_, folder, *_OPTIONS[how]), folder, made, list)
            shutil.rmtree(folder)
            return found

        runs = {side.name: partial(run, *CASES[side.name]) for side in sides}
        return {"notebook": NOTEBOOK, "sides": in_turns(sides, runs, progress)}


@contextmanager
def cluster() -> Iterator[tuple[str, list[int]]]:
    """A scheduler and one worker with two threads on this machine, as in docs/cluster.md: its address, its workers' processes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dask's own, of ports
        with LocalCluster(
            n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None, silence_logs=50
        ) as local:
            yield local.scheduler_address, [worker.pid for worker in local.workers.values()]


PART = Part(
    "scaling",
    (
        Side("1", 3, 8),
        Side("10", 3, 10),
        Side("100", 2, 30),
        Side("100, one worker", 2, 40),
        Side("100, Dask", 2, 35),
        Side("1000", 1, 263),
    ),
    measure,
)
