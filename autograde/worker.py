"""Does jobs: each in a process of its own, forked from this one, which has imported everything, with a room beside it.

python -m autograde.worker FD PARENT: jobs come on the socket FD, and outcomes go back; it ends when the other end closes,
or when the process PARENT, which started it, ends.
"""

import contextlib
import functools
import gc
import importlib
import json
import multiprocessing.connection
import os
import pickle
import resource
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbformat.v4 import reads

from autograde import libc
from autograde.cells import grade_id, is_test
from autograde.course import CourseError
from autograde.examiner import Examination, Examined
from autograde.job import ATTEMPTS, PATIENCE, Job, Outcome
from autograde.plan import plan
from autograde.rooms import RoomFailed, Server
from autograde.unseen import FILE_VARIABLE
from autograde.verdict import TIMEOUT_ERROR, Verdict
from helpers.exercise import SEED_VARIABLE

#: What tests, and the given cells that they need, import: loaded once, before examiners are forked. Else it costs each of
#: them a second.
_PRELOADED = (
    "autograde.truth", "autograde.truth_torch", "autograde.unseen", "matplotlib.pyplot", "pandas", "scipy.special",
    "scipy.stats", "tqdm.auto", "torch._dynamo", "torchvision", "helpers.data", "helpers.figures", "helpers.image_figures",
    "helpers.search", "helpers.training", "helpers.training_figures", "helpers.weights",
)  # fmt: skip
#: Bytes that an examiner may need on top of what it shares.
_MEMORY = 6 * 2**30


#: Seconds between two signs of life.
_BEAT = 2.0
_STOPPED = "the examiner was stopped by something else"


class Worker:
    """Examines notebooks, one after the other, with a server of rooms that lives as long: it is what takes seconds to start."""

    def __init__(self, alive: Callable[[], None] = lambda: None) -> None:
        """alive: called every few seconds while it works."""
        self._alive = alive
        for module in _PRELOADED:
            importlib.import_module(module)
        self._server: Server | None = None

    def grade(self, job: Job) -> Outcome:
        """Examine one notebook. Trouble of the grader's own is tried once more, and then told in `failed`."""
        began, outcome = time.monotonic(), Outcome()
        for _ in range(ATTEMPTS):
            try:
                if self._server is None:
                    self._server = Server().__enter__()
                    gc.collect()
                    gc.freeze()
                _plan(job.full)
                outcome = _in_a_process(job, self._server, self._alive)
            except RoomFailed as error:
                outcome = Outcome(failed=str(error))
            if not outcome.failed:
                break
            self.close()  # whatever it was, the next attempt has a new server
        return Outcome(outcome.verdicts, outcome.outputs, round(time.monotonic() - began, 3), outcome.failed)

    def close(self) -> None:
        """End the server of rooms."""
        if self._server is not None:
            self._server.__exit__(None, None, None)
            self._server = None


@functools.lru_cache(64)
def _plan(full: str) -> None:
    """Decide here where cells run: every examiner that is forked from now on remembers it."""
    plan(reads(full))


def _in_a_process(job: Job, server: Server, alive: Callable[[], None]) -> Outcome:
    """Fork an examiner, which tells line by line what it finds, and wait for its end."""
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    with tempfile.TemporaryDirectory(prefix="examined-") as folder:
        for name, content in job.files.items():
            Path(folder, name).write_bytes(content)
        child = os.fork()
        if child == 0:
            ours.close()
            _end_with(parent)
            _examine(job, server, Path(folder), theirs)
        theirs.close()
        try:
            told = _listen(ours, time.monotonic() + PATIENCE * job.timeout, alive)
            told["stopped"] = told["late"] and _is_stopped(child)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
    return _outcome(job, told, status)


def _end_with(parent: int) -> None:
    """Have the kernel kill this process when the one that started it ends."""
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _is_stopped(process: int) -> bool:
    """Whether somebody has stopped a process, as Ctrl-Z does: no student can, and none is to pay for it."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0] in (b"T", b"t")
    return False


def _examine(job: Job, server: Server, folder: Path, told: socket.socket) -> None:
    """In the examiner's process: examine, tell, end."""
    try:
        os.chdir(folder)
        os.environ[SEED_VARIABLE] = str(job.seed)
        os.environ[FILE_VARIABLE] = ""
        if job.images:
            Path(folder, ".unseen").write_bytes(job.images)
            os.environ[FILE_VARIABLE] = str(folder / ".unseen")
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + _MEMORY,) * 2)
        full, submitted = map(reads, (job.full, job.submitted))

        def tell(examined: Examined) -> None:
            new = {"verdicts": {k: [v.error, v.message] for k, v in examined.verdicts.items()}}
            _tell(told, new)

        examination = Examination(
            submitted, full, open_room=server.open, files=job.files, timeout=job.timeout, told=tell
        )
        examined = examination.examine()
        tell(examined)
        outputs = {submitted.cells[number].id: shown for number, shown in examined.outputs.items()}
        _tell(told, {"outputs": outputs, "end": True})
    except RoomFailed as error:
        _tell(told, {"failed": str(error)})
    except BaseException as error:
        _tell(told, {"failed": f"the examiner failed ({type(error).__name__}: {error})"})
    finally:
        os._exit(0)


def _tell(told: socket.socket, news: dict[str, Any]) -> None:
    told.sendall(json.dumps(news).encode() + b"\n")


def _listen(told: socket.socket, deadline: float, alive: Callable[[], None]) -> dict[str, Any]:
    """All that an examiner says until it ends, or until the deadline."""
    text = bytearray()
    with told:
        while (left := deadline - time.monotonic()) > 0:
            alive()
            if not select.select([told], [], [], min(left, _BEAT))[0]:
                continue
            part = told.recv(1 << 20)
            if not part:
                break
            text += part
    found: dict[str, Any] = {"late": time.monotonic() >= deadline}
    for line in bytes(text).rpartition(b"\n")[0].splitlines():
        found |= json.loads(line)
    return found


def _outcome(job: Job, told: dict[str, Any], status: int) -> Outcome:
    verdicts = {name: Verdict(*verdict) for name, verdict in told.get("verdicts", {}).items()}
    if told.get("end"):
        return Outcome(verdicts, told["outputs"])
    if told["stopped"]:
        return Outcome(failed=_STOPPED)
    if told["late"]:
        tests = [grade_id(cell) for cell in reads(job.full).cells if is_test(cell)]
        late = Verdict(TIMEOUT_ERROR, f"the notebook took more than {PATIENCE * job.timeout:g} s in all")
        return Outcome({name: verdicts.get(name, late) for name in tests})
    return Outcome(failed=told.get("failed") or f"the examiner ended early (status {status})")


def serve(connection: multiprocessing.connection.Connection) -> None:
    """Do the jobs that come, until the other end closes. Messages out: alive, error with a CourseError's text, outcome."""

    def say(kind: str, text: str = "") -> None:
        connection.send_bytes(pickle.dumps((kind, text)))

    worker = Worker(lambda: say("alive"))
    with contextlib.suppress(EOFError, OSError):
        while True:
            job = pickle.loads(connection.recv_bytes())
            try:
                say("outcome", worker.grade(job).as_json())
            except CourseError as error:
                say("error", str(error))


if __name__ == "__main__":
    _end_with(int(sys.argv[2]))
    serve(multiprocessing.connection.Connection(int(sys.argv[1])))
    os._exit(0)  # libraries take seconds to tidy up
