"""A class for the soak: right, wrong, hostile and malformed submissions, in proportions that a seed fixes."""

import io
import json
import os
import pickle
import random
import socket
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from nbformat import NotebookNode

from autograde.build import Built, as_text
from autograde.planted import answer, answers_of, read_patches
from autograde.trained import MODEL, TWO_LAYER
from helpers.submission import RECEIPT
from tests.redteam.attack import read_attacks

_ROOT = Path(__file__).parents[1]
RIGHT, WRONG, HOSTILE, MALFORMED = "right", "wrong", "hostile", "malformed"
#: What twenty students hand in, one after the other: at a thousand every wrong and hostile submission there is comes up.
_TWENTY = "WHWRMWHWRWWHWMRWHWMW"
_KINDS = {kind[0].upper(): kind for kind in (RIGHT, WRONG, HOSTILE, MALFORMED)}


@dataclass(frozen=True)
class Material:
    """What a malformed submission is made of: a notebook's name and its text, a right one's, and weights by file name."""

    name: str
    text: str
    weights: Mapping[str, bytes]


Damage = Callable[[Path, Material], object]


@dataclass(frozen=True)
class Planned:
    """One submission. name: of what kind, and which of it; write: puts it into a student's folder."""

    name: str
    write: Callable[[Path], object]


def planned(built: list[Built], count: int, weights: Mapping[str, bytes]) -> Iterator[Planned]:
    """A class of so many, in its order. weights: right ones, by file name."""
    chance = random.Random(0)
    names = {cell for item in built for cell in answers_of(item.full)}
    patches = read_patches(_ROOT / "tests" / "submissions")
    stock = {
        WRONG: [partial(_patched, built, weights, one.cells, one.name) for one in patches if names & one.cells.keys()],
        HOSTILE: [
            partial(_patched, built, weights, one.cells, one.name) for one in read_attacks() if names & one.cells.keys()
        ],
        MALFORMED: [
            partial(_damaged, built, weights, damage, name)
            for name, damage in DAMAGE.items()
            if damage not in _TO_WEIGHTS or _TO_WEIGHTS[damage] in weights
        ],
        RIGHT: [partial(_patched, [item], weights, answers_of(item.full), item.name) for item in built],
    }
    for items in stock.values():
        chance.shuffle(items)
    turns = dict.fromkeys(stock, 0)
    for number in range(count):
        kind = _KINDS[_TWENTY[number % len(_TWENTY)]]
        write = stock[kind][turns[kind] % len(stock[kind])]
        turns[kind] += 1
        yield Planned(f"{kind}: {write.args[-1]}", write)


def hand_in(
    built: list[Built],
    folder: Path,
    count: int,
    weights: Mapping[str, bytes],
    progress: Callable[[list[Planned]], Iterable[Planned]] = lambda items: items,
) -> dict[str, str]:
    """Write a class; returns of what kind each student's submission is, and which of it."""
    kinds = {}
    for number, submission in enumerate(progress(list(planned(built, count, weights)))):
        student = f"s{number:04}"
        (folder / student).mkdir(parents=True)
        submission.write(folder / student)
        kinds[student] = submission.name
    return kinds


def _patched(
    built: list[Built], weights: Mapping[str, bytes], cells: Mapping[str, str], _name: str, place: Path
) -> None:
    """The notebooks that some answers belong to, right but for them."""
    for item in built:
        if cells.keys() & answers_of(item.full).keys():
            text = as_text(_signed(item, answers_of(item.full) | cells, place.name))
            (place / item.filename).write_text(text, encoding="utf-8")
            for name in weights.keys() & set(item.hands_in):
                (place / name).write_bytes(weights[name])


def _damaged(built: list[Built], weights: Mapping[str, bytes], damage: Damage, _name: str, place: Path) -> None:
    item = next((item for item in built if _TO_WEIGHTS.get(damage) in item.hands_in), built[0])
    damage(place, Material(item.filename, as_text(_signed(item, answers_of(item.full), place.name)), weights))


def _signed(item: Built, answers: dict[str, str], student: str) -> NotebookNode:
    notebook = answer(item, answers)
    notebook.cells[0].source += f"\n\nHanded in by {student}."  # else equal ones are examined once
    return notebook


# --- damage to notebooks


def _text(change: Callable[[str], str]) -> Damage:
    return lambda folder, right: (folder / right.name).write_text(change(right.text), encoding="utf-8")


def _bytes(change: Callable[[bytes], bytes]) -> Damage:
    return lambda folder, right: (folder / right.name).write_bytes(change(right.text.encode()))


def _notebook(change: Callable[[dict], object]) -> Damage:
    def damage(folder: Path, right: Material) -> None:
        notebook = json.loads(right.text)
        change(notebook)
        (folder / right.name).write_text(json.dumps(notebook), encoding="utf-8")

    return damage


def _each_cell(change: Callable[[dict], object]) -> Damage:
    def damage(notebook: dict) -> None:
        for cell in notebook["cells"]:
            change(cell)

    return _notebook(damage)


def _forget(cell: dict) -> None:
    cell.pop("id", None)
    cell["metadata"] = {}


def _show(cell: dict, text: object) -> None:
    if cell["cell_type"] == "code":
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]


def _nested(depth: int) -> list:
    found: list = []
    for _ in range(depth):
        found = [found]
    return found


def _named(name: str | bytes) -> Damage:
    def damage(folder: Path, right: Material) -> None:
        (folder / os.fsdecode(name)).write_text(right.text, encoding="utf-8")

    return damage


def _twice(folder: Path, right: Material) -> None:
    (folder / right.name).write_text(right.text, encoding="utf-8")
    (folder / f"Copy of {right.name}").write_text(right.text.replace("relu", "rlue"), encoding="utf-8")


# --- archives


def _zip(*members: tuple[str, Callable[[Material], bytes | str]], method: int = zipfile.ZIP_DEFLATED) -> Damage:
    def damage(folder: Path, right: Material) -> None:
        with zipfile.ZipFile(folder / "submission.zip", "w", method) as archive:
            for name, content in members:
                archive.writestr(name or right.name, content(right))

    return damage


def _own(right: Material) -> str:
    return right.text


def _zipped(content: bytes, name: str, times: int) -> bytes:
    for _ in range(times):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        content, name = file.getvalue(), "more.zip"
    return content


def _archive_bytes(change: Callable[[bytearray], object]) -> Damage:
    def damage(folder: Path, right: Material) -> None:
        _zip(("", _own))(folder, right)
        content = bytearray((folder / "submission.zip").read_bytes())
        change(content)
        (folder / "submission.zip").write_bytes(content)

    return damage


def _encrypt(content: bytearray) -> None:
    """Say that the first member is encrypted, in both places."""
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1


def _break(content: bytearray) -> None:
    middle = content.index(b"PK\x01\x02") // 2
    content[middle : middle + 20] = bytes(20)


def _link_in_archive(folder: Path, right: Material) -> None:
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        member = zipfile.ZipInfo(right.name)
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")


# --- what is no file


def _folder(folder: Path, right: Material) -> None:
    (folder / right.name).mkdir()


def _socket(folder: Path, right: Material) -> None:
    here = Path.cwd()
    os.chdir(folder)  # a socket's path has 100 characters at most
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(right.name)
    finally:
        os.chdir(here)


# --- receipts and weights, beside a right notebook


def _receipt(content: Callable[[Material], bytes | str]) -> Damage:
    def damage(folder: Path, right: Material) -> None:
        (folder / right.name).write_text(right.text, encoding="utf-8")
        told = content(right)
        (folder / RECEIPT).write_bytes(told.encode() if isinstance(told, str) else told)

    return damage


def _lying_receipt(right: Material) -> str:
    told = {"sha256": "0" * 64, "exercises": {"q1a-relu": {"state": "fails", "why": "x" * 190, "seen": ""}}}
    return json.dumps({"format": 1, "notebooks": {right.name.removesuffix(".ipynb"): told}})


def _weights(name: str, change: Callable[[bytes], bytes]) -> Damage:
    def damage(folder: Path, right: Material) -> None:
        (folder / right.name).write_text(right.text, encoding="utf-8")
        (folder / name).write_bytes(change(right.weights[name]))

    _TO_WEIGHTS[damage] = name
    return damage


#: Of damage to weights, to which.
_TO_WEIGHTS: dict[Damage, str] = {}


def _header(change: Callable[[dict], object]) -> Callable[[bytes], bytes]:
    """A safetensors file with another header, of the length it says."""

    def changed(content: bytes) -> bytes:
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length])
        header = change(header) or header
        text = json.dumps(header).encode() if not isinstance(header, bytes) else header
        return struct.pack("<Q", len(text)) + text + content[8 + length :]

    return changed


def _tensors(header: dict) -> list[dict]:
    return [told for name, told in header.items() if name != "__metadata__"]


def _arrays(change: Callable[[dict[str, np.ndarray]], dict[str, object]]) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = dict(file)
        out = io.BytesIO()
        np.savez_compressed(out, **change(arrays))
        return out.getvalue()

    return changed


def _pickled(_: bytes) -> bytes:
    return pickle.dumps(print)


DAMAGE: dict[str, Damage] = {
    "half a file": _text(lambda text: text[: len(text) // 2]),
    "empty": _text(lambda _: ""),
    "not JSON": _bytes(lambda _: bytes(range(256)) * 20),
    "deep JSON": _text(lambda _: "[" * 100_000),
    "deep and closed": _text(lambda _: "[" * 100_000 + "]" * 100_000),
    "an absurd number": _text(lambda text: text.replace('"nbformat": 4', '"nbformat": ' + "4" * 9000)),
    "no notebook": _text(lambda _: '{"cells": 3}'),
    "a list": _text(lambda text: f"[{text}]"),
    "UTF-16": _bytes(lambda content: content.decode().encode("utf-16")),
    "a byte order mark": _bytes(lambda content: b"\xef\xbb\xbf" + content),
    "zeros at the end": _bytes(lambda content: content + bytes(5000)),
    "half a character": _text(lambda text: text.replace("Handed in by", "\\ud800 Handed in by", 1)),
    "larger than may be": _text(lambda text: text + " " * 21_000_000),
    "cells gone": _notebook(lambda notebook: notebook.update(cells=notebook["cells"][::3])),
    "cells twice": _notebook(lambda notebook: notebook.update(cells=notebook["cells"] * 2)),
    "cells backwards": _notebook(lambda notebook: notebook["cells"].reverse()),
    "cells of text": _each_cell(lambda cell: cell.update(cell_type="markdown")),
    "cells of no kind": _each_cell(lambda cell: cell.update(cell_type=[1], source={"a": 1})),
    "absurdly many cells": _notebook(lambda notebook: notebook.update(cells=notebook["cells"] * 100)),
    "an absurd cell": _notebook(lambda notebook: notebook["cells"][-1].update(source="x = 1\n" * 100_000)),
    "huge outputs": _each_cell(lambda cell: _show(cell, "0123456789" * 20_000)),
    "broken outputs": _each_cell(lambda cell: _show(cell, {"text": [[1], None]})),
    "deep metadata": _notebook(lambda notebook: notebook["metadata"].update(deep=_nested(800))),
    "an old format": _notebook(lambda notebook: notebook.update(nbformat=3, nbformat_minor=0)),
    "a format to come": _notebook(lambda notebook: notebook.update(nbformat=99)),
    "ids gone": _each_cell(_forget),
    "one id for all": _each_cell(lambda cell: cell.update(id="same")),
    "points for all": _each_cell(lambda cell: cell["metadata"].get("nbgrader", {}).update(points=1000)),
    "renamed": _named("01_feedforward (2).ipynb"),
    "named by nobody": _named("\u202eipynb.sj \N{PILE OF POO}\n.ipynb"),
    "named as an option": _named("-rf.ipynb"),
    "named as a formula": _named("=cmd|' calc'!A0.ipynb"),
    "named in no encoding": _named(b"caf\xe9.ipynb"),
    "a name of 250": _named("n" * 244 + ".ipynb"),
    "hidden": _named(".hidden.ipynb"),
    "two of one": _twice,
    "in an archive": _zip(("", _own)),
    "zip slip": _zip(("../../../../../../../../tmp/LEAK", _own), ("", _own)),
    "an absolute path": _zip(("/tmp/LEAK", _own), ("C:\\LEAK", _own)),
    "a bomb": _zip(("", lambda right: " " * 200_000_000 + right.text)),
    "a bomb of archives": _zip(("more.zip", lambda right: _zipped(bytes(300_000_000), right.name, 2))),
    "archives in archives": _zip(("more.zip", lambda right: _zipped(right.text.encode(), right.name, 5))),
    "a crowd": _zip(*((f"{number}.txt", lambda _: "x") for number in range(1200))),
    "compressed in an unusual way": _zip(("", _own), method=zipfile.ZIP_LZMA),
    "encrypted": _archive_bytes(_encrypt),
    "an archive cut": _archive_bytes(lambda content: content.__delitem__(slice(len(content) // 2, None))),
    "an archive broken": _archive_bytes(_break),
    "an archive of nothing": lambda folder, _: (folder / "submission.zip").write_bytes(b"PK\x05\x06" + bytes(18)),
    "no archive": lambda folder, _: (folder / "submission.zip").write_bytes(b"Rar!" * 500),
    "another archive": lambda folder, _: (folder / "submission.7z").write_bytes(b"7z" * 500),
    "a link in an archive": _link_in_archive,
    "a link": lambda folder, right: (folder / right.name).symlink_to("/etc/passwd"),
    "a link to the class": lambda folder, _: (folder / "all").symlink_to(".."),
    "a pipe": lambda folder, right: os.mkfifo(folder / right.name),
    "a folder": _folder,
    "a socket": _socket,
    "nothing": lambda *_: None,
    "a receipt of bytes": _receipt(lambda _: bytes(range(256))),
    "a deep receipt": _receipt(lambda _: "[" * 90_000),
    "a receipt of nothing": _receipt(lambda _: '{"format": 1, "notebooks": []}'),
    "a large receipt": _receipt(lambda _: " " * 300_000),
    "a lying receipt": _receipt(_lying_receipt),
    "a header without end": _weights(MODEL, lambda content: struct.pack("<Q", 2**63) + content[8:]),
    "a header of text": _weights(MODEL, _header(lambda _: b"}{" * 50)),
    "a deep header": _weights(MODEL, _header(lambda _: b"[" * 90_000)),
    "a header of other offsets": _weights(
        MODEL, _header(lambda header: [told.update(data_offsets=[0, 2**60]) for told in _tensors(header)] and None)
    ),
    "a header of other shapes": _weights(
        MODEL, _header(lambda header: [told.update(shape=[2**31, 2**31]) for told in _tensors(header)] and None)
    ),
    "a header of other types": _weights(
        MODEL, _header(lambda header: [told.update(dtype="U64") for told in _tensors(header)] and None)
    ),
    "settings that lie": _weights(
        MODEL, _header(lambda header: header["__metadata__"].update(dict.fromkeys(header["__metadata__"], "1e99")))
    ),
    "half the weights": _weights(MODEL, lambda content: content[: len(content) // 2]),
    "no weights": _weights(MODEL, lambda _: b""),
    "a pickle": _weights(TWO_LAYER, _pickled),
    "objects": _weights(TWO_LAYER, _arrays(lambda arrays: dict.fromkeys(arrays, np.array([print, None])))),
    "arrays cut": _weights(TWO_LAYER, lambda content: content[: len(content) // 2]),
    "arrays of zeros without end": _weights(
        TWO_LAYER, _arrays(lambda arrays: arrays | {"W1": np.zeros((3072, 20_000), np.float32)})
    ),
    "arrays that are not numbers": _weights(
        TWO_LAYER, _arrays(lambda arrays: {name: np.full_like(value, np.nan) for name, value in arrays.items()})
    ),
    "arrays of other shapes": _weights(
        TWO_LAYER, _arrays(lambda arrays: {name: np.atleast_1d(value)[:1] for name, value in arrays.items()})
    ),
}
