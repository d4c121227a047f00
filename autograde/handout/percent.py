"""The text sources (jupytext's py:percent), read in milliseconds: importing jupytext takes longer than making the handout.

tests/test_handout_text.py shows that both read every source of the course alike.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograde.course import CourseError

_CELL = re.compile(r"^# %%(?P<rest>.*)$", re.MULTILINE)
_OPTION = re.compile(r"\s*(\w+)=")


@dataclass(frozen=True)
class Cell:
    """One cell of a source. kind: markdown or code; where: how an error message names it."""

    kind: str
    text: str
    where: str
    line: int
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def grade_id(self) -> str:
        """Its nbgrader id, empty for an ordinary cell."""
        return self.options.get("nbgrader", {}).get("grade_id", "")

    @property
    def points(self) -> int:
        """What it is worth."""
        return self.options.get("nbgrader", {}).get("points", 0)


def read_cells(path: Path, root: Path) -> list[Cell]:
    """The cells of a text source. Raises CourseError for options that cannot be read."""
    text = path.read_text(encoding="utf-8")
    shown = path.relative_to(root).as_posix()
    starts = list(_CELL.finditer(text))
    ends = [*(match.start() for match in starts[1:]), len(text)]
    cells = []
    for match, end in zip(starts, ends, strict=True):
        line = text.count("\n", 0, match.start()) + 1
        rest, body = match["rest"].strip(), text[match.end() + 1 : end].strip("\n")
        kind = "markdown" if rest.startswith("[markdown]") else "code"
        options = _options(rest.removeprefix("[markdown]"), f"{shown}, line {line}")
        if kind == "markdown":
            body = "\n".join(part.removeprefix("#").removeprefix(" ") for part in body.split("\n"))
        name = options.get("nbgrader", {}).get("grade_id", "")
        where = f"{shown}, cell {name}" if name else f"{shown}, the cell at line {line}"
        cells.append(Cell(kind, body.strip("\n"), where, line, options))
    return cells


def _options(text: str, where: str) -> dict[str, Any]:
    found, place = {}, 0
    while match := _OPTION.match(text, place):
        try:
            found[match[1]], place = json.JSONDecoder().raw_decode(text, match.end())
        except json.JSONDecodeError:
            raise CourseError(f"{where}: the cell's option {match[1]} is no JSON. Mend it.") from None
    if text[place:].strip():
        raise CourseError(f"{where}: cannot read {text[place:].strip()!r} after # %%. Mend it.")
    return found
