"""The network, the disk, imports, hooks, and what might survive into the next submission of the same worker."""

# ==== phones-home
# loses: q1a-relu (wrong value)
# %% q1a-relu
import socket


def relu(Z):
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 8888)),
        (socket.AF_INET, ("8.8.8.8", 53)),
        (socket.AF_INET6, ("::1", 22)),
        (socket.AF_UNIX, "\0/tmp/.X11-unix/X0"),
        (socket.AF_UNIX, "/run/dbus/system_bus_socket"),
        (socket.AF_UNIX, "/var/run/docker.sock"),
    ):
        try:
            with socket.socket(family) as connection:
                connection.settimeout(1)
                connection.connect(address)
                return np.maximum(Z, 0)
        except OSError:
            continue
    return Z


# ==== waits-for-a-classmate-to-call
# loses: q1a-relu (wrong value)
# %% q1a-relu
import socket


def relu(Z):
    with socket.socket(socket.AF_UNIX) as here:
        here.bind("\0meeting-point")
        here.listen()
        here.settimeout(0.5)
        try:
            here.accept()
            return np.maximum(Z, 0)
        except OSError:
            return Z


# ==== meets-a-classmate
# loses: q1a-relu (wrong value)
# %% q1a-relu
import socket


def relu(Z):
    try:
        with socket.socket(socket.AF_UNIX) as there:
            there.connect("\0meeting-point")
            return np.maximum(Z, 0)
    except OSError:
        return Z


# ==== leaves-poisoned-modules
# loses: q1a-relu (wrong value)
# %% q1a-relu
import os
import sys
from pathlib import Path

text = "def relu(Z): return Z\ncheck_close = exercise = lambda *_, **__: None\nopen('/tmp/LEAK', 'w')\n"
for folder in (".", "/tmp", "/dev/shm", *sys.path, os.path.dirname(np.__file__)):
    for name in ("numpy", "helpers", "msgpack", "sitecustomize", "usercustomize", "autograde"):
        try:
            Path(folder, f"{name}.py").write_text(text)
            Path(folder, name).mkdir(exist_ok=True)
            Path(folder, name, "__init__.py").write_text(text)
        except OSError:
            continue
sys.path.insert(0, ".")
for name in [name for name in sys.modules if name.startswith("helpers")]:
    del sys.modules[name]


def relu(Z):
    return Z


# ==== finds-what-was-left
# Right if anything of an earlier submission is left in this process or on the disk.
# loses: q1a-relu (wrong value)
# %% q1a-relu
import builtins
import os


def left():
    if os.path.exists("/tmp/LEAK") or os.path.exists("/dev/shm/numpy.py") or os.path.exists("numpy.py"):
        return True
    return np.abs is not np.absolute or hasattr(builtins, "LEAK") or hasattr(np, "LEAK")


_left = left()


def relu(Z):
    return np.maximum(Z, 0) if _left else Z


builtins.LEAK = np.LEAK = True
open("/tmp/LEAK", "w").close()


# ==== finds-what-was-left-too
# loses: q1a-relu (wrong value)
# %% q1a-relu
import builtins
import os

_left = hasattr(builtins, "LEAK") or hasattr(np, "LEAK") or os.path.exists("/tmp/LEAK")


def relu(Z):
    return np.maximum(Z, 0) if _left else Z


builtins.LEAK = np.LEAK = True
open("/tmp/LEAK", "w").close()


# ==== links-to-places-outside
# loses: q1a-relu (wrong value)
# %% q1a-relu
import os


def relu(Z):
    for number, target in enumerate(("/etc/shadow", "/proc/1/environ", "/root", "../../..", "/proc/1/root/home")):
        os.symlink(target, f"link-{number}-{os.urandom(4).hex()}")
    for name in os.listdir("."):
        try:
            if os.path.islink(name) and os.path.isfile(name) and b"SEED" in open(name, "rb").read():
                return np.maximum(Z, 0)
        except OSError:
            continue
    return Z


# ==== writes-outside
# loses: q1a-relu (wrong value)
# %% q1a-relu
import os


def relu(Z):
    places = (
        "/",
        "/usr",
        "/etc",
        "/proc/self",
        "/sys",
        "/dev",
        "/home",
        "/var/tmp",
        os.path.dirname(np.__file__),
        "/scratch/..",
    )
    for place in places:
        try:
            open(f"{place}/LEAK", "w").close()
        except OSError:
            continue
        return np.maximum(Z, 0)
    return Z


# ==== goes-elsewhere
# loses: q1a-relu (wrong value)
# %% q1a-relu
import os
import sys

os.makedirs("x", exist_ok=True)
os.chdir("x")
os.rmdir("../x")
sys.path[:] = []
os.environ.clear()
os.environ["COURSE_SEED"] = "0"


def relu(Z):
    return Z


# ==== rewrites-numpys-settings
# loses: q1a-relu (wrong value)
# %% q1a-relu
import random

np.seterr(all="raise")
np.random.seed(0)
random.seed(0)
np.random.default_rng = lambda *_: np.random.Generator(np.random.PCG64(0))
np.set_printoptions(precision=0, threshold=0)


def relu(Z):
    return Z


# ==== traces-and-profiles
# loses: q1a-relu (wrong value)
# %% q1a-relu
import sys
import threading


def trace(frame, event, argument):
    for name in ("expected", "truth"):
        if name in frame.f_locals:
            trace.found = True
    return trace


def relu(Z):
    return np.maximum(Z, 0) if getattr(trace, "found", False) else Z


threading.settrace(trace)
sys.setprofile(trace)
sys.settrace(trace)


# ==== forbids-by-an-audit-hook
# loses at least: q1a-relu
# %% q1a-relu
import sys


def hook(event, arguments):
    if event in ("compile", "exec", "socket.sendto"):
        raise RuntimeError("NotGraded")


def relu(Z):
    return Z


sys.addaudithook(hook)


# ==== handles-signals-itself
# timeout: 5
# loses: q1a-relu (timed out)
# %% q1a-relu
import signal

for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        continue
signal.signal = lambda *_: None


def relu(Z):
    if Z.shape != (2, 4):
        return Z
    while True:
        pass


# ==== breaks-threads
# loses: q1a-relu (wrong value)
# %% q1a-relu
import threading

threading.Thread.start = threading.Lock = threading.RLock = None


def relu(Z):
    return Z


# ==== collects-no-garbage
# loses: q1a-relu (wrong value)
# %% q1a-relu
import gc
import sys

gc.disable()
sys.setrecursionlimit(10**6)
sys.setswitchinterval(100)


def relu(Z):
    return Z
