"""What a student hands in: submission.zip with the notebooks, the weights, and a receipt of what the student's checks say."""

import json
import os
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

import numpy as np
from IPython import get_ipython
from IPython.display import display
from tqdm import tqdm

from helpers import fresh_run
from helpers.bundle import RELEASE, NotABundle, file_digest, read_release
from helpers.course_notebook import Cell, Notebook, notebooks_in, unsaved
from helpers.fresh_run import Ended, Run, bound_names, run_checks
from helpers.submission_table import (
    AS_SEEN,
    BY_HAND,
    FAILS,
    NO_WEIGHTS,
    NOT_ATTEMPTED,
    NOT_CHECKED,
    PASSES,
    Packed,
    Row,
)
from helpers.weights import LARGEST_FILE

FILE, RECEIPT = "submission.zip", "receipt.json"
#: Raised when a field of the receipt changes its meaning or goes.
FORMAT = 1
#: What it may say of an exercise.
STATES = (PASSES, FAILS, NOT_ATTEMPTED, BY_HAND, NO_WEIGHTS, NOT_CHECKED)
#: A notebook that is larger is not taken at grading.
LARGEST_NOTEBOOK = 20_000_000  # bytes
_CHECK_ERRORS = (
    "WrongValue",
    "WrongShape",
    "WrongType",
    "NotFinite",
    "NotDefined",
    "NotAllowed",
    "CheckFailed",
    "Stopped",
)
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that zip can tell: equal contents are equal archives
_STARTED = time.time()
_RELEASED = Path(__file__).resolve().parents[1]  # where student.zip was unpacked


class CannotHandIn(Exception):
    """Nothing was packed; the message says why, and what to do."""

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[0;31m✗ {self}\x1b[0m"]


def hand_in(folder: str | Path = ".") -> None:
    """Pack submission.zip: notebooks, weights and a receipt, and show what is missing or failing.

    Checks run once more, in a process of their own, and decide nothing. Raises CannotHandIn when there is nothing to pack, or
    the notebook that this is called from was changed and not saved.
    """
    packed = pack(Path(folder), _executed())
    display(packed) if get_ipython() else print(packed)


def pack(folder: Path, executed: list[str] | None = None) -> Packed:
    """Write submission.zip in folder. executed: what a notebook's kernel ran, by number; None outside of one.

    Raises CannotHandIn. Ctrl-C ends the checks, not the packing.
    """
    began = time.monotonic()
    try:
        found, notes = notebooks_in(folder)
        if executed:
            _refuse_unsaved(found, executed)
        notebooks = [notebook for notebook in found if notebook.begun]
        if not notebooks:
            why = "no notebook in it is begun" if found else "none of the course's notebooks is in it"
            raise CannotHandIn(f"Nothing to hand in in {folder.resolve()}: {why}. Is it the right folder?")
        if len(notebooks) < len(found):
            left = [notebook.name for notebook in found if not notebook.begun]
            notes.append(f"Left out, since nothing is filled in: {', '.join(left)}.")
        weights, missing = _weights(notebooks, folder)
        notes += missing
        rows, stopped, interrupted = _checked(notebooks, weights)
        notes += stopped
        notes += [f"{one.path.name} {one.trouble}. It is packed as it is." for one in notebooks if one.trouble]
        notes += [
            f"{one.path.name} is larger than {LARGEST_NOTEBOOK // 1_000_000} MB, which is not taken. Clear its outputs, save "
            "it, and run this again."
            for one in notebooks
            if len(one.content) > LARGEST_NOTEBOOK
        ]
        members = {f"{one.name}.ipynb": one.content for one in notebooks} | weights
        members[RECEIPT] = receipt(notebooks, weights, rows)
        size = _write(folder / FILE, members)
    except OSError as error:
        name = error.filename or folder
        raise CannotHandIn(
            f"{name}: {error.strerror or error}. Nothing was packed; mend that, and run this again."
        ) from None
    saved = {one.name: one.modified for one in notebooks}
    return Packed(folder / FILE, size, tuple(members), rows, saved, tuple(notes), interrupted, time.monotonic() - began)


def _executed() -> list[str] | None:
    """What the kernel of a notebook ran, by number; None outside of one."""
    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return list(shell.history_manager.input_hist_raw)


def _refuse_unsaved(found: list[Notebook], executed: list[str]) -> None:
    """Raise CannotHandIn when the notebook that this runs in has cells that are not saved."""
    ran = {source.strip() for source in executed[:-1]} - {""}
    shared = {one.name: len(ran & {cell.source.strip() for cell in one.cells}) for one in found}
    here = max(found, key=lambda one: shared[one.name], default=None)
    if here is None or not shared[here.name]:
        return
    new = unsaved(here.cells, executed, here.modified > _STARTED)
    if new:
        first = new[-1].strip().splitlines()[0][:60]
        raise CannotHandIn(
            f"{here.path.name} is not saved: the cell `{first}` ran, and is not in the file. Save first (Ctrl-S), then run this "
            "cell again."
        )


def _weights(notebooks: list[Notebook], folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """The files of weights by name, and what to say of those that are missing or too large."""
    there, said = {}, []
    for notebook in notebooks:
        for name in notebook.weights:
            path = folder / name
            if not path.is_file():
                said.append(f"{name} is not in this folder: {_maker(notebook, name)}")
            elif path.stat().st_size > LARGEST_FILE:
                said.append(
                    f"{name} is larger than {LARGEST_FILE // 1_000_000} MB, and left out. Hand in a smaller network."
                )
            else:
                there[name] = path.read_bytes()
    return there, said


def _maker(notebook: Notebook, name: str) -> str:
    """Which cell writes a file of weights."""
    call = re.compile(rf"\w*save\w*\([^\n]*{re.escape(name)}")
    for cell in notebook.cells:
        if cell.kind == "code" and (found := call.search(cell.source)):
            called = f" ({cell.grade_id})" if cell.grade_id else ""
            return f'the cell with `{found[0].partition("(")[0]}("{name}", …)`{called} of {notebook.name} makes it.'
    return f"{notebook.name} makes it."


# --- The checks


def _checked(
    notebooks: list[Notebook], weights: Mapping[str, bytes]
) -> tuple[dict[str, tuple[Row, ...]], list[str], bool]:
    """Each notebook's rows, what to say of cells that did not end, and whether somebody was tired of waiting."""
    rows, said, interrupted = {}, [], False
    total = sum(len(_running(notebook)) for notebook in notebooks)
    with _copied(notebooks, weights) as folder, tqdm(total=total, unit=" cells", file=sys.stdout, leave=False) as bar:
        for notebook in notebooks:
            run = Run(whole=False)
            if fresh_run.POSSIBLE and not interrupted:
                bar.set_description(notebook.name)
                try:
                    run = _run(notebook, folder, bar)
                except KeyboardInterrupt:
                    interrupted = True
            why = f"the notebook took more than {fresh_run.NOTEBOOK_SECONDS:g} s"
            why = "interrupted" if interrupted else why if fresh_run.POSSIBLE else "not run again in a browser"
            rows[notebook.name] = tuple(_rows(notebook, run, "" if run.whole else why))
            for number, problem in run.stopped.items():
                if not notebook.cells[number].is_check:
                    first = (notebook.cells[number].source.strip().splitlines() or [""])[0][:60]
                    said.append(f"{notebook.name}, the cell `{first}`: {problem}, here and at grading.")
    return rows, said, interrupted


def _running(notebook: Notebook) -> list[int]:
    return [number for number, cell in enumerate(notebook.cells) if cell.kind == "code" and not cell.long]


def _run(notebook: Notebook, folder: Path, bar: tqdm) -> Run:
    running = _running(notebook)
    return run_checks(
        [cell.source for cell in notebook.cells],
        running,
        [number for number in running if notebook.cells[number].is_check],
        folder,
        cell_seconds=fresh_run.CELL_SECONDS,
        notebook_seconds=fresh_run.NOTEBOOK_SECONDS,
        progress=lambda _: bar.update(),
    )


@contextmanager
def _copied(notebooks: list[Notebook], weights: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder with what is packed, and nothing else: what grading sees, and nothing in the student's folder changes."""
    with tempfile.TemporaryDirectory(prefix="handing-in-", ignore_cleanup_errors=True) as name:
        for notebook in notebooks:
            Path(name, f"{notebook.name}.ipynb").write_bytes(notebook.content)
        for file, content in weights.items():
            Path(name, file).write_bytes(content)
        yield Path(name)


def _rows(notebook: Notebook, run: Run, unfinished: str) -> Iterator[Row]:
    """A row for each exercise, in order."""
    later = set().union(*(bound_names(cell.source) for cell in notebook.cells if cell.kind == "code" and cell.long))
    for number, cell in enumerate(notebook.cells):
        if cell.is_written:
            yield Row(cell.exercise, cell.points, BY_HAND if cell.begun else NOT_ATTEMPTED)
        elif cell.is_check:
            row = Row(cell.exercise, cell.points, NOT_CHECKED, seen=_seen(cell))
            ended = run.ended.get(number)
            if ended is None and row.seen and not fresh_run.POSSIBLE:
                yield replace(row, state=row.seen, why="when you ran it", cause=AS_SEEN)
            elif ended is None:
                yield replace(row, why=unfinished, cause=unfinished)
            else:
                yield _judged(row, ended, notebook, ended.name in later)


def _seen(cell: Cell) -> str:
    """What the check said when the student ran it last."""
    if f"✓ {cell.exercise}: passed" in cell.shows and "✗ " not in cell.shows:
        return PASSES
    return FAILS if cell.shows else ""


def _judged(row: Row, ended: Ended, notebook: Notebook, needs_long_cells: bool) -> Row:
    said = ended.said.removeprefix(f"{row.exercise}:").strip()
    if not ended.error:
        return replace(row, state=PASSES)
    if ended.error == "NotImplementedError":
        lacking = next((name for name in notebook.weights if name in said), "")
        if lacking:
            return replace(row, state=NO_WEIGHTS, why=lacking, cause=lacking)
        why = f"needs {said}" if re.fullmatch(r"[\w-]+", said) else said
        return replace(row, state=NOT_ATTEMPTED, why="" if said == row.exercise else why)
    if needs_long_cells:  # which do not run here: what the student saw is all there is
        if row.seen:
            return replace(row, state=row.seen, why="when you ran it" if row.seen == FAILS else "", cause=AS_SEEN)
        return replace(row, why="run the long cells above it, then this check, once", cause="needs long cells")
    why = said or ended.error
    if row.seen == PASSES:
        why += " (It passed when you ran it: restart the kernel, and run all cells in order.)"
    cause = said if ended.error in _CHECK_ERRORS else ended.error
    if ended.error == "Raised":
        cause = said.partition(":")[0]
    return replace(row, state=FAILS, why=why, cause=cause)


# --- Files


def receipt(notebooks: list[Notebook], weights: Mapping[str, bytes], rows: Mapping[str, tuple[Row, ...]]) -> bytes:
    """The text of the receipt: what was packed, and what the student's checks say of it."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "kit": _kit(),
        "release": _release(),
        "python": python_version(),
        "numpy": np.__version__,
        "notebooks": {
            one.name: {
                "sha256": file_digest(one.content),
                "exercises": {
                    row.exercise: {"state": row.state, "why": row.cause[:200], "seen": row.seen}
                    for row in rows[one.name]
                },
            }
            for one in notebooks
            if not one.trouble
        },
        "weights": {name: file_digest(content) for name, content in weights.items()},
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def _kit() -> str:
    try:
        return version("network-from-scratch")
    except PackageNotFoundError:
        return "unknown"


def _release() -> dict[str, Any]:
    """The version of the course that the student has, and which notebooks it was given out with; nothing in a clone of it."""
    try:
        release = read_release((_RELEASED / RELEASE).read_bytes())
    except (OSError, NotABundle):
        return {}
    return {"version": release.version, "notebooks": sorted(release.cells)}


def _write(path: Path, members: Mapping[str, bytes]) -> int:
    """Write an archive, whole or not at all; returns its size. Raises OSError."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".submission-")
    draft = Path(name)
    try:
        with os.fdopen(number, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            for member, content in members.items():
                about = zipfile.ZipInfo(member, _EARLIEST)
                about.compress_type, about.create_system, about.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
                archive.writestr(about, content)
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path.stat().st_size
