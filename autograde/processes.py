"""Worker processes, each warm and doing one job at a time; what dies or hangs with a job costs that job one attempt."""

import multiprocessing.connection
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from autograde.course import CourseError
from autograde.job import ATTEMPTS, PATIENCE, Job, Outcome

#: Libraries must not start threads in workers, which fork.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_START = 300.0  # seconds that a worker may take to import everything
#: Seconds without a sign of life from a worker, which gives one every few: it hangs.
_SILENCE = 180.0
DIED, HANGS = "the process that examined it died", "the process that examined it hung"


class Lost(Exception):
    """A worker process came to an end, or had to be ended, with its job; the argument says how."""


class WorkerProcess:
    """One worker process: see autograde.worker."""

    def __init__(self, *, isolated: bool = True) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            how = "sealed" if isolated else "open"
            self._process = subprocess.Popen(
                [sys.executable, "-m", "autograde.worker", str(theirs.fileno()), str(os.getpid()), how],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | _ONE_THREAD | {"PYTHONPATH": _search_path()},
                start_new_session=True,  # Ctrl-C is for the coordinator to answer
            )
        self._connection = multiprocessing.connection.Connection(ours.detach())

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def examine(self, job: Job, silence: float = _SILENCE) -> Outcome:
        """Have it do a job. Raises Lost, and CourseError when no room can be made here."""
        deadline = time.monotonic() + _START + ATTEMPTS * PATIENCE * job.timeout
        try:
            self._connection.send_bytes(pickle.dumps(job))
            while True:
                patience = min(silence, deadline - time.monotonic())
                if patience <= 0 or not self._connection.poll(patience):
                    raise Lost(HANGS)
                kind, text = pickle.loads(self._connection.recv_bytes())
                if kind == "outcome":
                    return Outcome.from_json(text)
                if kind == "error":
                    raise CourseError(text)
        except (EOFError, OSError):
            raise Lost(DIED) from None

    def kill(self) -> None:
        """End it, without waiting for its end."""
        self._process.kill()

    def end(self) -> None:
        """End it and all that it started; the kernel ends those when it ends."""
        self._process.kill()
        self._process.wait()
        self._connection.close()


def _search_path() -> str:
    """Where modules are found here, for an environment without the package installed."""
    return os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])


class Processes:
    """As many worker processes as threads ask for one at a time; kept warm, and to be closed."""

    def __init__(self, silence: float = _SILENCE, *, isolated: bool = True) -> None:
        """silence: seconds without a sign of life after which a process is given up. isolated: see worker.Worker."""
        self._silence, self._isolated = silence, isolated
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that live."""
        with self._lock:
            return [process.pid for process in (*self._idle, *self._busy)]

    def examine(self, job: Job) -> Outcome:
        """Do a job. One that takes its worker with it is tried once more, then told as failed. Raises CourseError."""
        why = DIED
        for _ in range(ATTEMPTS):
            process = self._take()
            try:
                outcome = process.examine(job, self._silence)
            except BaseException as error:
                self._give_up(process)
                if self._closed or not isinstance(error, Lost):
                    raise
                why = str(error)
            else:
                self._put_back(process)
                return outcome
        return Outcome(failed=why)

    def close(self) -> None:
        """End all processes, busy ones too."""
        with self._lock:
            self._closed = True
            processes, self._idle = [*self._idle, *self._busy], []
            for process in processes:
                process.kill()  # a thread that waits for its answer sees it end, and buries it
            idle = [process for process in processes if process not in self._busy]
        for process in idle:
            process.end()

    def _take(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise Lost("grading has ended")
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    break
                process.end()
            else:
                process = WorkerProcess(isolated=self._isolated)
            self._busy.add(process)
            return process

    def _put_back(self, process: WorkerProcess) -> None:
        with self._lock:
            self._busy.remove(process)
            if not self._closed:
                self._idle.append(process)
                return
        process.end()

    def _give_up(self, process: WorkerProcess) -> None:
        process.end()
        with self._lock:
            self._busy.remove(process)
