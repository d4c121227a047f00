"""Many jobs at once: worker processes, results kept in files, and whatever dies on the way.

A result is one file, named by what decides it and written whole or not at all: what was examined once is known for good,
and a run that was killed continues where it was.
"""

import atexit
import contextlib
import functools
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from autograde.job import ATTEMPTS, PATIENCE, Job, Outcome

#: Libraries must not start threads in workers, which fork.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_START = 300.0  # seconds that a worker may take to import everything
_WORKER_DIED = "the process that examined it died"


class Results:
    """A folder of outcomes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: str) -> Outcome | None:
        """The outcome of the job with this key, if it is known; a damaged file is as good as none."""
        try:
            return Outcome.from_json((self._folder / f"{key}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def keep(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome, in a file that is whole or not there."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f".{key}.{os.getpid()}"
        with draft.open("w", encoding="utf-8") as file:
            file.write(outcome.as_json())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / f"{key}.json")


class Workers:
    """Worker processes, as a context manager."""

    def __init__(self, count: int | None = None, *, isolated: bool = True) -> None:
        """count: how many; None means one for each core. isolated: False lets student code do whatever the user may."""
        self._count = count or len(os.sched_getaffinity(0))
        self._grade = functools.partial(_grade, isolated=isolated)
        self._pool: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None and self._pool is not None:
            self._pool.shutdown()  # all is done: they end by themselves
            self._pool = None
        self._stop()

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Each job with its outcome, as they come. A job that takes a worker with it is tried once more, then told as failed.

        jobs are taken one by one as workers get free, so that not all need to fit into memory.
        """
        waiting, running = iter(jobs), {}
        again: list[Job] = []
        deaths: Counter[str] = Counter()
        try:
            yield from self._outcomes(waiting, running, again, deaths)
        finally:
            if running:  # nobody wants to know any more
                self._stop()

    def _outcomes(
        self, waiting: Iterator[Job], running: dict[Future, Job], again: list[Job], deaths: Counter[str]
    ) -> Iterator[tuple[Job, Outcome]]:
        while True:
            while len(running) < 2 * self._count and (job := again.pop() if again else next(waiting, None)):
                running[self._submit(job)] = job
            if not running:
                return
            longest = _START + max(ATTEMPTS * PATIENCE * job.timeout for job in running.values()) * 2
            done, _ = wait(running, timeout=longest, return_when=FIRST_COMPLETED)
            if not done or any(isinstance(future.exception(), BrokenExecutor) for future in done):
                for future in [future for future in running if future.done() and future.exception() is None]:
                    yield running.pop(future), future.result()
                for job in self._survivors(running):
                    deaths[job.key] += 1
                    if deaths[job.key] < ATTEMPTS:
                        again.append(job)
                    else:
                        yield job, Outcome(failed=_WORKER_DIED)
                running.clear()
                continue
            for future in done:
                yield running.pop(future), future.result()

    def _survivors(self, running: dict[Future, Job]) -> list[Job]:
        """End all workers, since one of them died or hangs; the jobs that were under way."""
        self._stop()
        return list(running.values())

    def _submit(self, job: Job) -> Future:
        if self._pool is None:
            with _environment(_ONE_THREAD):
                spawn = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(self._count, mp_context=spawn, initializer=_begin)
                return self._pool.submit(self._grade, job)
        return self._pool.submit(self._grade, job)

    def _stop(self) -> None:
        if self._pool is None:
            return
        for process in list(self._pool._processes.values()):
            process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None


def _grade(job: Job, *, isolated: bool) -> Outcome:
    from autograde.worker import grade  # the coordinator has no use for PyTorch

    return grade(job, isolated=isolated)


def _begin() -> None:
    """In a worker: Ctrl-C is for the coordinator to answer, and the end is quick: libraries take seconds to tidy up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit.register(os._exit, 0)


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ |= variables
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
