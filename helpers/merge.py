"""A student's notebook and a newer release of it, put together cell by cell: what was given is new, what was written is kept.

Cells are plain JSON, as they stand in the file. A released cell is known by its id, which is its nbgrader id if it has one.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from helpers.bundle import cell_digest, source_of

Cell = dict[str, Any]
#: The id of the heading above what has no place in the new release.
EARLIER = "from-the-earlier-version"
_DEFINED = re.compile(r"^(?:def|class)[ \t]+(\w+)", re.MULTILINE)
#: What the release decides about a notebook; all else, such as the kernel, is the student's.
_RELEASED_METADATA = ("generated_from", "hands_in")


@dataclass
class Merged:
    """The notebook, and the ids of its cells by what became of them.

    changed: given cells, and answers in which nothing was written, that are new or have a new text; gone: such cells that the new
    release does not have; kept: answers, and texts with notes in them, as they are; conflicts: answers kept although their cell's
    own text changed; aside: what was written where the new release has no place for it.
    """

    notebook: dict[str, Any]
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


def merge(mine: Mapping[str, Any], new: Mapping[str, Any], before: Mapping[str, str], version: str) -> Merged:
    """The new release of a notebook with the student's work in it.

    mine: the student's; before: the digest of each cell (id → `cell_digest`) in the release that the student got, empty when
    nobody knows; version: how to call the new release. Nothing that was written is left out, and merging again changes nothing.
    """
    released = {cell["id"]: cell for cell in new["cells"]}
    before = before or _guess(mine["cells"], released)
    sorted_ = _sort(mine["cells"], released, before)
    merged, cells = Merged({}), list(sorted_.after[""])
    own = [cell for some in (*sorted_.after.values(), *sorted_.ahead.values(), sorted_.last) for cell in some]
    own_ids = {identity for cell in own if isinstance(identity := cell.get("id"), str)}
    written = {name for cell in (*sorted_.known.values(), *own) for name in _defined(cell)}
    aside = []
    for name, cell in released.items():
        cells += sorted_.ahead.get(name, [])
        there = sorted_.known.get(name)
        if there is not None:
            took = _take(name, there, cell, before.get(name), merged)
            if name in merged.conflicts and (note := _note(name, cell, version))["id"] not in own_ids:
                cells.append(note)
            if name in merged.aside:
                aside.append(there)
            cells.append(took)
        elif not (_is_answer(cell) and _defined(cell) & written):  # else it was moved: grading finds it where it is
            merged.changed.append(name)
            cells.append(deepcopy(cell))
        cells += sorted_.after[name]
    cells += sorted_.last
    for name, cell in sorted_.known.items():
        if name not in released:
            edited = cell_digest(cell) != before.get(name)
            (merged.aside if edited else merged.gone).append(name)
            aside += [cell] if edited else []
    if aside and EARLIER not in own_ids:
        cells.append(_heading())
    cells += [_put_aside(name, cell) for name, cell in zip(merged.aside, aside, strict=True)]
    merged.notebook = {
        "cells": _with_ids(cells, set(released)),
        "metadata": {
            **_dict(mine.get("metadata")),
            **{key: new["metadata"][key] for key in _RELEASED_METADATA if key in new["metadata"]},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return merged


@dataclass
class _Sorted:
    """A student's cells. known: id → the cell; the student's own: by the released cell they follow, or stand ahead of; last."""

    known: dict[str, Cell]
    after: dict[str, list[Cell]]
    ahead: dict[str, list[Cell]]
    last: list[Cell]


def _sort(cells: list[Cell], released: Mapping[str, Cell], before: Mapping[str, str]) -> _Sorted:
    names = [_name(cell, released.keys() | before.keys()) for cell in cells]
    keepers: dict[str, int] = {}
    for name in set(names) - {""}:
        there = [index for index, other in enumerate(names) if other == name]
        # Of several copies, the first in which somebody wrote is the answer.
        keepers[name] = next((i for i in there if _edited(cells[i], name, released, before)), there[0])
    found = _Sorted({}, {"": [], **{name: [] for name in released}}, {}, [])
    last = ""
    for index, (name, cell) in enumerate(zip(names, cells, strict=True)):
        if name and keepers[name] == index:
            found.known[name], last = cell, name
            if name in released:
                found.ahead[name], found.last = found.last, []
            continue
        if name:
            same = cell_digest(cell) == cell_digest(cells[keepers[name]])
            if same or not _edited(cell, name, released, before):
                continue
            cell = _ordinary(cell)
        # What followed a cell that is gone stays ahead of the next one that is there.
        (found.after[last] if not last or last in released else found.last).append(cell)
    return found


def _name(cell: Cell, known: Iterable[str]) -> str:
    """The id that a cell was released under, now or earlier; empty for the student's own. nbgrader's counts before the cell's."""
    ids = (_marks(cell).get("grade_id"), cell.get("id"))
    return next((name for name in ids if isinstance(name, str) and name in known), "")


def _edited(cell: Cell, name: str, released: Mapping[str, Cell], before: Mapping[str, str]) -> bool:
    """Whether somebody wrote in a released cell: it is neither what was released before nor what is now."""
    digest = cell_digest(cell)
    return digest != before.get(name) and not (name in released and digest == cell_digest(released[name]))


def _take(name: str, mine: Cell, new: Cell, was: str | None, merged: Merged) -> Cell:
    """The cell that stands in the result for one that both have; says in merged what became of it."""
    now, there = cell_digest(new), cell_digest(mine)
    cell = deepcopy(new)
    if there == now:
        return _shown(cell, mine)
    if _is_answer(new):
        if there == was:
            merged.changed.append(name)
            return cell
        (merged.kept if was in (None, now) else merged.conflicts).append(name)
        cell["source"] = mine.get("source", "")
        if mine.get("attachments") and cell["cell_type"] != "code":
            cell["attachments"] = mine["attachments"]
        return _shown(cell, mine)
    if there != was and not _marks(new):  # notes in a text that has not changed: else it would have another id
        merged.kept.append(name)
        return mine
    merged.changed.append(name)
    if was is not None and there != was:
        merged.aside.append(name)
    return cell


def _shown(cell: Cell, mine: Cell) -> Cell:
    """A cell with the outputs that the student's has."""
    if cell["cell_type"] == mine["cell_type"] == "code":
        cell |= {key: mine[key] for key in ("outputs", "execution_count") if key in mine}
    return cell


def _guess(cells: list[Cell], released: Mapping[str, Cell]) -> dict[str, str]:
    """What was released, told from a notebook alone: given cells as they are, and stubs as they are now if they are filled in."""
    before = {}
    for cell in cells:
        name, identity = _marks(cell).get("grade_id"), cell.get("id")
        if isinstance(name, str) and not _is_answer(cell):
            before[name] = cell_digest(cell)
        elif isinstance(name, str):
            begun = f'raise NotImplementedError("{name}")' not in source_of(cell)
            before[name] = cell_digest(released[name]) if begun and name in released else ""
        elif isinstance(identity, str) and identity.startswith(_text_id(cell)):
            before[identity] = cell_digest(cell)
    return before


def _text_id(cell: Cell) -> str:
    """The id that the build gives to a cell that nbgrader knows nothing of."""
    return hashlib.sha256(f"{cell['cell_type']}\n{source_of(cell)}".encode(errors="replace")).hexdigest()[:12]


def _note(name: str, new: Cell, version: str) -> Cell:
    """A cell for above an answer, with the text that its cell has in the new release."""
    source = source_of(new)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", source)), default=0))
    kind = "python" if new["cell_type"] == "code" else ""
    text = (
        f"#### The text of `{name}` changed\n\nIn version {version} its cell is this. **Your answer below is kept**: compare, "
        f"change it if that is needed, and delete this note.\n\n{fence}{kind}\n{source}\n{fence}"
    )
    return _own(f"new-{name}-{cell_digest(new)[:8]}", "markdown", text)


def _heading() -> Cell:
    text = (
        "## From the earlier version\n\nWhat you wrote in cells that the new version does not have, or has as given ones. "
        "Code here does not run. Delete what you do not need."
    )
    return _own(EARLIER, "markdown", text)


def _put_aside(name: str, cell: Cell) -> Cell:
    """What a student wrote, as a cell that is shown and does nothing."""
    if cell["cell_type"] == "code":
        return _own(f"earlier-{name}", "raw", f"# {name}, from the earlier version\n{source_of(cell)}")
    kept = _ordinary(cell)
    return kept | {"id": f"earlier-{name}"}


def _own(identity: str, kind: str, source: str) -> Cell:
    return {"cell_type": kind, "id": identity, "metadata": {}, "source": source.splitlines(keepends=True)}


def _ordinary(cell: Cell) -> Cell:
    """A cell without what nbgrader acts on, and with no id that is another's."""
    metadata = {
        key: value
        for key, value in _dict(cell.get("metadata")).items()
        if key not in ("nbgrader", "deletable", "editable")
    }
    return {key: value for key, value in cell.items() if key != "id"} | {"metadata": metadata}


def _with_ids(cells: list[Cell], known: set[str]) -> list[Cell]:
    """The cells, each with an id of its own; released cells keep theirs, and equal notebooks get equal ids."""
    taken, placed = set(known), set()
    result = []
    for number, cell in enumerate(cells, start=1):
        name = cell.get("id")
        if isinstance(name, str) and name in known and name not in placed:
            placed.add(name)
        else:
            base = name = name if isinstance(name, str) and name else f"own-{number}"
            copies = 1
            while name in taken:
                copies += 1
                name = f"{base[:56]}-{copies}"
            taken.add(name)
        result.append(cell if cell.get("id") == name else cell | {"id": name})
    return result


def _marks(cell: Cell) -> dict[str, Any]:
    return _dict(_dict(cell.get("metadata")).get("nbgrader"))


def _is_answer(cell: Cell) -> bool:
    return bool(_marks(cell).get("solution"))


def _defined(cell: Cell) -> set[str]:
    return set(_DEFINED.findall(source_of(cell))) if cell["cell_type"] == "code" else set()


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
