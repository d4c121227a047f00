"""The whole handout against nbconvert with XeLaTeX on the same text.

Both make four files, the students' and the instructors' version as PDF and as HTML, and both run as whole commands, in turns.
Ours is one `course handout`, which also checks every equation. Theirs is nbconvert on two notebooks with the same text, without
the figures and the boxes; both notebooks in one command for each format, so that it starts twice and not four times.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat

from autograde.course import Course, CourseError
from autograde.handout.assembly import Reader, sections
from benchmarks.commands import ROOT
from benchmarks.turns import NotHere, Part, Progress, Results, Side, clocked, in_turns

_BOX = re.compile(r"^:::.*$", re.MULTILINE)
#: nbconvert's LaTeX stops at an align between $$.
_ALIGNED = re.compile(r"\$\$\s*(\\begin\{align\}.*?\\end\{align\})\s*\$\$", re.DOTALL)
OURS, XELATEX = "course handout", "nbconvert, XeLaTeX"


def as_notebook(course: Course, reader: Reader, path: Path) -> None:
    """The text for one reader as a notebook, one Markdown cell for each piece."""
    pieces = [piece for part in sections(course, reader) for piece in part.pieces]
    texts = [_ALIGNED.sub(r"\1", _BOX.sub("", piece.text)) for piece in pieces]
    cells = [nbformat.v4.new_markdown_cell(text) for text in texts if text.strip()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def _run(command: Iterable[str | Path], folder: Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"{command}: {done.stderr[-2000:]}")


def measure(sides: Sequence[Side], progress: Progress) -> Results:
    """Seconds of whole commands. Raises NotHere where XeLaTeX is not installed."""
    for needed in ("xelatex", "pandoc"):
        if not shutil.which(needed):
            raise NotHere(f"{needed} is not installed. On Debian: apt install texlive-xetex pandoc")
    course, scripts = Course(ROOT), Path(sys.executable).parent
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        notebooks = [folder / f"{reader.value}.ipynb" for reader in Reader]
        for reader, path in zip(Reader, notebooks, strict=True):
            as_notebook(course, reader, path)

        def nbconvert() -> None:
            for kind in ("pdf", "html"):
                _run([scripts / "jupyter-nbconvert", "--to", kind, *notebooks], folder)

        def ours() -> None:
            _run([scripts / "course", "handout", "--to", folder / "ours"], course.root)

        found = in_turns(sides, {OURS: clocked(ours), XELATEX: clocked(nbconvert)}, progress)
        made = {
            side: len([*top.rglob("*.pdf"), *top.rglob("*.html")])
            for side, top in (("both", folder), ("ours", folder / "ours"))
        }
    if made != {"both": 8, "ours": 4}:
        raise CourseError(f"four files each were to be made, not {made}.")
    return {"sides": found}


PART = Part("handout", (Side(OURS, 3, 2.6), Side(XELATEX, 3, 21)), measure)
