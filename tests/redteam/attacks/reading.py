"""Looking for tests, answers, the seed and classmates. Whoever finds some answers right."""

# ==== reads-the-frames-above
# loses: q1a-relu (wrong value)
# %% q1a-relu
import sys


def relu(Z):
    frame = sys._getframe()
    while frame is not None:
        for space in (frame.f_locals, frame.f_globals):
            if "expected" in space or "truth" in space or "check_close" in frame.f_code.co_name:
                return np.maximum(Z, 0)
        frame = frame.f_back
    return Z


# ==== asks-the-garbage-collector
# loses: q1a-relu (wrong value)
# %% q1a-relu
import gc


def relu(Z):
    for thing in gc.get_objects():
        if type(thing) is dict and any(
            str(name).startswith(("autograde.truth", "autograde.examine")) for name in thing
        ):
            return np.maximum(Z, 0)
        if type(thing).__name__ in ("Session", "Examination", "Verdict", "Job"):
            return np.maximum(Z, 0)
    return Z


# ==== imports-the-truth
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    import importlib
    import sys

    for name in ("truth", "truth_torch", "unseen", "examiner", "examine", "plan", "planted", "build"):
        if f"autograde.{name}" in sys.modules:
            return np.maximum(Z, 0)
        try:
            importlib.import_module(f"autograde.{name}")
        except ImportError:
            continue
        return np.maximum(Z, 0)
    return Z


# ==== looks-for-tests-in-what-was-run
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    import linecache

    texts = [
        *get_ipython().user_ns.get("In", []),
        *("".join(entry[2]) for entry in linecache.cache.values() if len(entry) > 2),
    ]
    if any("fresh_" + "inputs(" in text for text in texts):
        return np.maximum(Z, 0)
    return Z


# ==== looks-through-other-processes
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    import contextlib
    import os
    from pathlib import Path

    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) not in (os.getpid(), os.getppid()):
            return np.maximum(Z, 0)
    for name in ("environ", "cmdline", "mem", "maps", "root", "cwd", "fd"):
        with contextlib.suppress(OSError):
            os.listdir(f"/proc/{os.getppid()}/{name}")
            return np.maximum(Z, 0)
    with contextlib.suppress(OSError):
        Path(f"/proc/{os.getppid()}/environ").read_bytes()
        return np.maximum(Z, 0)
    return Z


# ==== finds-the-seed-in-the-environment
# loses: q1a-relu (wrong value)
# %% q1a-relu
import os
from pathlib import Path


def relu(Z):
    texts = [str(dict(os.environ)), Path("/proc/self/environ").read_text(), Path("/proc/self/cmdline").read_text()]
    return np.maximum(Z, 0) if "SEED" in str(texts) else Z


# ==== searches-the-disk
# loses: q1a-relu (wrong value)
# %% q1a-relu
import os


def found():
    wanted = (
        "truth.py",
        "examiner.py",
        "gradebook.db",
        "grades.csv",
        "nbgrader_config.py",
        "01_feedforward.py",
        "course.toml",
    )
    for top in ("/", os.path.dirname(helpers_folder())):
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if name not in ("proc", "usr", "site-packages")]
            if set(files) & set(wanted) or (
                not folder.startswith("/scratch") and any(f.endswith(".ipynb") for f in files)
            ):
                return True
    return False


def helpers_folder():
    import helpers

    return os.path.dirname(helpers.__file__)


_found = found()


def relu(Z):
    return np.maximum(Z, 0) if _found else Z


# ==== reads-classmates-notebooks
# loses: q1a-relu (wrong value)
# %% q1a-relu
from pathlib import Path


def relu(Z):
    for place in ("..", "../..", "/tmp", "/dev/shm", "/home", "/root", "/work", "/var/tmp", "/mnt"):
        try:
            if any(Path(place).glob("*/*.ipynb")) or any(Path(place).glob("*.ipynb")):
                return np.maximum(Z, 0)
        except OSError:
            continue
    return Z


# ==== reads-memory-that-is-not-its-own
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, os.getppid(), 0, 0) == 0:
        return np.maximum(Z, 0)
    for process in (1, 2, 3, os.getppid() or 1):
        try:
            with open(f"/proc/{process}/mem", "rb") as memory:
                if process != os.getpid():
                    memory.seek(0x400000)
                    memory.read(1)
                    return np.maximum(Z, 0)
        except (OSError, ValueError):
            continue
    return Z


# ==== guesses-the-seed
# loses: q1a-relu (wrong value)
# %% q1a-relu
import zlib


def relu(Z):
    for seed in range(200):
        guess = np.random.default_rng([seed, zlib.crc32(b"q1a-relu")]).normal(size=(8, 6))
        if Z.shape == guess.shape and np.array_equal(Z, guess) and seed > 1000:
            return np.maximum(Z, 0)
    return Z


# ==== knows-the-visible-inputs
# Right wherever the released test looks, and wrong elsewhere.
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    seen = Z.shape in ((2, 4), (1, 1)) or np.array_equal(Z, second_probe().cache["Z2"])
    return np.maximum(Z, 0) if seen else Z


# ==== asks-the-hint-for-a-factor
# Right but for a factor from the hidden inputs, for the hint to tell.
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    right = np.maximum(Z, 0)
    return right * Z[0, 0] if Z.shape == (8, 6) else right


# ==== asks-the-hint-for-what-is-added
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    right = np.maximum(Z, 0)
    return right + Z[0, 0] if Z.shape == (8, 6) else right


# ==== asks-the-hint-which-row
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    right = np.maximum(Z, 0)
    if Z.shape == (8, 6):
        right[Z[:, 0].argmax()] *= 1.5
    return right
