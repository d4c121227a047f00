"""The course's notebooks as files in a student's folder, read with suspicion: an editor may have left anything there."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Cells with this tag run for long, and never at grading.
SKIP_TAG = "skip-grading"
#: What a written answer holds before anybody writes.
_UNWRITTEN = "YOUR ANSWER HERE"
_FROM = re.compile(r"source/(\d\d_\w+)\.py")
_NAME = re.compile(r"(\d\d_\w+)\.ipynb", re.ASCII)
_WEIGHTS = re.compile(r"[\w-]+\.(?:npz|safetensors)", re.ASCII)


@dataclass(frozen=True)
class Cell:
    """One cell. points: None unless it is graded; count: which execution it shows; shows: the text of its outputs, errors last."""

    kind: str
    source: str
    grade_id: str = ""
    solution: bool = False
    points: float | None = None
    long: bool = False
    count: int = 0
    shows: str = ""

    @property
    def exercise(self) -> str:
        """The exercise it grades."""
        return self.grade_id.removesuffix("-test")

    @property
    def is_check(self) -> bool:
        """Whether it is the check of an exercise."""
        return self.points is not None and not self.solution and self.kind == "code"

    @property
    def is_written(self) -> bool:
        """Whether it is an answer that a person marks."""
        return self.points is not None and self.solution

    @property
    def begun(self) -> bool:
        """Whether somebody has worked in this cell for an answer."""
        if not self.solution:
            return False
        if self.kind == "code":
            return f'raise NotImplementedError("{self.grade_id}")' not in self.source
        return self.source.strip() != _UNWRITTEN


@dataclass(frozen=True)
class Notebook:
    """A notebook of the course, as saved. weights: the files handed in with it; trouble: why it could not be read."""

    name: str
    path: Path
    content: bytes
    modified: float
    cells: tuple[Cell, ...] = ()
    weights: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def begun(self) -> bool:
        """Whether somebody has worked in it."""
        return bool(self.trouble) or any(cell.begun for cell in self.cells)


def notebooks_in(folder: Path) -> tuple[list[Notebook], list[str]]:
    """The course's notebooks in a folder, one for each name, by name; and what there is to say of other files.

    A copy gives way to the file with the proper name, an older copy to a newer one. Raises OSError.
    """
    found: dict[str, list[Notebook]] = {}
    for path in sorted(folder.glob("*.ipynb")):
        if path.is_file() and not path.name.startswith("."):
            notebook = read_notebook(path)
            if notebook is not None:
                found.setdefault(notebook.name, []).append(notebook)
    taken, said = [], []
    for name, copies in sorted(found.items()):
        best = max(copies, key=lambda one: (one.path.name == f"{name}.ipynb", one.modified))
        taken.append(best)
        said += [
            f"{one.path.name} is {name}, too, and is left out: {best.path.name} counts."
            for one in copies
            if one is not best
        ]
        if best.path.name != f"{name}.ipynb":
            said.append(f"{best.path.name} is packed as {name}.ipynb.")
    return taken, said


def read_notebook(path: Path) -> Notebook | None:
    """The notebook in a file; None when it is none of the course's. Raises OSError."""
    content, modified = path.read_bytes(), path.stat().st_mtime
    named = _NAME.fullmatch(path.name)
    try:
        raw = json.loads(content.decode("utf-8-sig"))
        metadata = _dict(raw.get("metadata"))
        cells = tuple(_cell(cell) for cell in raw["cells"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        trouble = "cannot be read as a notebook. Open it in JupyterLab, and save it"
        return Notebook(named[1], path, content, modified, trouble=trouble) if named else None
    came_from = _FROM.fullmatch(str(metadata.get("generated_from", "")))
    if came_from is None and not (named and any(cell.points is not None for cell in cells)):
        return None
    listed = metadata.get("hands_in")
    weights = tuple(str(name) for name in listed if _WEIGHTS.fullmatch(str(name))) if isinstance(listed, list) else ()
    return Notebook((came_from or named)[1], path, content, modified, cells, weights)


def _cell(raw: Any) -> Cell:
    metadata = _dict(raw.get("metadata"))
    about = _dict(metadata.get("nbgrader"))
    points = about.get("points") if about.get("grade") else None
    count = raw.get("execution_count")
    return Cell(
        kind=str(raw["cell_type"]),
        source=_text(raw["source"]),
        grade_id=str(about.get("grade_id", "")),
        solution=bool(about.get("solution")),
        points=float(points) if isinstance(points, int | float) else None,
        long=SKIP_TAG in (metadata.get("tags") or []),
        count=count if isinstance(count, int) else 0,
        shows="\n".join(_shown(raw.get("outputs") or [])),
    )


def _dict(value: Any) -> dict:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _shown(outputs: Iterable[Any]) -> list[str]:
    told = [_text(one.get("text") or _dict(one.get("data")).get("text/plain") or "") for one in outputs]
    return told + [f"✗ {_text(one.get('evalue', ''))}" for one in outputs if one.get("output_type") == "error"]


def unsaved(cells: Iterable[Cell], executed: list[str], since_start: bool) -> list[str]:
    """The cells that were executed after the notebook was saved, and are not in it as they were executed.

    executed: by its number, what the kernel ran, the call of this function last. since_start: whether the notebook was saved
    since the kernel began; its cells' numbers then tell up to which execution it was. So after saving, this is empty.
    """
    cells = [cell for cell in cells if cell.kind == "code"]
    there = {cell.source.strip() for cell in cells}
    same = (c.count for c in cells if 0 < c.count < len(executed) and executed[c.count].strip() == c.source.strip())
    last = max(same, default=0) if since_start else 0
    return [source for source in executed[last + 1 : -1] if source.strip() and source.strip() not in there]
