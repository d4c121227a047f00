"""Whether files for students show an answer, a hidden test, a planted mistake or the course's seed: looked for, line by line.

White space does not count, and in JSON the strings are read, too, so that neither a notebook's escapes nor its lines hide anything.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograde import cells
from autograde.build import Built
from autograde.planted import Patch

#: Characters, without white space: a shorter line, such as `return result`, may well stand elsewhere too.
_TELLING = 24
#: A secret of shorter lines only is looked for as a whole, alone or with its function's head.
_SHORTEST = 16
#: Lines that say what is there, not how it works.
_FRAME = re.compile(r"import\b|from\b|@|def\b|class\b|\)|.*:$", re.DOTALL)
#: How much of a hidden test or a planted answer is ordinary code that the helpers may share: drawing inputs, calling a model.
_HIDDEN_SHARE, _PLANTED_SHARE = 0.2, 0.5
_MARKERS = frozenset({"BEGINSOLUTION", "BEGINHIDDENTESTS", "BEGINMARKSCHEME"})
_DOCSTRING = re.compile(r'""".*?"""', re.DOTALL)


@dataclass(frozen=True)
class Secret:
    """Something that students must not see: lines without white space, and how many of them in one file are too many."""

    what: str
    lines: frozenset[str]
    enough: int = 1


@dataclass(frozen=True)
class Leak:
    """A secret that a file shows, and one of the lines that show it."""

    file: str
    what: str
    line: str

    def __str__(self) -> str:
        return f"{self.file} shows {self.what}: {self.line[:80]}"


def secrets_of(built: Iterable[Built], patches: Iterable[Patch], seed: str = "") -> list[Secret]:
    """All solutions, written answers, hidden tests and planted answers of a course, each with lines to look for; and its seed."""
    built = list(built)
    given = _squashed("\n".join(_given(cell) for item in built for cell in item.full.cells))
    found = [_secret(given, *one) for item in built for cell in item.full.cells for one in _of_cell(cell)]
    found += [
        _secret(given, f"the planted {patch.name} ({name})", source, source, _PLANTED_SHARE)
        for patch in patches
        for name, source in patch.cells.items()
    ]
    found.append(Secret("a marker of solutions or hidden tests", _MARKERS))
    return found + ([Secret("the course's seed", frozenset({seed}))] if seed else [])


def leaks(files: Mapping[str, bytes], secrets: Sequence[Secret]) -> list[Leak]:
    """The secrets that files show (name → content)."""
    found = []
    for name, content in files.items():
        text = _squashed(_text(name, content))
        for secret in secrets:
            shown = [line for line in secret.lines if line in text]
            if len(shown) >= secret.enough:
                found.append(Leak(name, secret.what, max(shown, key=lambda line: (len(line), line))))
    return found


def _of_cell(cell: NotebookNode) -> Iterator[tuple[str, str, str, float]]:
    """Each secret of a cell: what it is, its text, the whole that it stands in, and what share of its lines may be elsewhere."""
    name = cells.grade_id(cell)
    for region in cells.solution_regions(cell.source):
        yield f"the solution of {name}", region, cells.without_solution_markers(cell.source), 0.0
    hidden = "".join(cells.hidden_regions(cell.source))
    if hidden:
        yield f"the hidden part of {name}", hidden, hidden, _HIDDEN_SHARE
    if cells.is_written(cell):
        yield f"the written answer of {name}", cell.source, cell.source, 0.0


def _given(cell: NotebookNode) -> str:
    """What students are meant to see of a cell."""
    if cells.is_written(cell):
        return ""
    source = cells.without_hidden_regions(cell.source)
    for region in cells.solution_regions(source):
        source = source.replace(region, "")
    return source


def _secret(given: str, what: str, text: str, whole: str, share: float) -> Secret:
    lines = [line.strip() for line in text.splitlines()]
    telling = {_squashed(line) for line in lines if not _FRAME.match(line)}
    telling = {line for line in telling if len(line) >= _TELLING and line not in given}
    if not telling:
        pieces = {_squashed(text), _squashed(whole), _squashed(_DOCSTRING.sub("", whole))}
        return Secret(what, frozenset(piece for piece in pieces if len(piece) >= _SHORTEST and piece not in given))
    return Secret(what, frozenset(telling), int(share * len(telling)) + 1)


def _squashed(text: str) -> str:
    return "".join(text.split())


def _text(name: str, content: bytes) -> str:
    """What a file says, as it is written and, for JSON, as it is read."""
    text = content.decode("utf-8", "replace")
    if name.endswith((".ipynb", ".json")):
        text += "\n" + "".join(_strings(json.loads(text)))
    return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (key, *_strings(one))
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
