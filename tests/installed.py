"""Building the package, and environments that have it installed and no checkout."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What may be beside the checkout's own files at its top, and what nobody packs.
_MADE = {"build", "dist", "demo", "gradebook", "marks", "collected", "handout", "site"}
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info")


def build(root: Path, folder: Path) -> None:
    """Build the sdist of a checkout, and the wheel from the sdist, into a folder. Writes nothing into the checkout."""
    with tempfile.TemporaryDirectory() as name:
        copy = shutil.copytree(root, Path(name, "copy"), ignore=lambda folder, names: _left_out(root, folder, names))
        # With the setuptools that is here: no network is needed.
        _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, copy)


def _left_out(root: Path, folder: str, names: list[str]) -> set[str]:
    return _LEFT_OUT(folder, names) | (_MADE if Path(folder) == root else set())


def wheel_in(folder: Path) -> Path:
    """The wheel that was built into a folder."""
    (path,) = folder.glob("*.whl")
    return path


@contextmanager
def environment_with(wheel: Path) -> Iterator[Path]:
    """A copy of this environment, of hard links, with a wheel installed in the place of the checkout."""
    here = Path(sys.prefix)
    with tempfile.TemporaryDirectory(dir=here, prefix="copy-") as name:  # links need the same disk
        folder = Path(name)
        for part in ("bin", "lib", "pyvenv.cfg"):
            _run("cp", "-al", here / part, folder / part)
        _run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
        yield folder


def complaints(python: Path) -> str:
    """What `pip check` finds wrong with an interpreter's packages; nothing if they go together."""
    done = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
