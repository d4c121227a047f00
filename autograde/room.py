"""The outer room, made by bubblewrap, in which candidates' server lives: what it can see, and what is missing to make one.

The inner room, around each candidate, is made in it by `warden.host`.
"""

import contextlib
import os
import platform
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograde import landlock, seccomp
from autograde.course import Course, CourseError
from autograde.limits import SCRATCH
from autograde.sealing import kernel

_HERE = Path(__file__).resolve().parent
#: The package's files that a candidates' server needs in the room. None holds a test, a truth or a path.
INSIDE = tuple(
    _HERE / f"{name}.py" for name in ("__init__", "landlock", "libc", "limits", "sealing", "seccomp", "warden")
)

#: Root becomes this user first: nobody's files are its own, and limits on processes hold for it.
_NOBODY = "65534"
_DEVICES = ("null", "random", "urandom")
# Of the system's configuration: where libraries lie, alternatives that links in /usr point to, and fonts.
_CONFIGURATION = ("ld.so.cache", "alternatives", "fonts")
_LINKED_TO_USR = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_SYSCTLS = {
    "kernel/unprivileged_userns_clone": ("0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    "kernel/apparmor_restrict_unprivileged_userns": ("1", "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
    "user/max_user_namespaces": ("0", "sysctl -w user.max_user_namespaces=15000"),
}
_INSTALL = "apt install bubblewrap (as root; dnf and pacman know the same name)"
_PROBE = """
import socket, sys
from autograde.limits import Limits
from autograde.warden import host
host(int, Limits(), socket.socket(fileno=int(sys.argv[1])))
"""


@dataclass(frozen=True)
class Missing:
    """A layer of the room that is not there: which, why, what to do about it, and whether it can be done without."""

    layer: str
    why: str
    remedy: str
    needed: bool = True

    def __str__(self) -> str:
        return f"{self.layer}: {self.why}. {self.remedy}"


@dataclass
class _View:
    """What is seen in the room, by path: 'bind' a file or folder, read-only, or 'empty' a folder that has to be hidden."""

    parts: dict[Path, str] = field(default_factory=dict)

    def show(self, path: Path) -> None:
        # By the name it is asked for, and by its own: links to and from both then lead somewhere.
        for name in (path.absolute(), path.resolve()):
            if name.exists():
                self.parts[name] = "bind"

    def hide(self, path: Path) -> None:
        """Empty a folder, if it would be seen."""
        if any(parent in self.parts for parent in path.parents):
            self.parts[path] = "empty"

    def options(self) -> list[str]:
        """As bubblewrap's options, outer folders before inner ones; what is seen anyway is not named again."""
        options = []
        for path in sorted(self.parts, key=lambda path: len(path.parts)):
            around = next((self.parts[parent] for parent in path.parents if parent in self.parts), "empty")
            if self.parts[path] == "empty":
                options += ["--tmpfs", str(path)]
            elif around == "empty":
                options += [*_parents(path), "--ro-bind", str(path), str(path)]
        return options


def _parents(path: Path) -> list[str]:
    """Options that make the folders above path; bubblewrap's own are root's alone when it is root who starts it."""
    return [option for parent in list(path.parents)[-2::-1] for option in ("--dir", str(parent))]


def private_folders() -> list[Path]:
    """The folders of which a candidate sees nothing but what it is given: the kit's checkout, and the course that we are in."""
    # An installed kit lies among the packages that candidates import; its own folder is hidden all the same.
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    folders = {_HERE.parent} - installed
    with contextlib.suppress(CourseError):
        folders.add(Course.find(Path.cwd()).root)
    return sorted(folders)


def outer_command(
    command: Sequence[str],
    readable: Sequence[Path],
    *,
    hidden: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    scratch: int = 64 * 2**20,
) -> list[str]:
    """The command line that runs command in an outer room. Start it with subprocess.Popen, pass_fds=...: they are kept.

    readable: files and folders that it needs besides the interpreter, each seen at its own path; give INSIDE, and
    `helpers`. hidden: folders of which nothing else may be seen, wherever the interpreter lies; the package's own folder
    always is. environment: variables on top of the minimum. scratch: bytes that the server itself may write, in /tmp.
    Raises CourseError when bubblewrap is not installed, or when the interpreter lies around what is to be hidden.
    """
    bwrap = _program("bwrap")
    view = _interpreter()
    for folder in (_HERE, *(path.resolve() for path in hidden)):
        if folder in view.parts:
            raise CourseError(
                f"the Python environment in {folder} holds what submitted code must not see. "
                "Make the environment in a folder of its own, such as .venv, and install the course into it."
            )
        view.hide(folder)
    for path in readable:
        view.show(path)
    variables = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(SCRATCH),
        "USER": "candidate",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        # One thread: only then may the server fork.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        # Threads else reserve 64 MiB of address space each, which is limited.
        "MALLOC_ARENA_MAX": "2",
        **(environment or {}),
    }
    seen = [*_system(), *view.options()]
    writable = []
    for folder in (SCRATCH, Path("/tmp"), Path("/dev/shm")):
        writable += ["--size", str(scratch), "--tmpfs", str(folder)]
    room = [bwrap, "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    room += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--hostname", "room", *writable, *seen]
    room += ["--proc", "/proc", "--remount-ro", "/", "--chdir", str(SCRATCH), "--clearenv"]
    for name, value in variables.items():
        room += ["--setenv", name, value]
    return [*_as_nobody(bwrap, seen), *room, "--", *command]


def _as_nobody(bwrap: str, seen: list[str]) -> list[str]:
    """For root: what runs the rest as nobody, with all that the room needs within reach; for others nothing.

    Without it a candidate would own, outside its namespaces, all that root owns, and no limit on processes would hold.
    """
    if os.geteuid() != 0:
        return []
    rights = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    # bubblewrap itself needs a /tmp to make its room in.
    mountpoints = ["--dir", "/tmp", "--bind", "/proc", "/proc", "--remount-ro", "/"]
    become = [_program("setpriv"), "--reuid", _NOBODY, "--regid", _NOBODY, "--clear-groups", "--pdeathsig", "KILL"]
    # With a pid namespace of its own, since the signal that a parent has died, root's, would not be allowed to reach nobody;
    # the end of a namespace's first process is. /proc stays the system's: bubblewrap's own could not be mounted anew inside.
    return [bwrap, "--unshare-pid", "--die-with-parent", *rights, *seen, *mountpoints, "--", *become, "--"]


def _system() -> list[str]:
    """Options for the operating system's own folders and three devices: no terminal, no disk, no /dev/zero (which is
    memory that nobody is seen to use)."""
    options = ["--dir", "/dev"]
    for name in _LINKED_TO_USR:
        path = Path("/", name)
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            options += ["--ro-bind", str(path), str(path)]
    for name in _DEVICES:
        options += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    return [*options, "--symlink", "/proc/self/fd", "/dev/fd"]


def _interpreter() -> _View:
    """What this interpreter needs: its installation, its environment, the system's libraries."""
    view = _View()
    view.show(Path("/usr"))
    for name in _CONFIGURATION:
        view.show(Path("/etc", name))
    for folder in {sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix, sysconfig.get_path("stdlib")}:
        view.show(Path(folder))
    # The environment's python is a link, perhaps to a link, to the installation's.
    link = Path(sys.executable)
    while link.is_symlink():
        view.show(link)
        link = link.parent / link.readlink()
    view.show(link)
    if Path("/") in view.parts:
        raise CourseError("Python is installed in /, which cannot be shown to submitted code. Use an environment.")
    return view


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        package = {"bwrap": _INSTALL, "setpriv": "apt install util-linux (as root)"}[name]
        raise CourseError(f"{name} is not installed, so submitted code cannot be shut in. Install it: {package}")
    return path


def missing() -> list[Missing]:
    """The layers of the room that cannot be had here; those that are needed first. An empty list: all are there.

    It makes a room to know, which takes about 0.2 s.
    """
    found = list(_missing_before_trying())
    if not any(item.needed for item in found):
        complaint = _try()
        if complaint:
            found.append(_explained(complaint))
    return sorted(found, key=lambda item: not item.needed)


def _missing_before_trying() -> Iterable[Missing]:
    if platform.system() != "Linux":
        yield Missing("room", f"it needs Linux, and this is {platform.system()}", "Grade in a Linux virtual machine")
        return
    for name in ("bwrap", *(["setpriv"] if os.geteuid() == 0 else [])):
        try:
            _program(name)
        except CourseError as error:
            yield Missing("bubblewrap", f"{name} is not installed", str(error).partition("Install it: ")[2])
    for path in _private() if os.geteuid() == 0 else ():
        why = f"{path} is for root alone, and for root submitted code runs as nobody"
        yield Missing("room", why, f"Let all read it: chmod -R go+rX {path}")
    if not seccomp.supported():
        yield Missing("seccomp", f"no filter is written for {platform.machine()}", "Grade on x86-64 or aarch64")
    if not landlock.version():
        why = f"kernel {platform.release()} does not offer it"
        yield Missing("Landlock", why, "Linux 5.13 or later has it, with lsm=landlock on its command line", False)
    if kernel() < (5, 14):
        why = f"kernel {platform.release()} cannot count one candidate's processes"
        yield Missing("limits", why, "Linux 5.14 or later does; until then they are only watched", False)


def _private() -> list[Path]:
    """The folders that candidates need and only their owner may read: made with a umask of 077."""
    try:
        needed = [*_interpreter().parts, _HERE, _HERE.parent / "helpers"]
    except CourseError:
        return []  # trying says why
    folders = dict.fromkeys(path.resolve() for path in needed if path.is_dir())
    return [path for path in folders if path.stat().st_mode & 0o005 != 0o005]


def _try() -> str:
    """Make both rooms around nothing; what went wrong, or an empty string."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [sys.executable, "-c", _PROBE, str(theirs.fileno())]
        environment = {"PYTHONPATH": str(_HERE.parent)}  # an environment without the package installed, as in tests
        try:
            done = subprocess.run(
                outer_command(command, INSIDE, environment=environment),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
            )
        except CourseError as error:
            return str(error)
        except subprocess.TimeoutExpired:
            return "no answer from the room within 60 s"
        theirs.close()
        answer = ours.recv(65536).decode()
    if '"ended": "exited"' in answer:
        return ""
    last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
    return answer.strip() or last[0]


def _explained(complaint: str) -> Missing:
    for name, (forbidding, remedy) in _SYSCTLS.items():
        path = Path("/proc/sys", name)
        if path.exists() and path.read_text().strip() == forbidding:
            why = f"{name.replace('/', '.')} = {forbidding} forbids them"
            return Missing("user namespaces", why, f"As root: {remedy}")
    remedy = (
        "In a container, start it with --security-opt seccomp=unconfined --security-opt systempaths=unconfined "
        "--security-opt apparmor=unconfined, or grade in a virtual machine"
    )
    return Missing("room", f"making one failed ({complaint})", remedy)
