"""Does a job: in a process of its own, forked from one that has imported everything, with a room beside it."""

import contextlib
import functools
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import reads

from autograde.cells import grade_id, is_test
from autograde.examiner import Examination, Examined
from autograde.job import ATTEMPTS, PATIENCE, Job, Outcome
from autograde.plan import Plan, plan
from autograde.proxies import RoomFailed
from autograde.rooms import Server
from autograde.unseen import FILE_VARIABLE
from autograde.verdict import TIMEOUT_ERROR, Verdict
from helpers.exercise import SEED_VARIABLE

#: What tests import: loaded once, before examiners are forked.
_PRELOADED = (
    "autograde.truth",
    "autograde.truth_torch",
    "autograde.unseen",
    "helpers.weights",
    "helpers.data",
    "torch._dynamo",
)
#: Bytes that an examiner may need on top of what it shares.
_MEMORY = 6 * 2**30


def grade(job: Job, *, isolated: bool = True) -> Outcome:
    """Examine one notebook. Trouble of the grader's own is tried once more, and then told in `failed`.

    isolated: False lets student code do whatever the user may.
    """
    began, outcome = time.monotonic(), Outcome()
    for _ in range(ATTEMPTS):
        try:
            outcome = _in_a_process(job, _server(isolated))
        except RoomFailed as error:
            _server.cache_clear()
            outcome = Outcome(failed=str(error))
        if not outcome.failed:
            break
    return Outcome(outcome.verdicts, outcome.outputs, round(time.monotonic() - began, 3), outcome.failed)


@functools.cache
def _server(isolated: bool) -> Server:
    """This worker's server of rooms, which lives as long as the worker: it is what costs seconds to start."""
    for module in _PRELOADED:
        importlib.import_module(module)
    server = Server(isolated=isolated).__enter__()
    gc.collect()
    gc.freeze()
    return server


@functools.lru_cache(maxsize=32)
def _instructors(full: str) -> tuple[NotebookNode, Plan]:
    """An instructor's notebook, and where its cells run."""
    notebook = reads(full)
    return notebook, plan(notebook)


def _in_a_process(job: Job, server: Server) -> Outcome:
    """Fork an examiner, which tells line by line what it finds, and wait for its end."""
    _instructors(job.full)  # read once for all examiners
    ours, theirs = socket.socketpair()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in job.files.items():
            Path(folder, name).write_bytes(content)
        child = os.fork()
        if child == 0:
            ours.close()
            _examine(job, server, Path(folder), theirs)
        theirs.close()
        try:
            told = _listen(ours, time.monotonic() + PATIENCE * job.timeout)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
    return _outcome(job, told, status)


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
        submitted = reads(job.submitted)
        full, where = _instructors(job.full)

        def tell(examined: Examined) -> None:
            new = {"verdicts": {k: [v.error, v.message] for k, v in examined.verdicts.items()}}
            _tell(told, new)

        examination = Examination(
            submitted, full, where, open_room=server.open, files=job.files, timeout=job.timeout, told=tell
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


def _listen(told: socket.socket, deadline: float) -> dict[str, Any]:
    """All that an examiner says until it ends, or until the deadline."""
    text = bytearray()
    with told:
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([told], [], [], left)[0]:
                break
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
    if told["late"]:
        tests = [grade_id(cell) for cell in reads(job.full).cells if is_test(cell)]
        late = Verdict(TIMEOUT_ERROR, f"the notebook took more than {PATIENCE * job.timeout:g} s in all")
        return Outcome({name: verdicts.get(name, late) for name in tests})
    return Outcome(failed=told.get("failed") or f"the examiner ended early (status {status})")
