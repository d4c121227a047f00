"""What students get, as student.zip or unpacked: its files, its version, and what each cell was when it was released.

Read with suspicion all the same: only names of a known kind are taken, only what release.json lists, and never more than so much.
"""

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The file that tells what else there is.
RELEASE = "release.json"
#: Raised when a field of it changes its meaning or goes.
FORMAT = 1
MOST_FILES, LARGEST_FILE, MOST_BYTES = 500, 20_000_000, 100_000_000
_NAME = re.compile(r"(?:notebooks/\d\d_\w+\.ipynb|helpers/\w+\.(?:py|json)|[A-Za-z]\w*(?:\.\w+)?)", re.ASCII)
_VERSION = re.compile(r"[\w.+-]{1,60}", re.ASCII)
_AGAIN = "Get student.zip again."


class NotABundle(Exception):
    """This is no student.zip, nor one unpacked; the message says why, and what to do."""


@dataclass(frozen=True)
class Release:
    """What release.json holds. files: path → SHA-256; cells: notebook's name → cell's id → `cell_digest`, in order."""

    version: str
    files: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_text(self) -> str:
        """The text of release.json."""
        told = {"format": FORMAT, "version": self.version, "files": self.files, "cells": self.cells}
        return json.dumps(told, indent=1) + "\n"


def file_digest(content: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def source_of(cell: Mapping[str, Any]) -> str:
    """The text of a cell of a notebook's JSON."""
    source = cell.get("source", "")
    return ("".join(source) if isinstance(source, list) else str(source)).replace("\r\n", "\n")


def cell_digest(cell: Mapping[str, Any]) -> str:
    """A name for what somebody wrote into a cell, pasted pictures too; not for its outputs and settings."""
    text = json.dumps([source_of(cell).strip(), cell.get("attachments") or {}], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_release(content: bytes) -> Release:
    """What a release.json says. Raises NotABundle."""
    try:
        told = json.loads(content.decode())
        release = Release(told["version"], _digests(told["files"]), {k: _digests(v) for k, v in told["cells"].items()})
        readable = told["format"] <= FORMAT
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotABundle(f"its {RELEASE} cannot be read. {_AGAIN}") from None
    if not readable:
        raise NotABundle(
            "it is made for a newer update. Unpack it, and in its folder run: python -m helpers.update . OLD"
        )
    if not isinstance(release.version, str) or not _VERSION.fullmatch(release.version):
        raise NotABundle(f"its {RELEASE} names no version. {_AGAIN}")
    bad = next((name for name in release.files if not _NAME.fullmatch(name) or name == RELEASE), None)
    if bad is not None:
        raise NotABundle(f"it lists {bad[:80]!r}, which is no file of a course. {_AGAIN}")
    return release


def _digests(raw: Any) -> dict[str, str]:
    if not all(isinstance(value, str) for value in raw.values()):
        raise TypeError("a digest is a text")
    return dict(raw)


def read_bundle(path: Path) -> tuple[Release, dict[str, bytes]]:
    """The release in an archive or a folder, and the content of each of its files. Raises NotABundle and OSError."""
    if path.is_dir():
        return _take(lambda name: _in_folder(path / name))
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > 2 * MOST_FILES:
                raise NotABundle(f"it holds {len(infos):,} files. {_AGAIN}")
            tops = [info.filename.removesuffix(RELEASE) for info in infos if info.filename.endswith(RELEASE)]
            top = min((one for one in tops if one.count("/") == (one != "")), key=len, default="")
            return _take(lambda name: _in_archive(archive, top + name))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NotABundle(f"it is no readable zip archive ({error}). {_AGAIN}") from None


def _take(read: Callable[[str], bytes]) -> tuple[Release, dict[str, bytes]]:
    release = read_release(read(RELEASE))
    if len(release.files) > MOST_FILES:
        raise NotABundle(f"it lists {len(release.files):,} files. {_AGAIN}")
    files: dict[str, bytes] = {}
    for name, digest in release.files.items():
        files[name] = read(name)
        if sum(map(len, files.values())) > MOST_BYTES:
            raise NotABundle(f"it holds more than {MOST_BYTES // 1_000_000} MB. {_AGAIN}")
        if file_digest(files[name]) != digest:
            raise NotABundle(f"{name} is not what was released. {_AGAIN} If you unpacked it, name the archive instead.")
    return release, files


def _in_folder(path: Path) -> bytes:
    if not path.is_file():
        raise NotABundle(f"{path.name} is not in it. {_AGAIN}")
    with path.open("rb") as file:
        return _bounded(file.read(LARGEST_FILE + 1), path.name)


def _in_archive(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise NotABundle(f"{name.rpartition('/')[2]} is not in it. {_AGAIN}") from None
    # Other methods than these can fill the memory with one step of decompression.
    unusual = info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if unusual or stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise NotABundle(f"{name[:80]!r} is no ordinary file. {_AGAIN}")
    with archive.open(info) as member:
        return _bounded(member.read(LARGEST_FILE + 1), name)


def _bounded(content: bytes, name: str) -> bytes:
    if len(content) > LARGEST_FILE:
        raise NotABundle(f"{name[:80]!r} is larger than {LARGEST_FILE // 1_000_000} MB. {_AGAIN}")
    return content
