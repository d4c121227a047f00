"""The room for submitted code: what it lets through, what it does not, and how a candidate ends."""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograde import doctor, room, warden
from autograde.cli import main
from autograde.course import CourseError
from autograde.limits import Limits
from autograde.room import INSIDE, missing, outer_command, private_folders
from autograde.trial import Trial, Tried
from tests.processes import below, gone

MIB = 2**20
ROOT = Path(__file__).resolve().parents[1]
SMALL = Limits(memory=512 * MIB, scratch=32 * MIB, file_size=8 * MIB, files=200, processes=32, cpu=20, wall=40)


@pytest.fixture(scope="module")
def trial(needs_room) -> Iterator[Trial]:
    with Trial() as trial:
        yield trial


@pytest.fixture
def run(trial) -> Callable[..., Tried]:
    def run(source: str, limits: Limits = SMALL, **options: Any) -> Tried:
        return trial.run(source, limits, **options)

    return run


def said(tried: Tried) -> Any:
    """The one thing that a candidate said before it ended by itself."""
    assert tried.ended["ended"] == warden.EXITED, tried
    assert len(tried.said) == 1, tried
    return tried.said[0]


def test_the_doctor_finds_every_layer_and_no_way_out(course, needs_room):
    layers, attempts = doctor.examine(course)
    assert [check for check in (*layers, *attempts) if check.holds is False] == []
    assert len(attempts) > 20


def test_the_doctor_exits_with_0_when_the_room_holds(course, needs_room, monkeypatch):
    monkeypatch.chdir(course.root)
    found = [doctor.Check("x", True)], [doctor.Check("y", True)]
    monkeypatch.setattr(doctor, "examine", lambda _: found)
    result = CliRunner().invoke(main, ["doctor"])
    assert (result.exit_code, "The room holds." in result.output) == (0, True)
    found[1].append(doctor.Check("leave", False, "left"))
    result = CliRunner().invoke(main, ["doctor"])
    assert (result.exit_code, "The room does not hold." in result.output) == (1, True)


def test_without_bubblewrap_the_doctor_says_how_to_install_it(course, monkeypatch):
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("PATH", "/nowhere")
    assert [item.layer for item in missing() if item.needed][:1] == ["bubblewrap"]
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 1
    assert "apt install bubblewrap" in result.output
    with pytest.raises(CourseError, match="apt install bubblewrap"):
        outer_command(["true"], [])


def test_an_environment_that_is_for_root_alone_is_named(tmp_path, monkeypatch):
    view = room._View()
    view.show(tmp_path)
    monkeypatch.setattr(room, "_interpreter", lambda: view)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tmp_path.chmod(0o755)
    assert not [item for item in room._missing_before_trying() if "root alone" in item.why]
    tmp_path.chmod(0o700)
    (found,) = (item for item in room._missing_before_trying() if "root alone" in item.why)
    assert found.needed
    assert found.remedy == f"Let all read it: chmod -R go+rX {tmp_path}"


# What is seen


def test_it_sees_the_interpreter_and_what_it_is_given(run):
    script = "import os, autograde; say([os.getcwd(), os.listdir('.'), sorted(os.listdir(autograde.__path__[0]))])"
    folder, files, modules = said(run(script))
    assert (folder, files) == ("/scratch", [])
    assert {Path(name).name for name in modules} == {path.name for path in INSIDE} | {"breakout.py", "trial_server.py"}


def test_it_has_a_minimal_environment(run, monkeypatch):
    names = set(said(run("import os; say(list(os.environ))")))
    threads = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"}
    python = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}
    assert names <= {"PATH", "HOME", "USER", "LANG", "PWD"} | threads | python


def test_it_has_no_file_descriptors_but_what_it_is_given(run):
    script = """
import os
targets = {}
for number in os.listdir('/proc/self/fd'):
    if os.path.exists('/proc/self/fd/' + number):  # the one that lists them is closed
        targets[number] = os.readlink('/proc/self/fd/' + number)
say(targets)
"""
    targets = said(run(script))
    assert [targets[number] for number in "012"] == ["/dev/null"] * 3
    assert sum(target.startswith("socket:") for target in targets.values()) == 1
    assert len(targets) == 4


def test_a_candidate_finds_nothing_of_the_one_before_it(run):
    places = "['.', '/tmp', '/dev/shm']"
    leave = f"for place in {places}: open(place + '/left-behind', 'w').write('x')\nsay(1)"
    look = f"import os\nsay([os.path.exists(place + '/left-behind') for place in {places}])"
    assert said(run(leave)) == 1
    assert said(run(look)) == [False] * 3


def test_it_writes_only_to_its_own_places(run):
    script = """
import os
held = []
for path in ['/x', '/usr/x', '/dev/x', '/etc/x', '/proc/self/comm', '/dev/urandom', os.__file__]:
    try:
        open(path, 'ab').close()
    except OSError:
        held.append(path)
for path in ['x', '/tmp/x', '/dev/shm/x', '/dev/null']:
    open(path, 'ab').close()
say(len(held))
"""
    assert said(run(script)) == 7


def test_all_else_is_mounted_read_only(run):
    mounts = said(run("say(open('/proc/self/mountinfo').read())")).splitlines()
    # A later mount covers an earlier one.
    options = {fields[4]: fields[5].split(",") for fields in map(str.split, mounts)}
    assert {place for place in options if "rw" in options[place]} == {
        "/scratch",
        "/tmp",
        "/dev/shm",
        "/dev/null",
        "/dev/random",
        "/dev/urandom",
    }


def test_a_folder_can_be_hidden_inside_what_is_shown(needs_room):
    hidden = Path(os.__file__).parent / "json"
    listing = subprocess.run(outer_command(["ls", hidden], [], hidden=[hidden]), capture_output=True, text=True)
    assert (listing.returncode, listing.stdout) == (0, "")
    shown = subprocess.run(outer_command(["ls", hidden], []), capture_output=True, text=True)
    assert "decoder.py" in shown.stdout


def test_a_course_is_hidden_wherever_it_lies_and_the_packages_around_an_installed_kit_are_not(tmp_path, monkeypatch):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "01_small.py").touch()
    monkeypatch.chdir(tmp_path / "source")
    assert private_folders() == sorted([ROOT, tmp_path.resolve()])
    monkeypatch.setattr(room, "_HERE", Path(sysconfig.get_path("purelib")).resolve() / "autograde")
    monkeypatch.chdir("/")
    assert private_folders() == []


def test_an_environment_around_what_is_hidden_is_refused(needs_room):
    with pytest.raises(CourseError, match="holds what submitted code must not see"):
        outer_command(["true"], [], hidden=[Path(sys.prefix)])


# What may be called


def test_each_refused_system_call_is_refused(run):
    script = """
import errno, platform
from autograde import libc, seccomp
column = {'x86_64': 0, 'aarch64': 1}[platform.machine()]
for name, numbers in seccomp.REFUSED.items():
    if numbers[column] is not None:
        try:
            libc.syscall(numbers[column], -1, -1, -1, -1, -1, -1)
            say(name + ' was allowed')
        except OSError as error:
            if error.errno != errno.EPERM:
                say(name + ': ' + errno.errorcode[error.errno])
say('end')
"""
    assert said(run(script)) == "end"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("socket.socket(socket.AF_INET)", "EPERM"),
        ("socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)", "EPERM"),
        ("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", "EPERM"),
        ("socket.socket(38, socket.SOCK_SEQPACKET)", "EPERM"),
        ("fcntl.ioctl(0, 0x5412, b'x')", "EPERM"),
        ("mmap.mmap(-1, 4096)", "EPERM"),
        ("libc.prctl(libc.PR_SET_PDEATHSIG, 0)", "EPERM"),
        ("libc.prctl(libc.PR_SET_DUMPABLE, 0)", "EPERM"),
        ("libc.syscall(435, 0, 0)", "ENOSYS"),
        ("libc.syscall(clone, libc.CLONE_NEWNET | 17, 0, 0, 0, 0)", "EPERM"),
        ("socket.socketpair() and socket.socket(socket.AF_UNIX) and None", None),
        ("mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) and None", None),
        ("os.waitpid(os.fork() or os._exit(0), 0) and None", None),
        ("threading.Thread(target=int).start()", None),
    ],
)
def test_calls_are_judged_by_their_arguments(run, call, error):
    script = f"""
import errno, fcntl, mmap, os, platform, socket, threading
from autograde import libc
clone = 56 if platform.machine() == 'x86_64' else 220
try:
    say({call})
except OSError as problem:
    say(errno.errorcode[problem.errno])
"""
    assert said(run(script)) == error


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86-64 has a second set of calls")
def test_calls_in_another_way_end_the_candidate(run):
    tried = run("from autograde import libc\nlibc.syscall(0x40000000 + 39)")
    assert (tried.ended["ended"], tried.ended["signal"]) == (warden.EXITED, signal.SIGSYS)


def test_it_has_no_rights_and_cannot_get_any(run):
    script = "from autograde.breakout import layers\nimport os\nsay(layers() | {'user': os.getresuid()})"
    found = said(run(script))
    assert {found[name] for name in ("CapEff", "CapPrm", "CapBnd")} == {"0" * 16}
    assert (found["NoNewPrivs"], found["Seccomp"]) == ("1", "2")
    assert 0 not in found["user"]


def test_it_is_limited(run):
    names = ["AS", "FSIZE", "NOFILE", "CORE", "CPU", "NPROC"]
    script = f"import resource\nsay([resource.getrlimit(getattr(resource, 'RLIMIT_' + name)) for name in {names}])"
    limits = said(run(script))
    assert all(soft == hard for soft, hard in limits)
    assert [soft for soft, _ in limits][1:] == [8 * MIB, 256, 0, 22, 33]
    assert 512 * MIB < limits[0][0] < 1024 * MIB


# How it ends


@pytest.mark.parametrize(
    ("source", "ended"),
    [
        ("pass", ("exited", 0, None)),
        ("import os; os._exit(7)", ("exited", 7, None)),
        ("raise ValueError", ("exited", 1, None)),
        ("import ctypes; ctypes.string_at(0)", ("exited", None, signal.SIGSEGV)),
    ],
)
def test_it_is_told_how_a_candidate_ended(run, source, ended):
    tried = run(source)
    assert (tried.ended["ended"], tried.ended["status"], tried.ended["signal"]) == ended


@pytest.mark.parametrize(
    ("source", "limits", "cause"),
    [
        ("while True: pass", Limits(cpu=0.3), "out of time"),
        ("import time; time.sleep(60)", Limits(wall=0.3), "out of time"),
        (
            "import os, signal\nif os.fork(): os.wait()\nos.kill(os.getpid(), signal.SIGSTOP)",
            Limits(wall=0.3),
            "out of time",
        ),
        ("import os, time\nif os.fork() == 0:\n  while True: pass\ntime.sleep(60)", Limits(cpu=0.3), "out of time"),
        (
            "import os, time\nfor _ in range(9):\n  if os.fork() == 0: break\nkept = b'x' * (100 << 20)\ntime.sleep(60)",
            Limits(memory=512 * MIB),
            "out of memory",
        ),
        (
            "import time\nfor n in range(9): open(f'/dev/shm/{n}', 'wb').write(bytes(10 << 20))\ntime.sleep(60)",
            Limits(memory=64 * MIB),
            "out of memory",
        ),
        (
            "import os, time\nfor _ in range(40):\n  try:\n    if os.fork() == 0: break\n  except OSError: pass\n"
            "time.sleep(60)",
            Limits(processes=20),
            "too many processes",
        ),
    ],
)
def test_too_much_ends_it(run, source, limits, cause):
    began = time.monotonic()
    assert run(source, limits).ended["ended"] == cause
    assert time.monotonic() - began < 30  # and not after its 60 s


def test_what_its_processes_share_counts_once(run):
    script = """
import os, time
kept = b'x' * (200 << 20)
for _ in range(5):
    if os.fork() == 0:
        time.sleep(1)
        os._exit(0)
time.sleep(0.8)
say('done')
"""
    assert said(run(script, Limits(memory=400 * MIB))) == "done"


def test_it_is_interrupted(run):
    script = "import time\ntry:\n  say('here')\n  time.sleep(60)\nexcept KeyboardInterrupt:\n  say('interrupted')"

    def interrupt(control: socket.socket, value: Any) -> None:
        if value == "here":
            control.sendall(b'{"do": "interrupt"}\n')

    tried = run(script, during=interrupt)
    assert (tried.said, tried.ended["ended"]) == (["here", "interrupted"], warden.EXITED)


@pytest.mark.parametrize(
    "act", [lambda end: end.sendall(b'{"do": "kill"}\n'), lambda end: end.shutdown(socket.SHUT_WR)]
)
def test_it_is_killed_when_the_examiner_says_so_or_is_gone(run, act):
    stubborn = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsay(1)\ntime.sleep(60)"
    tried = run(stubborn, during=lambda control, _: act(control))
    assert (tried.ended["ended"], tried.ended["signal"]) == (warden.KILLED, signal.SIGKILL)


def test_a_room_that_cannot_be_made_is_no_zero(run):
    tried = run("say(1)", Limits(files=1))  # not even the room's own folders
    assert (tried.said, tried.ended["ended"]) == ([], warden.NO_ROOM)
    assert "No space left" in tried.ended["error"]


# Who dies with whom

WAITING = "import os, time\nos.fork()\nsay('here')\ntime.sleep(60)"


@pytest.mark.parametrize("victim", ["warden", "server"])
def test_the_candidate_dies_with_its_warden_and_with_the_server(needs_room, victim):
    seen: list[int] = []

    def kill(*_: Any) -> None:
        if not seen:
            seen.extend(below(trial.process))
            # ... the room's first process, the server, the warden, the candidate, and perhaps its child already
            depths = [numbers(process) for process in seen]
            first = depths.index(max(depths))
            os.kill(seen[first - {"warden": 1, "server": 2}[victim]], signal.SIGKILL)
            del seen[: first if victim == "warden" else first - 1]

    def numbers(process: int) -> int:
        """In how many pid namespaces it has a number: a candidate has one more than its warden."""
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return next(len(line.split()) - 1 for line in lines if line.startswith("NSpid:"))

    with Trial() as trial:
        with pytest.raises(CourseError, match="without an answer"):
            trial.run(WAITING, SMALL, during=kill)
        assert seen
        assert gone(seen)


def test_all_die_with_the_examiner(needs_room, course):
    script = f"""
from autograde.trial import Trial
with Trial() as trial:
    trial.run({WAITING!r}, during=lambda *_: print("here", flush=True))
"""
    examiner = subprocess.Popen([sys.executable, "-c", script], cwd=course.root, stdout=subprocess.PIPE, text=True)
    assert examiner.stdout.readline() == "here\n"
    everybody = below(examiner.pid)
    assert len(everybody) >= 5
    for process in everybody:  # so that none of them can notice by itself
        if Path(f"/proc/{process}/comm").read_text() != "bwrap\n":
            os.kill(process, signal.SIGSTOP)
    examiner.kill()
    examiner.communicate()
    assert gone(everybody)
