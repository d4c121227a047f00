"""One examination, in a process of its own: forked for it from a worker, with a room beside it, and gone afterwards."""

import contextlib
import functools
import json
import os
import resource
import select
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import reads

from autograde.cells import grade_id, is_test
from autograde.examiner import Examination, Examined
from autograde.forking import end_with, keep_still
from autograde.job import ATTEMPTS, PATIENCE, Job, Outcome
from autograde.plan import Plan, plan
from autograde.rooms import RoomFailed, Server
from autograde.unseen import FILE_VARIABLE
from autograde.verdict import TIMEOUT_ERROR, Verdict
from helpers.exercise import SEED_VARIABLE

#: Bytes that an examiner may need on top of what it shares.
_MEMORY = 6 * 2**30
#: Seconds between two signs of life.
_BEAT = 2.0
_STOPPED = "the examiner was stopped by something else"


@functools.lru_cache(maxsize=32)
def _instructors(full: str) -> tuple[NotebookNode, Plan]:
    """An instructor's notebook, and where its cells run."""
    notebook = reads(full)
    return notebook, plan(notebook)


def examine(job: Job, server: Server, alive: Callable[[], None]) -> Outcome:
    """Fork an examiner, which tells line by line what it finds, and wait for its end. alive: called every few seconds.

    Trouble of the grader's own is told in `failed`.
    """
    _instructors(job.full)  # read once for all examiners
    keep_still()
    began = time.monotonic()
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    with tempfile.TemporaryDirectory(prefix="examined-") as folder:
        for name, content in job.files.items():
            Path(folder, name).write_bytes(content)
        child = os.fork()
        if child == 0:
            ours.close()
            end_with(parent)
            _examine(job, server, Path(folder), theirs)
        theirs.close()
        try:
            told = _listen(ours, time.monotonic() + PATIENCE * job.timeout, alive)
            told["stopped"] = told["late"] and _is_stopped(child)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
    return replace(_outcome(job, told, status), seconds=round(time.monotonic() - began, 3))


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
        submitted = reads(job.submitted)
        full, where = _instructors(job.full)

        def tell(examined: Examined) -> None:
            new = {"verdicts": {k: astuple(v) for k, v in examined.verdicts.items()}}
            _tell(told, new)

        for _ in range(ATTEMPTS):
            examination = Examination(
                submitted, full, where, open_room=server.open, files=job.files, timeout=job.timeout, told=tell
            )
            examined = examination.examine()
            if not examination.killed:
                break  # else a kernel that is short of memory may have done it: not the student's fault
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
