"""What processes leave on a machine: processes, mounts, namespaces, shared memory, files; and what they use while they live.

Whoever takes charge becomes the parent of every orphan among its descendants, so that none can be missed, or be taken for
somebody else's on a machine that others use, too.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from autograde import libc

_PR_SET_CHILD_SUBREAPER = 36
_NOBODY = 65534
#: Where anybody may write.
_PUBLIC = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/dev/mqueue"))
#: What submissions try to write where it would stay.
_MARK = "LEAK"


def take_charge() -> None:
    """Become the parent of all that a descendant leaves behind."""
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)


def descendants() -> list[psutil.Process]:
    """All processes that this one, directly or not, has started and that live."""
    living = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                living.append(process)
    return living


def bury(but: Iterable[int] = ()) -> None:
    """Have the kernel forget orphans that have ended. but: children that somebody else waits for."""
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.Error, ChildProcessError):
            if process.pid not in but and process.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(process.pid, os.WNOHANG)


def end_all(seconds: float = 10.0) -> None:
    """End every descendant."""
    deadline = time.monotonic() + seconds
    while (living := descendants()) and time.monotonic() < deadline:
        for process in living:
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGKILL)
        time.sleep(0.05)
        bury()


def namespaces(process: int | str) -> set[str]:
    """The namespaces that a process is in; none where that may not be read."""
    found = set()
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{process}/ns").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(link.readlink()))
    return found


def held(wanted: set[str]) -> list[str]:
    """Which of these namespaces live, and how: in a process, in a descriptor, or in a mount.

    Only this process and its descendants are looked at: to others the kernel may meanwhile have given the same numbers.
    """
    found, family = [], [psutil.Process(), *psutil.Process().children(recursive=True)]
    for folder in (Path(f"/proc/{process.pid}") for process in family):
        found += [f"namespace {one} of process {folder.name}" for one in namespaces(folder.name) & wanted]
        with contextlib.suppress(OSError):
            for link in (folder / "fd").iterdir():
                with contextlib.suppress(OSError):
                    if str(link.readlink()) in wanted:
                        found.append(f"namespace {link.readlink()} in a descriptor of process {folder.name}")
    mounted = {line.split()[3] for line in _mounts() if " nsfs " in line}
    return found + [f"namespace {one} in a mount" for one in mounted & wanted]


def _mounts() -> list[str]:
    return Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()


def _shared() -> set[str]:
    """System V shared memory, semaphores and queues."""
    found = set()
    for kind in ("shm", "sem", "msg"):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/sysvipc/{kind}").read_text(encoding="utf-8").splitlines()[1:]
            found |= {f"{kind} {' '.join(line.split()[:2])}" for line in lines}
    return found


def _files() -> set[str]:
    """Files in public places that no user of this machine has, or that submissions write to be seen."""
    found = set()
    for folder in _PUBLIC:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if _MARK in entry.name or entry.stat(follow_symlinks=False).st_uid == _NOBODY:
                        found.add(entry.path)
    return found


@dataclass(frozen=True)
class Traces:
    """What the whole machine has, of things that have no process."""

    mounts: frozenset[str]
    shared: frozenset[str]
    files: frozenset[str]

    @classmethod
    def now(cls) -> "Traces":
        """As it is."""
        return cls(frozenset(_mounts()), frozenset(_shared()), frozenset(_files()))

    def since(self, before: "Traces") -> list[str]:
        """What came since, in words."""
        new = [f"mount {line}" for line in self.mounts - before.mounts]
        new += [f"shared memory {line}" for line in self.shared - before.shared]
        return new + [f"file {path}" for path in self.files - before.files]


#: Looks, a second or so each, in which a process may grow: it imports, and its caches fill.
_SETTLES = 20


@dataclass
class Use:
    """What a process uses each time that somebody looks: descriptors, and bytes of memory that are its own."""

    role: str
    descriptors: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def grown(self, what: str) -> int:
        """By how much the last quarter of the looks, at its least, is more than the second one at its most.

        Those while it imports are left out.
        """
        looks = getattr(self, what)[_SETTLES:]
        quarter = len(looks) // 4
        return min(looks[-quarter:]) - max(looks[quarter : 2 * quarter]) if quarter else 0


class Watch:
    """Looks at all descendants now and then."""

    def __init__(self) -> None:
        self.uses: dict[tuple[int, float], Use] = {}
        self.namespaces: set[str] = set()
        self.most = 0
        self._own = namespaces("self")

    def look(self, roles: Iterator[tuple[psutil.Process, str]]) -> None:
        """Note what each of these processes uses, and where it lives."""
        count = 0
        for process, role in roles:
            count += 1
            self.namespaces |= namespaces(process.pid) - self._own
            with contextlib.suppress(psutil.Error, OSError):
                descriptors, memory = process.num_fds(), process.memory_info()
                use = self.uses.setdefault((process.pid, process.create_time()), Use(role))
                use.role = role
                use.descriptors.append(descriptors)
                use.memory.append(memory.rss - memory.shared)
        self.most = max(self.most, count)

    def of(self, role: str) -> list[Use]:
        """What processes of a role used."""
        return [use for use in self.uses.values() if use.role == role]
