"""Worker processes as their coordinator sees them, and the nursery that they are forked from in milliseconds."""

import contextlib
import json
import multiprocessing.connection
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from autograde.course import CourseError
from autograde.drafts import draft, tidy
from autograde.job import PATIENCE, Job, Outcome

#: Libraries must not start threads in processes that fork.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_PROGRAM = ("-m", "autograde.worker_server")
_START = 300.0  # seconds that a nursery may take to import everything
_FORK = 60.0  # seconds that it may take to fork, which is all that it does then
_END = 10.0  # seconds that the kernel may take to end a process
_MARGIN = 180.0  # seconds that a worker may need besides the examination itself
DIED, HANGS = "the process that examined it died", "the process that examined it hung"


class Lost(Exception):
    """A worker process came to an end, or had to be ended, with its job; the argument says how."""


class Nursery:
    """A process that forks workers, with the server of rooms that they share: see autograde.worker_server."""

    def __init__(self, *, isolated: bool = True) -> None:
        """Start it, from a thread that lives as long as it shall. isolated: False lets student code do what the user may."""
        # All temporary files lie in a folder of the coordinator's: who is killed leaves his behind.
        tidy()
        self._kept = contextlib.ExitStack()
        #: Where it and its workers keep temporary files.
        self.folder = self._kept.enter_context(draft())
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._warm = False
        with theirs:
            how = "sealed" if isolated else "open"
            self._process = subprocess.Popen(
                [sys.executable, *_PROGRAM, str(theirs.fileno()), str(os.getpid()), how],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | _ONE_THREAD | {"PYTHONPATH": _search_path(), "TMPDIR": str(self.folder)},
                start_new_session=True,  # Ctrl-C is for the coordinator to answer
            )

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def fork(self) -> "WorkerProcess":
        """A new worker, as soon as everything is imported. Raises Lost, and CourseError when no room can be made here."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._requests, [b"fork"], [theirs.fileno()])
            ours.settimeout(_FORK if self._warm else _START)
            text, handles, _, _ = socket.recv_fds(ours, 65536, 1)
            told = json.loads(text)
        except (OSError, ValueError) as error:
            ours.close()
            raise Lost(HANGS if isinstance(error, TimeoutError) else DIED) from None
        if "error" in told:
            ours.close()
            raise CourseError(told["error"])
        self._warm = True
        ours.settimeout(None)
        return WorkerProcess(self, told["pid"], handles[0], ours)

    def kill(self) -> None:
        """End it, and with it all that it started, without waiting for their end."""
        self._process.kill()

    def close(self) -> None:
        """End it, and with it all that it started."""
        self._process.kill()
        self._process.wait()
        self._requests.close()
        self._kept.close()


class WorkerProcess:
    """One worker process: see autograde.worker."""

    def __init__(self, nursery: Nursery, pid: int, handle: int, connection: socket.socket) -> None:
        """handle: a descriptor of the process; by its number a child's child cannot be ended safely."""
        self.nursery, self.pid, self._handle = nursery, pid, handle
        self._connection = multiprocessing.connection.Connection(connection.detach())

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return not select.select([self._handle], [], [], 0)[0]

    def examine(self, job: Job, silence: float) -> Outcome:
        """Have it do a job. silence: seconds without a sign of life after which it is given up. Raises Lost."""
        deadline = time.monotonic() + _MARGIN + PATIENCE * job.timeout
        try:
            self._connection.send_bytes(pickle.dumps(job))
            while True:
                patience = min(silence, deadline - time.monotonic())
                if patience <= 0 or not self._connection.poll(patience):
                    raise Lost(HANGS)
                told = pickle.loads(self._connection.recv_bytes())
                if told is not None:
                    return Outcome.from_json(told)
        except (EOFError, OSError):
            raise Lost(DIED) from None

    def kill(self) -> None:
        """End it, without waiting for its end."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def end(self) -> None:
        """End it; the kernel ends what it started when it ends."""
        self.kill()
        select.select([self._handle], [], [], _END)
        os.close(self._handle)
        self._connection.close()


def _search_path() -> str:
    """Where modules are found here, for an environment without the package installed."""
    return os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
