"""Pictures that a handed-in notebook holds, of cells that grading does not run: kept to be looked at, never judged.

They lie in a file beside each notebook that was put in order, go into the graded notebook and the student's page, and to no
process that runs a cell or a test.
"""

import base64
import contextlib
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograde.build import Built
from autograde.cells import SHOW_TAG, SKIP_TAG
from autograde.course import CourseError
from autograde.notebook_file import PICTURES, read_notebook
from autograde.redraw import WRITTEN
from autograde.repair import repair
from autograde.room import outer_command, private_folders
from autograde.shown import LARGEST, checked
from helpers.whole import write_whole

_REDRAW = Path(__file__).with_name("redraw.py")
_ENDING = ".pictures.json"
#: Pictures of one notebook, characters of one picture in base64, seconds for all of a hand-in.
_MOST, _LONGEST, _PATIENCE = 60, 4_000_000, 60.0
_LONGEST_DESCRIPTION = 2_000
_SAID = "*As it was handed in; not run for grading.*"


def keep_pictures(folder: Path, built: Iterable[Built], *, isolated: bool = True) -> None:
    """Keep the pictures in a copied submission's notebooks, each drawn anew, before the notebooks are put in order without them.

    built: the notebooks that are not in order yet; the others' pictures stay. isolated: False draws outside a room. What was drawn
    for this student before is not drawn again; what is not kept is counted where it would have been shown.
    """
    built, found = list(built), {}
    for item in built:
        path = folder / item.filename
        if path.exists() and b"image/" in (content := path.read_bytes()):
            mended, _ = repair(read_notebook(content, pictures=True), item.release)
            found[item.name] = {cell.id: cell.outputs for cell in mended.cells if _is_left_out(cell) and cell.outputs}
    wanted = [output for cells in found.values() for outputs in _bounded(cells) for output in outputs]
    known = _drawn_before(folder) if wanted else {}
    for output in wanted:
        output.metadata["of"] = _digest(*_picture(output))
    new = [output for output in wanted if output.metadata["of"] not in known]
    drawn = dict(known)
    if new:
        answers = _redrawn([_picture(output) for output in new], isolated)
        drawn |= {output.metadata["of"]: answer for output, answer in zip(new, answers, strict=True)}
    for output in wanted:
        output.metadata["drawn"] = drawn[output.metadata["of"]]
    for item in built:
        shown = {identity: _shown(outputs) for identity, outputs in found.get(item.name, {}).items()}
        if shown:
            write_whole(folder / f"{item.name}{_ENDING}", json.dumps(shown))
        else:
            (folder / f"{item.name}{_ENDING}").unlink(missing_ok=True)


def kept_pictures(folder: Path, name: str) -> dict[str, list[NotebookNode]]:
    """What is kept for a notebook in a folder of submissions, by cell id, as outputs; nothing when there is no such file."""
    try:
        told = json.loads((folder / f"{name}{_ENDING}").read_text(encoding="utf-8"))
        found, left = {}, LARGEST
        for identity, items in told.items():
            found[identity], left = checked(items, left)
        return found
    except (FileNotFoundError, ValueError, AttributeError, RecursionError):  # or somebody's own file of that name
        return {}


def _drawn_before(folder: Path) -> dict[str, list[str]]:
    """What is kept of this student's pictures, by the digest of what each was made of.

    By nobody else's: a process that one student's picture has taken over could have answered anything for another's.
    """
    found: dict[str, list[str] | None] = {}
    for path in folder.glob(f"*{_ENDING}"):
        try:
            cells = json.loads(path.read_text(encoding="utf-8")).values()
            drawn = [output for outputs in cells for output in outputs if "of" in output["metadata"]]
            found |= {output["metadata"]["of"]: _checked(next(iter(output["data"].items()))) for output in drawn}
        except (ValueError, AttributeError, TypeError, KeyError, StopIteration, RecursionError):
            continue  # somebody's own file of that name
    return {digest: picture for digest, picture in found.items() if picture}


def _digest(kind: str, text: str) -> str:
    """A name for a picture as it is drawn by this version."""
    parts = (kind.encode(), text.encode("utf-8", "replace"), _REDRAW.read_bytes())
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _is_left_out(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool({SKIP_TAG, SHOW_TAG} & set(cell.metadata.get("tags", [])))


def _bounded(cells: dict[str, list[NotebookNode]]) -> Iterator[list[NotebookNode]]:
    """Those of a notebook's pictures that are looked at."""
    left = _MOST
    for outputs in cells.values():
        fit = [output for output in outputs if len(_picture(output)[1]) <= _LONGEST][:left]
        left -= len(fit)
        yield fit


def _picture(output: NotebookNode) -> tuple[str, str]:
    """The media type and the text of a picture."""
    kind = next(kind for kind in PICTURES if kind in output.data)
    return kind, output.data[kind]


def _redrawn(pictures: list[tuple[str, str]], isolated: bool) -> list[list[str] | None]:
    """Each picture as [media type, base64], drawn anew by a process with nothing else in it; None for what it did not draw."""
    command = [sys.executable, "-I", str(_REDRAW)]
    with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+b") as answer:
        asked.writelines(json.dumps(picture) + "\n" for picture in pictures)
        asked.seek(0)
        # Whatever ends it: what it wrote until then counts.
        with contextlib.suppress(CourseError, subprocess.TimeoutExpired, OSError):
            subprocess.run(
                outer_command(command, [_REDRAW], hidden=private_folders()) if isolated else command,
                stdin=asked,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                start_new_session=True,  # Ctrl-C is not for it
            )
        answer.seek(0)
        lines = answer.read(WRITTEN).split(b"\n")[:-1]
    drawn = [_answered(line) for line in lines[: len(pictures)]]
    return drawn + [None] * (len(pictures) - len(drawn))


def _answered(line: bytes) -> list[str] | None:
    """One answer, of a process that may have been taken over: a picture by its looks, or nothing."""
    try:
        return _checked(json.loads(line))
    except (ValueError, RecursionError):
        return None


def _checked(picture: Sequence[str]) -> list[str] | None:
    """A picture by its looks as [media type, base64], or nothing."""
    try:
        kind, text = picture
        begins = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}[kind]
        return [kind, text] if base64.b64decode(text, validate=True).startswith(begins) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _shown(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """A cell's outputs as they are kept: a line that says what they are, the pictures, how many there are not."""
    pictures = []
    for output in outputs:
        if drawn := output.metadata.get("drawn"):
            described = output.data.get("text/plain", "")[:_LONGEST_DESCRIPTION]
            data = {drawn[0]: drawn[1], "text/plain": described}
            pictures.append(new_output("display_data", data=data, metadata={"of": output.metadata["of"]}))
    said = _SAID
    if lost := len(outputs) - len(pictures):
        said += f" *Without {lost} of {len(outputs)} pictures: too many, too large, or not readable as PNG or JPEG.*"
    return [new_output("display_data", data={"text/markdown": said}), *pictures]
