"""Many jobs at once, on executors, and results kept in files.

A result is one file, named by what decides it and written whole or not at all: what was examined once is known for good,
and a run that was killed continues where it was.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from autograde.course import CourseError
from autograde.job import Job, Outcome
from autograde.nursery import DIED
from autograde.processes import Processes
from helpers.whole import write_whole


class Results:
    """A folder of outcomes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def empty(self) -> bool:
        """Whether nothing is known."""
        return not self._folder.exists() or not any(self._folder.iterdir())

    def find(self, key: str) -> Outcome | None:
        """The outcome of the job with this key, if it is known; a damaged file is as good as none."""
        try:
            return Outcome.from_json((self._folder / f"{key}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def keep(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome, in a file that is whole or not there. Raises CourseError when there is no room for it."""
        try:
            write_whole(self._folder / f"{key}.json", outcome.as_json())
        except OSError as error:
            raise CourseError(
                f"a result cannot be kept in {self._folder} ({error.strerror or error}). Make room there and grade "
                "again: what is kept is not examined again."
            ) from None


class Workers:
    """Worker processes on this machine, as a context manager."""

    def __init__(self, count: int | None = None, *, isolated: bool = True) -> None:
        """count: how many; None means one for each core. isolated: False lets student code do whatever the user may."""
        self._count, self._isolated = count or len(os.sched_getaffinity(0)), isolated
        self._begin()

    def _begin(self) -> None:
        self.processes = Processes(isolated=self._isolated)
        # Threads only wait for their processes.
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="worker")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def warm(self) -> None:
        """Start what takes seconds to start, and do not wait for it: call it when jobs are sure to come."""
        self.processes.warm()

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Each job with its outcome, as they come; see `outcomes`. Leaving early ends what is under way."""
        whole = False
        try:
            yield from outcomes(self._threads, self.processes.examine, jobs, 2 * self._count)
            whole = True
        finally:
            if not whole:  # nobody wants to know any more
                self._stop()
                self._begin()

    def _stop(self) -> None:
        self.processes.close()
        self._threads.shutdown(wait=True, cancel_futures=True)


def outcomes(
    executor: Executor,
    examine: Callable[[Job], Outcome],
    jobs: Iterable[Job],
    most: int,
    lost: type[Exception] | tuple[type[Exception], ...] = (),
) -> Iterator[tuple[Job, Outcome]]:
    """Each job with what examine makes of it on the executor, as they come.

    At most `most` jobs are taken before their outcomes are: not all need to fit into memory. lost: what the executor raises
    for a job that it has given up.
    """
    waiting = iter(jobs)
    running: dict[Future, Job] = {}
    try:
        while True:
            while len(running) < most and (job := next(waiting, None)) is not None:
                running[executor.submit(examine, job)] = job
                del job
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            while done:
                future = done.pop()
                try:
                    outcome = future.result()
                except lost:
                    outcome = Outcome(failed=DIED)
                yield running.pop(future), outcome
                del future
    finally:
        for future in running:
            future.cancel()
