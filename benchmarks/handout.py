"""The whole handout against nbconvert with XeLaTeX on the same text: python -m benchmarks.handout.

Both make four files, the students' and the instructors' version as PDF and as HTML, and both run as whole commands, in turns.
Ours is one `course handout`, which also checks every equation. Theirs is nbconvert on two notebooks with the same text, without
the figures and the boxes; both notebooks in one command for each format, so that it starts twice and not four times.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
import nbformat

from autograde.course import Course
from autograde.handout.assembly import Reader, sections
from benchmarks.report import machine, write
from benchmarks.speed import in_turns

_BOX = re.compile(r"^:::.*$", re.MULTILINE)
#: nbconvert's LaTeX stops at an align between $$.
_ALIGNED = re.compile(r"\$\$\s*(\\begin\{align\}.*?\\end\{align\})\s*\$\$", re.DOTALL)
ROUNDS = 7


def as_notebook(course: Course, reader: Reader, path: Path) -> None:
    """The text for one reader as a notebook, one Markdown cell for each piece."""
    pieces = [piece for part in sections(course, reader) for piece in part.pieces]
    texts = [_ALIGNED.sub(r"\1", _BOX.sub("", piece.text)) for piece in pieces]
    cells = [nbformat.v4.new_markdown_cell(text) for text in texts if text.strip()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def _run(command: Iterable[str | Path], folder: Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{command}: {done.stderr[-2000:]}")


@click.command()
def main() -> None:
    """Measure, and write benchmarks/results/handout.json."""
    for needed in ("xelatex", "pandoc"):
        if not shutil.which(needed):
            raise click.ClickException(f"{needed} is not installed. On Debian: apt install texlive-xetex pandoc")
    course, scripts = Course.find(Path.cwd()), Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notebooks = [folder / f"{reader.value}.ipynb" for reader in Reader]
        for reader, path in zip(Reader, notebooks, strict=True):
            as_notebook(course, reader, path)

        def nbconvert() -> None:
            for kind in ("pdf", "html"):
                _run([scripts / "jupyter-nbconvert", "--to", kind, *notebooks], folder)

        def ours() -> None:
            _run([scripts / "course", "handout", "--to", folder / "ours"], course.root)

        sides = in_turns(ROUNDS, nbconvert=nbconvert, course=ours)
        made = {
            side: len([*top.rglob("*.pdf"), *top.rglob("*.html")])
            for side, top in (("both", folder), ("ours", folder / "ours"))
        }
    if made != {"both": 8, "ours": 4}:
        raise click.ClickException(f"four files each were to be made, not {made}.")
    ratio = sides["nbconvert"]["median"] / sides["course"]["median"]
    write("handout", {"machine": machine(), "ratio": ratio, "seconds": sides})
    click.echo(
        f"nbconvert {sides['nbconvert']['median']:.1f} s, course {sides['course']['median']:.1f} s, ratio {ratio:.1f}"
    )


if __name__ == "__main__":
    main()
