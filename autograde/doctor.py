"""Is the room for submitted code there, and does it hold? Asked by trying to break out of it."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde import landlock, warden
from autograde.breakout import attempts
from autograde.course import Course, CourseError
from autograde.limits import Limits
from autograde.room import missing
from autograde.trial import READABLE, Trial, Tried

_MARK = "COURSE_DOCTOR_MARK"
_SMALL = Limits(memory=512 * 2**20, scratch=32 * 2**20, file_size=32 * 2**20, files=500, processes=32, cpu=20, wall=40)
_NAMESPACES = ("user", "pid", "mnt", "net", "ipc", "uts")
_LOOK = """
from autograde import breakout
say(breakout.layers() | {"own": breakout.namespaces(), "server": facts["server"]})
breakout.try_all(facts, say)
"""


@dataclass(frozen=True)
class Check:
    """One layer, or one attempt to break out: what, whether it holds, and what was seen or has to be done.

    holds: None for a layer that is not there and can be done without.
    """

    what: str
    holds: bool | None
    detail: str = ""


@dataclass(frozen=True)
class _Bomb:
    """Code that uses too much: what it has to end as, or, when the kernel refuses it, raise."""

    what: str
    source: str
    ended: str = warden.EXITED
    raised: str = ""

    def held(self, tried: Tried) -> bool:
        raised = [str(said.get("raised", "")) for said in tried.said if isinstance(said, dict)]
        wanted = any(self.raised in text for text in raised) if self.raised else True
        return tried.ended["ended"] == self.ended and wanted


_BOMBS = (
    _Bomb("more memory in one process", "kept = [bytearray(2**20) for _ in range(1000)]", raised="MemoryError"),
    _Bomb(
        "more memory in several processes",
        "import os, time\nfor _ in range(9):\n    if os.fork() == 0:\n        kept = b'x' * (100 * 2**20)\n"
        "        time.sleep(60)\ntime.sleep(60)",
        ended=warden.OUT_OF_MEMORY,
    ),
    _Bomb(
        "more processes",
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        ended=warden.TOO_MANY_PROCESSES,
    ),
    _Bomb(
        "more threads",
        "import threading, time\nwhile True:\n    try:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "    except RuntimeError:\n        pass",
        ended=warden.TOO_MANY_PROCESSES,
    ),
    _Bomb(
        "a larger disk",
        "for number in range(9):\n    with open(f'{number}', 'wb') as file:\n        file.write(bytes(8 * 2**20))",
        raised="No space left",
    ),
    _Bomb("more files", "for number in range(9999):\n    open(f'/tmp/{number}', 'w').close()", raised="No space left"),
    _Bomb("more open files", "import os\nwhile True:\n    os.dup(0)", raised="Too many open files"),
    _Bomb(
        "a process that stays when all is over",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n"
        "    os._exit(0)",
    ),
)


def lacking() -> list[Check]:
    """The layers that cannot be had here, each with what to do about it."""
    return [Check(item.layer, False if item.needed else None, f"{item.why}. {item.remedy}") for item in missing()]


def examine(course: Course) -> tuple[list[Check], list[Check]]:
    """The layers that were found in a room, and how each attempt to break out of it went. Raises CourseError."""
    with _outside(course) as facts, Trial([course.root / "helpers"], hidden=[course.root]) as trial:
        looked = trial.run(_LOOK, Limits(), facts=facts)
        if not looked.said or "Seccomp" not in looked.said[0]:
            raise CourseError(f"the room is made, but nothing can be run in it: {looked.said[:1]} {looked.ended}")
        got = {said["attempt"]: said["got"] for said in looked.said if "attempt" in said}
        tried = [_attempted(title, got, looked) for title in attempts()]
        tried += [_bombed(bomb, trial.run(bomb.source, _SMALL)) for bomb in _BOMBS]
        tried.append(_stopped(trial))
    return _layers(looked.said[0]), tried


def _layers(found: dict[str, Any]) -> list[Check]:
    # Two rooms: the instructor, the server, and the candidate share nothing.
    each = {
        kind: {str(Path(f"/proc/self/ns/{kind}").readlink()), found["server"][kind], found["own"][kind]}
        for kind in _NAMESPACES
    }
    own = [kind for kind in _NAMESPACES if len(each[kind]) == 3]
    version = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    rights = [found[name] for name in ("CapEff", "CapPrm", "CapBnd")]
    has = landlock.version()
    return [
        Check("bubblewrap", True, version),
        Check("namespaces", own == list(_NAMESPACES), ", ".join(own)),
        Check("no capabilities", all(set(value) == {"0"} for value in rights)),
        Check("no_new_privs", found["NoNewPrivs"] == "1"),
        Check("seccomp", found["Seccomp"] == "2", "a filter of system calls"),
        Check("Landlock", (found["Landlock"] == "on") if has else None, f"version {has}" if has else ""),
    ]


def _attempted(title: str, got: dict[str, str], looked: Tried) -> Check:
    if title not in got:
        return Check(title, False, f"not tried: the candidate ended first ({looked.ended['ended']})")
    return Check(title, not got[title], got[title])


def _bombed(bomb: _Bomb, tried: Tried) -> Check:
    seen = tried.ended["ended"] if tried.ended["ended"] != warden.EXITED else bomb.raised
    return Check(bomb.what, True, seen) if bomb.held(tried) else Check(bomb.what, False, str(tried.ended))


def _stopped(trial: Trial) -> Check:
    """Ask a candidate that will not listen to stop, and then to go."""

    def insist(control: socket.socket, _: Any) -> None:
        control.sendall(b'{"do": "interrupt"}\n{"do": "kill"}\n')

    source = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsay(1)\ntime.sleep(60)"
    tried = trial.run(source, _SMALL, during=insist)
    return Check("go on when told to stop", tried.ended["ended"] == warden.KILLED, tried.ended["ended"])


@contextlib.contextmanager
def _outside(course: Course) -> Iterator[dict[str, Any]]:
    """Things that a candidate must not reach, for as long as the room is tried: servers, sockets, a variable."""
    abstract = f"\0course-doctor-{secrets.token_hex(8)}"
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as hidden,
        socket.socket(socket.AF_UNIX) as visible,
    ):
        visible.bind(f"{folder}/socket")
        hidden.bind(abstract)
        for listener in (hidden, visible):
            listener.listen()
        os.environ[_MARK] = "1"
        try:
            yield {
                "secrets": [str(path) for path in _private(course)] + [folder],
                "shown": [str(course.root / "helpers"), *_shown()],
                "environment": _MARK,
                "processes": [*range(1, 64), os.getpid(), os.getppid()],
                "port": server.getsockname()[1],
                "sockets": [abstract, f"{folder}/socket"],
            }
        finally:
            del os.environ[_MARK]


def _private(course: Course) -> list[Path]:
    package = Path(__file__).resolve().parent
    parts = (
        course.root,
        *course.sources,
        course.solutions,
        course.gradebook,
        course.root / "tests",
        course.root / ".git",
    )
    return [*parts, package, package / "truth.py", Path.home(), Path("/etc/shadow"), Path("/var"), Path("/run")]


def _shown() -> list[str]:
    """What a room may show: the interpreter, and the package's own side of the room."""
    return [*map(str, READABLE), sys.prefix, sys.base_prefix]
