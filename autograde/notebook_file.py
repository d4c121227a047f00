"""The bytes of a file that somebody handed in as a notebook: read with suspicion, and recognised by its cells' ids."""

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.cells import grade_id, is_solution

LARGEST_NOTEBOOK = 20_000_000  # bytes
MOST_CELLS = 2_000
LONGEST_CELL = 500_000  # characters
#: The kinds of pictures that may be kept of a cell's outputs.
PICTURES = ("image/png", "image/jpeg")
_AGAIN = "Ask for the file again."
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_DEFINED = re.compile(r"^(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_HALF_A_CHARACTER = re.compile(r"[\ud800-\udfff\x00]")
_KINDS = ("code", "markdown", "raw")


class NotANotebook(Exception):
    """The file cannot be taken for a notebook; problem says why, todo what to do."""

    def __init__(self, problem: str, todo: str = _AGAIN) -> None:
        super().__init__(f"{problem} {todo}")
        self.problem, self.todo = problem, todo


def read_notebook(content: bytes, *, pictures: bool = False) -> NotebookNode:
    """The notebook that a file holds, in format 4.5 and without outputs; nothing in it is of an unexpected type.

    Of each cell are kept: type, source, attachments, nbgrader's metadata (not checked, but for its grade_id), tags, and an
    id if it has one, empty otherwise. Older formats are converted by nbformat. pictures: of outputs keep what claims to be
    a picture, as text and with its description as text.
    Raises NotANotebook for all else, absurd sizes among it.
    """
    if len(content) > LARGEST_NOTEBOOK:
        raise NotANotebook(
            f"is larger than {LARGEST_NOTEBOOK // 1_000_000} MB.", "Ask for it with its outputs cleared."
        )
    try:
        raw = json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise NotANotebook(f"is not readable: broken JSON at line {error.lineno}.") from None
    except UnicodeDecodeError:
        raise NotANotebook("is not readable: it is not UTF-8 text.") from None
    except RecursionError:
        raise NotANotebook("is not a Jupyter notebook: its JSON is nested too deeply.") from None
    except ValueError:  # a number of thousands of digits
        raise NotANotebook("is not a Jupyter notebook: it holds an absurd number.") from None
    cells = _cells(raw)
    if len(cells) > MOST_CELLS:
        raise NotANotebook(f"has {len(cells)} cells, more than {MOST_CELLS}.", "Ask for the notebook itself.")
    found = [_cell(cell, number) for number, cell in enumerate(cells, start=1)]
    for cell, raw_cell in zip(found, cells, strict=True):
        if pictures and cell.cell_type == "code":
            cell.outputs = list(_pictures(raw_cell.get("outputs")))
    return notebook_of(found, NotebookNode())


def notebook_of(cells: list[NotebookNode], metadata: NotebookNode) -> NotebookNode:
    """A notebook in format 4.5 of these cells. nbformat's own function would make up ids, and differ each time."""
    return NotebookNode(cells=cells, metadata=metadata, nbformat=4, nbformat_minor=5)


def new_cell(kind: str, source: str, identity: str) -> NotebookNode:
    """A code, markdown or raw cell without outputs."""
    cell = NotebookNode(id=identity, cell_type=kind, source=source, metadata=NotebookNode())
    return NotebookNode(cell, outputs=[], execution_count=None) if kind == "code" else cell


def _cells(raw: Any) -> list:
    """The list of cells, from any version of the format."""
    if not isinstance(raw, dict):
        raise NotANotebook("is not a Jupyter notebook.")
    if isinstance(raw.get("cells"), list):
        if isinstance(raw.get("nbformat"), int) and raw["nbformat"] > nbformat.current_nbformat:
            raise NotANotebook(
                f"is in a newer format ({raw['nbformat']}) than is known here.", "Ask for it saved in format 4."
            )
        return raw["cells"]
    if not isinstance(raw.get("worksheets"), list):
        raise NotANotebook("is not a Jupyter notebook: it has no list of cells.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            converted = nbformat.convert(nbformat.from_dict(raw | {"nbformat": 3, "nbformat_minor": 0}), 4)
            cells = json.loads(json.dumps(converted.cells))
    except Exception as error:  # the converter trusts every type; whatever it meets, this is one bad file
        raise NotANotebook(f"is in an old notebook format, and cannot be converted ({type(error).__name__}).") from None
    return [{key: value for key, value in cell.items() if key != "id"} for cell in cells]  # ids made up just now


def _cell(raw: Any, number: int) -> NotebookNode:
    """The cell with known parts of known types. Raises NotANotebook."""
    kind = raw.get("cell_type") if isinstance(raw, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise NotANotebook(f"is not a Jupyter notebook: cell {number} is no cell.")
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise NotANotebook(f"is not a Jupyter notebook: cell {number} has no text.")
    if len(source) > LONGEST_CELL:
        raise NotANotebook(
            f"holds a cell of {len(source):,} characters (cell {number}), more than {LONGEST_CELL:,}.",
            "Ask for it with data in files, not in cells.",
        )
    metadata = raw.get("metadata") if isinstance(raw.get("metadata"), dict) else {}
    identity = next(  # some editors keep the id of newer formats in the metadata of older ones
        (i for i in (raw.get("id"), metadata.get("id")) if isinstance(i, str) and _CELL_ID.fullmatch(i)), ""
    )
    cell = new_cell(kind, _whole(source.replace("\r\n", "\n")), identity)
    marked, tags = metadata.get("nbgrader"), metadata.get("tags")
    if isinstance(marked, dict) and isinstance(marked.get("grade_id"), str):
        cell.metadata["nbgrader"] = NotebookNode(marked)
    if isinstance(tags, list):
        texts = dict.fromkeys(_whole(tag) for tag in tags if isinstance(tag, str))
        cell.metadata["tags"] = [tag for tag in texts if tag and "," not in tag]  # no others are tags
    attachments = raw.get("attachments")
    if kind == "markdown" and isinstance(attachments, dict):
        cell["attachments"] = {_whole(name): bundle for name, bundle in attachments.items() if _is_bundle(bundle)}
    return cell


def _pictures(outputs: Any) -> Iterator[NotebookNode]:
    """The outputs that show a picture, each with one and its description."""
    for output in outputs if isinstance(outputs, list) else []:
        data = output.get("data") if isinstance(output, dict) else None
        kind = next((kind for kind in PICTURES if kind in data), "") if isinstance(data, dict) else ""
        if kind:
            shown = NotebookNode({kind: _joined(data[kind]), "text/plain": _whole(_joined(data.get("text/plain")))})
            yield NotebookNode(output_type="display_data", data=shown, metadata=NotebookNode())


def _joined(text: Any) -> str:
    """A text that may be spelled as a list of lines; empty for anything else."""
    lines = text if isinstance(text, list) else [text]
    return "".join(lines) if all(isinstance(line, str) for line in lines) else ""


def _is_bundle(value: Any) -> bool:
    """Whether this is an attached image: text by media type."""
    return isinstance(value, dict) and all(
        isinstance(text, str) and text.isascii() and kind.isascii() for kind, text in value.items()
    )


def _whole(text: str) -> str:
    """Text that can be written: JSON can spell halves of characters, which no file can hold."""
    return _HALF_A_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def identities(cell: NotebookNode) -> list[str]:
    """What a cell may be known by: nbgrader's id, then its own."""
    return [name for name in (grade_id(cell), cell.get("id", "")) if name]


def recognise(notebook: NotebookNode, releases: Mapping[str, NotebookNode]) -> tuple[str, bool]:
    """The released notebook that most of these cells are from, whatever the file is called, and whether their ids say so.

    Where no cell has a known id, it is the one of whose exercises the notebook defines at least half; or nothing.
    """
    ids = {name for cell in notebook.cells for name in identities(cell)}
    shared = {
        name: (
            len(ids & {grade_id(cell) for cell in release.cells} - {""}),
            len(ids & {cell.id for cell in release.cells}),
        )
        for name, release in releases.items()
    }
    best = max(shared, key=lambda name: shared[name], default="")
    if best and any(shared[best]):
        return best, True
    defined = {name for cell in notebook.cells for name in definitions(cell)}
    for name, release in releases.items():
        wanted = {name for cell in filter(is_solution, release.cells) for name in definitions(cell)}
        if wanted and 2 * len(wanted & defined) >= len(wanted):
            return name, False
    return "", False


def definitions(cell: NotebookNode) -> set[str]:
    """The functions and classes that a code cell defines, whether or not the rest of it is Python."""
    return set(_DEFINED.findall(cell.source)) if cell.cell_type == "code" else set()
