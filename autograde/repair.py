"""Put a handed-in notebook in order, so that grading finds every cell it needs once, and nothing that a student made up.

Known cells, those with an id of nbgrader's, come from the released version in all but their source; theirs too, unless
they are for the student's answer. All other cells are the student's own, and stay where they stood.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode, from_dict

from autograde.cells import exercise_id, grade_id, is_solution, is_test, marks
from autograde.notebook_file import definitions, identities, new_cell, notebook_of

#: What decides how nbgrader treats a cell. A checksum is only a means to see changes.
_SETTINGS = ("schema_version", "grade", "solution", "locked", "task", "points", "cell_type")


@dataclass(frozen=True)
class _Sorted:
    """A submission's cells: those that are known (id → cell), and the others by the known cell they follow."""

    known: dict[str, NotebookNode]
    after: dict[str, list[NotebookNode]]
    copies: list[tuple[str, bool]]  # the id, and whether the copy was worth keeping


def repair(submitted: NotebookNode, release: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """The submission with every cell of the release once and in its order, and a sentence for each thing that was mended.

    submitted: as `notebook_file.read_notebook` reads it. The result has the release's metadata, tags and sources, but for
    the answers in solution cells; the student's own cells keep their tags and follow the cell that they followed. Pictures
    stay with their cells.
    """
    known = {grade_id(cell): cell for cell in release.cells if grade_id(cell)}
    found = _sort(submitted, known)
    said = [
        f"{name} stood twice: " + ("one copy is an ordinary cell now." if kept else "an unchanged copy was left out.")
        for name, kept in found.copies
    ]
    said += [f"{name} had been moved: it is back in its place." for name in _moved(list(found.known), list(known))]
    placed = {}
    for name, original in known.items():
        cell = placed[name] = from_dict(original)
        if name not in found.known:
            said.append(_put_back(name, cell, found))
            continue
        said += _changes(name, found.known[name], original)
        _take_pictures(cell, found.known[name])
        if is_solution(original):
            _take_answer(cell, found.known[name])
    cells = list(found.after[""])
    for name, cell in placed.items():
        cells += [cell, *found.after[name]]
    notebook = notebook_of(_with_ids(cells, set(known)), from_dict(release.metadata))
    return notebook, said


def changed_tests(submitted: NotebookNode, release: NotebookNode) -> set[str]:
    """The exercises whose test is not what was released: its source or settings changed, or it is gone."""
    tests = {grade_id(cell): cell for cell in release.cells if is_test(cell)}
    found = _sort(submitted, {grade_id(cell): cell for cell in release.cells if grade_id(cell)}).known
    return {
        exercise_id(test)
        for name, test in tests.items()
        if name not in found or found[name].source.strip() != test.source.strip() or _other_settings(found[name], test)
    }


def _sort(submitted: NotebookNode, known: dict[str, NotebookNode]) -> _Sorted:
    names = _names(submitted.cells, known)
    keepers: dict[str, int] = {}
    for name in set(names) - {""}:
        there = [index for index, other in enumerate(names) if other == name]
        # The copy that somebody worked in is the answer; an untouched one beside it is not.
        worked_in = [index for index in there if not _untouched(submitted.cells[index], known[name])]
        keepers[name] = (worked_in if worked_in and is_solution(known[name]) else there)[0]
    found = _Sorted({}, {"": [], **{name: [] for name in known}}, [])
    last = ""
    for index, (name, cell) in enumerate(zip(names, submitted.cells, strict=True)):
        if name and keepers[name] == index:
            found.known[name], last = cell, name
            continue
        same = [known[name].source.strip(), submitted.cells[keepers[name]].source.strip()] if name else []
        if name:
            found.copies.append((name, cell.source.strip() not in same))
        if cell.source.strip() not in same:
            found.after[last].append(_ordinary(cell))
    return found


def _names(cells: Iterable[NotebookNode], known: dict[str, NotebookNode]) -> list[str]:
    """The known id of each cell, or nothing. nbgrader's counts before a cell's own."""
    return [next((name for name in identities(cell) if name in known), "") for cell in cells]


def _untouched(cell: NotebookNode, original: NotebookNode) -> bool:
    return cell.source.strip() == original.source.strip()


def _ordinary(cell: NotebookNode) -> NotebookNode:
    """A cell of the student's own: text and tags, and nothing that nbgrader acts on."""
    own = new_cell(cell.cell_type, cell.source, cell.get("id", ""))
    own.metadata["tags"] = list(cell.metadata.get("tags", []))
    if not own.metadata["tags"]:
        del own.metadata["tags"]
    _take_attachments(own, cell)
    _take_pictures(own, cell)
    return own


def _take_answer(cell: NotebookNode, answer: NotebookNode) -> None:
    cell.source = answer.source
    _take_attachments(cell, answer)


def _take_attachments(cell: NotebookNode, other: NotebookNode) -> None:
    if cell.cell_type == "markdown" and other.get("attachments"):
        cell["attachments"] = other["attachments"]


def _take_pictures(cell: NotebookNode, other: NotebookNode) -> None:
    if cell.cell_type == "code":
        cell.outputs = other.get("outputs", [])


def _changes(name: str, cell: NotebookNode, original: NotebookNode) -> list[str]:
    """What was wrong with a known cell, in sentences."""
    said = []
    if cell.cell_type != original.cell_type:
        said.append(f"{name} was a {cell.cell_type} cell: it is a {original.cell_type} cell again.")
    if not grade_id(cell):
        said.append(f"{name} had lost its marking: it is restored.")
    elif changed := _other_settings(cell, original):
        said.append(f"{name} had other settings ({', '.join(changed)}): they are restored.")
    if not is_solution(original) and not _untouched(cell, original):
        said.append(f"{name} is a {'test' if is_test(original) else 'given cell'} and was changed: it is restored.")
    if "skip" in " ".join(set(cell.metadata.get("tags", [])) - set(original.metadata.get("tags", []))):
        said.append(f"{name} was tagged to be skipped: it is not.")
    return said


def _other_settings(cell: NotebookNode, original: NotebookNode) -> list[str]:
    """The settings that somebody changed. What is not there at all may have been left out by an older editor."""
    there, wanted = marks(cell), marks(original)
    return [key for key in _SETTINGS if key in there and key in wanted and there[key] != wanted[key]]


def _put_back(name: str, cell: NotebookNode, found: _Sorted) -> str:
    """Give a cell that is missing the source it should have, and say so."""
    if not is_solution(cell):
        return f"{name} was missing: it is put back."
    wanted = definitions(cell)
    if wanted:
        for own in (cells for cells in found.after.values() if cells):
            for index in reversed(range(len(own))):
                if wanted <= definitions(own[index]):
                    cell.source = own.pop(index).source
                    return f"{name} was missing: another cell that defines {', '.join(sorted(wanted))} is taken for it."
        for other, answer in found.known.items():
            if wanted <= definitions(answer):
                cell.source = f"# This cell was missing; {', '.join(sorted(wanted))} is defined in {other}."
                return f"{name} was missing: its answer stands in {other}."
    return f"{name} was missing: it is put back without an answer."


def _moved(there: list[str], order: list[str]) -> list[str]:
    """The fewest ids that have to move for the rest to be in order: all but a longest increasing subsequence."""
    place = {name: index for index, name in enumerate(order)}
    best: list[list[str]] = []
    for name in there:
        before = [chain for chain in best if place[chain[-1]] < place[name]]
        best.append([*max(before, key=len, default=[]), name])
    kept = set(max(best, key=len, default=[]))
    return [name for name in there if name not in kept]


def _with_ids(cells: list[NotebookNode], known: set[str]) -> list[NotebookNode]:
    """The cells, each with an id of its own; the same ones for the same notebook."""
    taken = set(known)
    for number, cell in enumerate(cells, start=1):
        if grade_id(cell):
            continue
        name = cell.get("id", "")
        while not name or name in taken:
            name = f"own-{number}"
            number += len(cells)
        taken.add(name)
        cell.id = name
    return cells
