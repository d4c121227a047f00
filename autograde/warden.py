"""The warden: a trusted process beside each candidate, which makes its room, watches it from outside, and ends it."""

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from autograde.limits import SCRATCH, Limits
from autograde.sealing import new_identity, seal

EXITED = "exited"
OUT_OF_MEMORY = "out of memory"
TOO_MANY_PROCESSES = "too many processes"
OUT_OF_TIME = "out of time"
KILLED = "killed"
NO_ROOM = "no room"

#: Seconds between two looks at a candidate, and between two looks when it is over its memory.
_POLL, _POLL_AGAIN = 0.05, 0.01
_REMEMBER = 1.0
_KIB = 1024
_TICKS = os.sysconf("SC_CLK_TCK")
_LONGEST_MESSAGE = 65536


@dataclass(frozen=True)
class Ended:
    """How a candidate ended, and what it used.

    ended: exited (by itself: status is set, or signal when it crashed), out of memory, too many processes, out of time,
    killed (asked for, or by the system), no room (it or its warden failed, and error says why: an infrastructure
    failure). memory: bytes at the peak, at most, as seen every 0.05 s. processes: most processes and threads at once.
    cpu, wall: seconds.
    """

    ended: str
    status: int | None = None
    signal: int | None = None
    memory: int = 0
    processes: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    error: str = ""


@dataclass(frozen=True)
class _Usage:
    """What the candidate and all it started use: bytes, processes and threads, seconds."""

    memory: int
    processes: int
    cpu: float


def host(
    work: Callable[[], object],
    limits: Limits,
    control: socket.socket,
    keep: Sequence[int] = (),
    *,
    sealed: bool = True,
) -> NoReturn:
    """In a process just forked for this candidate: run work() in a sealed child, and tell its end on control.

    sealed: False leaves the child as it is, with all that its user may do; it is only watched.
    keep: file descriptors that work() uses; the child has no others, and the warden has none of them. Messages, each a
    line of JSON: control takes {"do": "interrupt"} (KeyboardInterrupt in the child; answered when that is sent),
    {"do": "waited"} (answered with the seconds for which a thread of the candidate was ready to run and had no core) and
    {"do": "kill"}; when the other end closes, or is shut down for writing, the candidate is killed. The last message is
    one Ended, when nothing of the candidate lives.
    This process must have one thread; what it knows, and what it was forked from knew, the candidate can read.
    """
    ended = Ended(NO_ROOM, error="the warden failed")
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is the examiner's
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ended = _host(work, limits, control, keep, sealed)
    except Exception as error:
        ended = Ended(NO_ROOM, error=f"{type(error).__name__}: {error}")
    finally:
        # Should a child be left, the kernel kills it with this process.
        with contextlib.suppress(OSError):
            control.sendall(json.dumps(asdict(ended)).encode() + b"\n")
        os._exit(0)


def _host(
    work: Callable[[], object], limits: Limits, control: socket.socket, keep: Sequence[int], sealed: bool
) -> Ended:
    if sealed:
        new_identity()
    ready, done = os.pipe()
    child = os.fork()
    if child == 0:
        control.detach()  # its number is closed below, and must not be closed again when something else has it
        _become_candidate(work, limits if sealed else None, done, keep)
    baseline = _size(child)
    os.close(done)
    for number in keep:
        os.close(number)
    complaint = os.read(ready, 4096)
    os.close(ready)
    if complaint != b"ready":
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return Ended(NO_ROOM, error=complaint.decode(errors="replace") or "the candidate died while its room was made")
    try:
        return watch(child, limits, control, baseline)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise


def _become_candidate(work: Callable[[], object], limits: Limits | None, done: int, keep: Sequence[int]) -> NoReturn:
    status = 1
    try:
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if limits is not None:
                seal(limits, [*keep, done])
        except OSError as error:
            os.write(done, str(error).encode()[:4096])
            return
        # If the warden died before the kernel was told to kill this process with it, this raises an error.
        os.write(done, b"ready")
        os.close(done)
        work()
        status = 0
    finally:
        os._exit(status)


def watch(child: int, limits: Limits, control: socket.socket, baseline: int = 0) -> Ended:
    """Wait for a candidate's end, or bring it about. baseline: bytes that it only shares with those it was forked from."""
    began = time.monotonic()
    gauge = _Gauge(child, limits, baseline)
    peak = _Usage(0, 0, 0.0)
    handle = os.pidfd_open(child)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(control, select.POLLIN)
    inbox = b""
    over_memory = False
    cause = EXITED
    while cause == EXITED:
        events = dict(poll.poll(1000 * (_POLL_AGAIN if over_memory else _POLL)))
        if handle in events:
            break
        if control.fileno() in events:
            inbox, cause = _obey(control, inbox, handle, child)
        usage = gauge.read()
        peak = _Usage(*map(max, zip(_fields(peak), _fields(usage), strict=True)))
        if usage.processes >= limits.processes:  # more it cannot start: the kernel stops it there
            cause = TOO_MANY_PROCESSES
        elif usage.cpu > limits.cpu or time.monotonic() - began > limits.wall:
            cause = OUT_OF_TIME
        elif usage.memory > limits.memory:
            # Seen twice: for an instant a process that starts another has its memory counted twice.
            cause = OUT_OF_MEMORY if over_memory else cause
            over_memory = True
        else:
            over_memory = False
    if cause != EXITED:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    # The first process of a pid namespace is gone only when all others in it are.
    _, status, spent = os.wait4(child, 0)
    os.close(handle)
    cpu = max(peak.cpu, spent.ru_utime + spent.ru_stime)
    crash = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if cause == EXITED and crash == signal.SIGKILL:  # not by us: the kernel's limit on CPU time, or its lack of memory
        cause = OUT_OF_TIME if cpu > limits.cpu else KILLED
    return Ended(
        cause,
        status=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        signal=crash,
        memory=peak.memory,
        processes=peak.processes,
        cpu=round(cpu, 3),
        wall=round(time.monotonic() - began, 3),
    )


def _obey(control: socket.socket, inbox: bytes, handle: int, child: int) -> tuple[bytes, str]:
    """Do what the examiner asks; what is left of its messages, and the cause if the candidate has to end."""
    received = control.recv(4096)
    *lines, rest = (inbox + received).split(b"\n")
    if not received or len(rest) > _LONGEST_MESSAGE:
        return b"", KILLED
    for line in lines:
        wish = json.loads(line).get("do")
        if wish == "kill":
            return b"", KILLED
        if wish == "interrupt":
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGINT)
            control.sendall(b'{"did": "interrupt"}\n')
        if wish == "waited":
            control.sendall(json.dumps({"waited": _waited(child)}).encode() + b"\n")
    return rest, EXITED


def _fields(usage: _Usage) -> tuple[int, int, float]:
    return usage.memory, usage.processes, usage.cpu


@dataclass(frozen=True)
class _Seen:
    """A process's size, and its share of it, in bytes, at a time."""

    when: float
    size: int
    share: int


class _Gauge:
    """Reads what a candidate uses. Pages that forked processes share are counted once, which costs milliseconds for each
    process to find out; so this is done only when it matters, and remembered for a second."""

    def __init__(self, child: int, limits: Limits, baseline: int) -> None:
        self._child, self._limits, self._baseline = child, limits, baseline
        self._seen: dict[int, _Seen] = {}

    def read(self) -> _Usage:
        family = _family(self._child)
        processes = sum(member.threads for member in family.values())
        cpu = sum(member.cpu for member in family.values())
        sizes = {number: _size(number) for number in family}
        files = _in_files(self._child)
        memory = sum(sizes.values()) - self._baseline + files
        if processes >= self._limits.processes:
            memory = 0  # it ends for that: do not look through a hundred processes first
        elif len(family) > 1 and memory > self._limits.memory:
            memory = min(memory, sum(self._share(number, size) for number, size in sizes.items()) + files)
        return _Usage(max(0, memory), processes, cpu)

    def _share(self, process: int, size: int) -> int:
        """A process's part of the memory: its share when that was last asked for, and all by which it has grown since."""
        now = time.monotonic()
        seen = self._seen.get(process)
        if seen is None or now - seen.when > _REMEMBER or size < seen.size:
            seen = self._seen[process] = _Seen(now, size, _shared(process, size))
        return seen.share + size - seen.size


@dataclass(frozen=True)
class _Process:
    parent: int
    threads: int
    cpu: float


def _family(child: int) -> dict[int, _Process]:
    """The candidate and all that descends from it; orphans in its pid namespace are its own children again."""
    every = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                # Fields after the name, which may hold anything: proc(5), from the third on.
                fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
                every[int(folder.name)] = _Process(
                    int(fields[1]), int(fields[17]), sum(map(int, fields[11:15])) / _TICKS
                )
    family = {child: every[child]} if child in every else {}
    children: dict[int, list[int]] = {}
    for number, process in every.items():
        children.setdefault(process.parent, []).append(number)
    waiting = list(family)
    while waiting:
        for number in children.get(waiting.pop(), []):
            family[number] = every[number]
            waiting.append(number)
    return family


def _waited(child: int) -> float:
    """Seconds for which the thread that waited longest, of the candidate and all it started, was ready and had no core."""
    longest = 0
    for process in _family(child):
        for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):  # it has just ended
                longest = max(longest, int(thread.read_bytes().split()[1]))  # proc(5): run, waited, how often; ns
    return longest / 1e9


def _size(process: int) -> int:
    """Bytes of a process's own memory, in swap too, with the tables that describe it."""
    return _sum_of(f"/proc/{process}/status", (b"RssAnon:", b"VmSwap:", b"VmPTE:", b"HugetlbPages:"))


def _shared(process: int, size: int) -> int:
    """The same, each page divided by the number of processes that share it; all of it where that cannot be read."""
    share = _sum_of(f"/proc/{process}/smaps_rollup", (b"Pss_Anon:", b"SwapPss:"))
    return share + _sum_of(f"/proc/{process}/status", (b"VmPTE:",)) if share else size


def _sum_of(path: str, names: tuple[bytes, ...]) -> int:
    try:
        lines = Path(path).read_bytes().splitlines()
    except OSError:  # it has just ended, or hides itself
        return 0
    return _KIB * sum(int(line.split()[1]) for line in lines if line.startswith(names))


def _in_files(child: int) -> int:
    """Bytes in the files that it wrote, which lie in memory."""
    try:
        room = os.statvfs(f"/proc/{child}/root{SCRATCH}")
    except OSError:
        return 0
    return (room.f_blocks - room.f_bfree) * room.f_frsize
