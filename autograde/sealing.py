"""The inner room: what a candidate gives up, once and for ever, before it runs a student's code."""

import contextlib
import itertools
import os
import platform
import re
import resource
import signal
from collections.abc import Sequence
from pathlib import Path

from autograde import landlock, libc, seccomp
from autograde.limits import SCRATCH, Limits

_SHARED_MEMORY = Path("/dev/shm")
_TEMPORARY = Path("/tmp")
_NULL = Path("/dev/null")
_LESS_URGENT = 5  # than its warden, who must get a turn beside a hundred busy processes
_WARDEN = 1  # it counts as one of the new user's processes


def new_identity() -> None:
    """In the warden: a new user namespace, with all rights over itself and none outside, and a pid namespace for its child.

    The user keeps its number, so that nothing in the room looks or counts as root. Raises OSError.
    """
    user, group = os.getuid(), os.getgid()
    libc.unshare(libc.CLONE_NEWUSER | libc.CLONE_NEWPID)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def seal(limits: Limits, keep: Sequence[int]) -> None:
    """In the candidate, first process of its pid namespace: leave only the limits, and the file descriptors in keep.

    Afterwards it works in SCRATCH, as does all that it starts. Standard input, output and error are /dev/null, unless
    kept. Raises OSError when any layer cannot be had (Landlock, which old kernels lack, excepted).
    """
    _attach_to_nothing(keep)
    os.setsid()
    os.nice(_LESS_URGENT)
    libc.unshare(libc.CLONE_NEWNS | libc.CLONE_NEWIPC | libc.CLONE_NEWNET | libc.CLONE_NEWUTS)
    _mount(limits)
    os.chdir(SCRATCH)
    _limit(limits)
    libc.drop_capabilities()
    # After the rights are gone: the kernel forgets this signal when rights grow.
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict([SCRATCH, _TEMPORARY, _SHARED_MEMORY, _NULL])
    seccomp.install()


def _attach_to_nothing(keep: Sequence[int]) -> None:
    null = os.open(_NULL, os.O_RDWR)
    for number in {0, 1, 2} - set(keep):
        os.dup2(null, number)
    borders = [2, *sorted(number for number in set(keep) if number > 2), 2**20]
    for below, above in itertools.pairwise(borders):
        os.closerange(below + 1, above)


def _mount(limits: Limits) -> None:
    """One file system in memory for all that is written, so that it has one size; and a /proc with nobody else in it."""
    libc.mount("", "/", "", libc.MS_REC | libc.MS_PRIVATE)
    size = f"size={limits.scratch},nr_inodes={limits.files},mode=0700"
    libc.mount("tmpfs", str(SCRATCH), "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, size)
    for target in (_SHARED_MEMORY, _TEMPORARY, SCRATCH):  # the last covers the others' first names
        part = SCRATCH / f"part-{target.name}"
        part.mkdir(mode=0o700)
        _carry_over(target, part)
        libc.mount(str(part), str(target), "", libc.MS_BIND | libc.MS_REC)
    flags = libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC | libc.MS_RDONLY
    libc.mount("proc", "/proc", "proc", flags)


def _carry_over(folder: Path, part: Path) -> None:
    """Show in part what is mounted below folder: a Python environment may lie in /tmp."""
    carried: set[Path] = set()
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        source = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), line.split()[4]))
        if folder in source.parents and SCRATCH not in (folder, source) and not carried & set(source.parents):
            target = part / source.relative_to(folder)
            if source.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()
            # With what is mounted on it: that hides a part of it, and the kernel does not let it be left out.
            libc.mount(str(source), str(target), "", libc.MS_BIND | libc.MS_REC)
            carried.add(source)


def _limit(limits: Limits) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    cpu = int(limits.cpu) + 2  # the warden tells first
    wanted = {
        resource.RLIMIT_AS: pages * resource.getpagesize() + limits.memory,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: cpu,
    }
    if kernel() >= (5, 14):  # before, it counted all that the user runs anywhere
        wanted[resource.RLIMIT_NPROC] = limits.processes + _WARDEN
    for which, value in wanted.items():
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def kernel() -> tuple[int, int]:
    """The kernel's version, as (major, minor)."""
    with contextlib.suppress(ValueError):
        major, minor = platform.release().split(".")[:2]
        return int(major), int(minor)
    return 0, 0
