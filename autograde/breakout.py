"""Inside the room: ways out of it, each tried for real. A function returns what it got at, or an empty string: it held.

Everything from outside that an attempt needs to know, such as a process's number, is in `facts`.
"""

import contextlib
import ctypes
import errno
import mmap
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Facts = dict[str, Any]

_LIBC = ctypes.CDLL(None, use_errno=True)
_PTRACE_SEIZE = 0x4206
_NEW_USER = 0x10000000
_BIND = 0x1000
# Numbers on x86-64 and on aarch64.
_PROCESS_VM_READV = {"x86_64": 310, "aarch64": 270}


def attempts() -> dict[str, Callable[[Facts], str]]:
    """Every way out, by what it is."""
    return {
        "read the course, the gradebook, the home folder": _read_secrets,
        "read the grader's environment": _read_environment,
        "see other processes": _see_processes,
        "signal other processes": _signal_processes,
        "read another process's memory": _read_memory,
        "use a file descriptor left open": _use_descriptors,
        "reach a server over the network": _reach_network,
        "send a datagram": _send_datagram,
        "reach a Unix socket outside": _reach_sockets,
        "write outside the scratch folder": _write_outside,
        "change the kernel's settings": _change_kernel,
        "mount a file system": _mount,
        "make a new user namespace": _new_namespace,
        "become another user": _become_another,
        "gain a capability": _gain_capabilities,
        "use memory that nobody is seen to use": _hidden_memory,
    }


def try_all(facts: Facts, say: Callable[[dict[str, str]], None]) -> None:
    """Say for each attempt what it got at; an attempt that fails has been held."""
    for title, attempt in attempts().items():
        got = ""
        with contextlib.suppress(OSError, ValueError):
            got = attempt(facts)
        say({"attempt": title, "got": got})


def namespaces() -> dict[str, str]:
    """This process's namespaces, by kind."""
    return {link.name: str(link.readlink()) for link in Path("/proc/self/ns").iterdir()}


def layers() -> dict[str, str]:
    """What the kernel says about this process in /proc/self/status, and whether Landlock keeps it."""
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    found = {name: status.get(name, "") for name in ("NoNewPrivs", "Seccomp", "CapEff", "CapPrm", "CapBnd")}
    try:
        os.close(os.open("/dev/urandom", os.O_WRONLY))  # anybody may, but for Landlock
        found["Landlock"] = "off"
    except PermissionError:
        found["Landlock"] = "on"
    return found


def _read_secrets(facts: Facts) -> str:
    for name in facts["secrets"]:
        with contextlib.suppress(OSError):
            path = Path(name)
            seen = [str(item) for item in path.iterdir()] if path.is_dir() else [path.read_bytes()[:1]]
            # The way down to what is shown has to exist; nothing may lie beside it.
            beside = [item for item in seen if not (isinstance(item, str) and _leads_to(item, facts["shown"]))]
            if beside:
                return f"{name}: {beside[0]!r}"
    return ""


def _leads_to(item: str, shown: list[str]) -> bool:
    path = Path(item)
    return any(path == Path(name) or path in Path(name).parents for name in shown)


def _read_environment(facts: Facts) -> str:
    for path in [Path("/proc/self/environ"), *Path("/proc").glob("[0-9]*/environ")]:
        with contextlib.suppress(OSError):
            if facts["environment"].encode() in path.read_bytes():
                return str(path)
    return facts["environment"] if facts["environment"] in os.environ else ""


def _see_processes(_: Facts) -> str:
    others = [path.name for path in Path("/proc").glob("[0-9]*") if path.name != "1"]
    return f"process {others[0]}" if others or os.getpid() != 1 or os.getppid() != 0 else ""


def _signal_processes(facts: Facts) -> str:
    for number in (-1, *facts["processes"]):
        with contextlib.suppress(OSError):
            if number != os.getpid():
                os.kill(number, 0)  # is there anybody whom it may signal?
                return f"process {number}"
    return ""


def _read_memory(facts: Facts) -> str:
    for number in facts["processes"]:
        if number == os.getpid():
            continue
        if _LIBC.ptrace(_PTRACE_SEIZE, number, 0, 0) == 0:
            return f"ptrace of process {number}"
        with contextlib.suppress(OSError), Path(f"/proc/{number}/mem").open("rb"):
            return f"/proc/{number}/mem"
        if ctypes.get_errno() == 0 and _vm_read(number):
            return f"memory of process {number}"
    # Its own it may read; a filter that lets it do even that would let it read its children's, and is not there.
    return "process_vm_readv is allowed" if _vm_read(os.getpid()) else ""


def _vm_read(number: int) -> bool:
    buffer = ctypes.create_string_buffer(8)
    place = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
    call = ctypes.c_long(_PROCESS_VM_READV.get(os.uname().machine, 0))
    return _LIBC.syscall(call, number, place, ctypes.c_ulong(1), place, ctypes.c_ulong(1), ctypes.c_ulong(0)) == 8


def _use_descriptors(facts: Facts) -> str:
    for number in sorted(int(name) for name in os.listdir("/proc/self/fd")):  # noqa: PTH208
        with contextlib.suppress(OSError):
            target = str(Path(f"/proc/self/fd/{number}").readlink())
            if target != "/dev/null" and not target.startswith("/proc/") and number != facts["answers"]:
                return f"{number}: {target}"
    return ""


def _reach_network(facts: Facts) -> str:
    with socket.create_connection(("127.0.0.1", facts["port"]), timeout=2):
        return f"127.0.0.1:{facts['port']}"


def _send_datagram(facts: Facts) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", facts["port"]))
        return "127.0.0.1, UDP"


def _reach_sockets(facts: Facts) -> str:
    for name in facts["sockets"]:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(name)
            return name.replace("\0", "@")
    return ""


def _write_outside(facts: Facts) -> str:
    folders = [
        "/",
        "/usr",
        "/usr/bin",
        "/etc",
        "/dev",
        "/root",
        "/home",
        sys.prefix,
        sys.base_prefix,
        *facts["secrets"],
    ]
    for folder in folders:
        if any(Path(folder).is_relative_to(own) for own in ("/scratch", "/tmp", "/dev/shm")):
            continue  # there it sees files of its own only
        with contextlib.suppress(OSError):
            path = Path(folder, "written-from-the-room")
            path.write_text("")
            path.unlink()
            return folder
    for shown in [*facts["shown"], os.__file__, sys.executable]:
        with contextlib.suppress(OSError), Path(shown).open("ab"):
            return shown
    return ""


def _change_kernel(_: Facts) -> str:
    for name in ("kernel/core_pattern", "kernel/hostname", "vm/overcommit_memory", "kernel/ns_last_pid"):
        with contextlib.suppress(OSError):
            path = Path("/proc/sys", name)
            path.write_text(path.read_text())
            return str(path)
    return ""


def _mount(_: Facts) -> str:
    for source, target, kind, flags in ((b"tmpfs", b"/scratch", b"tmpfs", 0), (b"/usr", b"/tmp", b"", _BIND)):
        if _LIBC.mount(source, target, kind, ctypes.c_ulong(flags), b"") == 0:
            return target.decode()
    return "umount of /proc" if _LIBC.umount2(b"/proc", 2) == 0 else ""


def _new_namespace(_: Facts) -> str:
    if _LIBC.unshare(_NEW_USER) == 0:
        return "unshare"
    ctypes.set_errno(0)
    stack = ctypes.create_string_buffer(65536)
    nothing = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(lambda _argument: 0)
    top = ctypes.c_void_p(ctypes.addressof(stack) + 65536 - 64)
    child = _LIBC.clone(nothing, top, _NEW_USER | signal.SIGCHLD, None)
    if child > 0:
        os.waitpid(child, 0)
        return "clone"
    return "" if ctypes.get_errno() == errno.EPERM else f"clone: errno {ctypes.get_errno()}"


def _become_another(_: Facts) -> str:
    me = os.getuid()
    for user in (0, 1, 1000):
        for become in (os.setuid, os.setgid, lambda number: os.setresuid(number, number, number)):
            with contextlib.suppress(OSError):
                if user != me:
                    become(user)
                    return f"user or group {user}"
    return ""


def _gain_capabilities(_: Facts) -> str:
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    everything = (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    if _LIBC.capset(header, everything) == 0:
        return "capset"
    return next((f"{name} {value}" for name, value in _capabilities() if int(value, 16)), "")


def _capabilities() -> Iterator[tuple[str, str]]:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("Cap"):
            name, value = line.split()
            yield name.rstrip(":"), value


def _hidden_memory(_: Facts) -> str:
    with contextlib.suppress(OSError):
        mmap.mmap(-1, 4096).close()
        return "shared memory without a file"
    with contextlib.suppress(OSError):
        os.close(os.memfd_create("x"))
        return "memfd_create"
    for device in ("/dev/zero", "/dev/mem", "/dev/kmsg"):
        if Path(device).exists():
            return device
    return "System V shared memory" if _LIBC.shmget(0, ctypes.c_size_t(4096), 0o1600) >= 0 else ""
