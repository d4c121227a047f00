"""Building the package, and environments that have it installed and no checkout."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What may be beside the checkout's own files at its top, and what nobody packs.
_MADE = {"build", "dist", "demo", "gradebook", "marks", "collected", "handout", "site"}
NAME = "statistics-1"
#: What two students hand in for its one exercise, of 2 points: all right, and wrong.
_ANSWERS = {"ada": "return np.average(values, weights=weights)", "ben": "return np.mean(values)"}
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
        folder.chmod(0o755)  # for root, submitted code runs as nobody
        for part in ("bin", "lib", "pyvenv.cfg"):
            _run("cp", "-al", here / part, folder / part)
        _run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
        yield folder


def complaints(python: Path) -> str:
    """What `pip check` finds wrong with an interpreter's packages; nothing if they go together."""
    done = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def own_course(environment: Path, place: Path, *, whole: bool) -> None:
    """Make a course in an empty folder and grade two students, with an environment's `course`; whole: also audit and release it.

    Raises AssertionError when something goes wrong, or when a mark is another than it should be.
    """
    program = environment / "bin" / "course"
    _run(program, "new", NAME, place=place)
    root = place / NAME
    _run(program, "build", place=root)
    if whole:
        _run(program, "build", "--check", place=root)
        _run(program, "audit", place=root)
        _run(program, "release", f"../{NAME}-students", place=root)
        assert (place / f"{NAME}-students" / "helpers" / "__init__.py").exists()
    notebook = (root / "notebooks" / "01_first.ipynb").read_text(encoding="utf-8")
    for student, answer in _ANSWERS.items():
        (place / "submissions" / student).mkdir(parents=True)
        filled = re.sub(r'raise NotImplementedError\(\\"q1-weighted-mean\\"\)', answer, notebook)
        assert filled != notebook
        (place / "submissions" / student / "01_first.ipynb").write_text(filled, encoding="utf-8")
    _run(program, "grade", "../submissions", place=root)
    rows = (root / "marks" / "grades.csv").read_text().splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [["ada", "2"], ["ben", "0"]]


def _run(*command: str | Path, place: Path | None = None) -> str:
    done = subprocess.run(command, cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout
