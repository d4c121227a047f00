"""Files in folders and zip archives, one after another, read with suspicion: nothing is extracted, followed or believed.

No name in an archive is ever used to write to, and no size that it declares is trusted: bytes are counted as they come.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

LARGEST_ARCHIVE = 150_000_000  # bytes, of an archive within a hand-in
MOST_BYTES = 500_000_000  # of one student's files together
MOST_FILES = 1_000  # of one student, whatever they are
DEEPEST_NESTING = 3  # archives within archives
DEEPEST_FOLDER = 12
LONGEST_NAME = 500  # characters, of a path
_LARGEST_DIRECTORY = 3_000_000  # bytes of an archive's table of contents: some 50,000 files
_LARGEST_LMS_DIRECTORY = 100_000_000  # the same, of a whole class
_HIGHEST_RATIO = 100  # of an archive within an archive
_CHUNK = 1 << 20
#: What operating systems and editors leave behind.
_JUNK = {"__macosx", ".ipynb_checkpoints", "thumbs.db", "desktop.ini", "__pycache__"}


class Refused(Exception):
    """Something that is not taken; problem says why, todo what to do about it."""

    def __init__(self, problem: str, todo: str) -> None:
        super().__init__(f"{problem} {todo}")
        self.problem, self.todo = problem, todo


@dataclass(frozen=True)
class Entry:
    """A file or folder in a source. path: with slashes, from the source's root; modified: None when nobody can know.

    read(limit) returns at most limit bytes. It raises Refused; refused is the reason when that is known beforehand.
    """

    path: str
    modified: datetime | None
    read: Callable[[int], bytes]
    is_folder: bool = False
    refused: Refused | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]


def is_junk(path: str) -> bool:
    """Whether a part of this path is hidden, or what systems and editors leave behind."""
    return any(part.startswith((".", "~$")) or part.casefold() in _JUNK for part in path.split("/"))


def _refuse(refused: Refused) -> Callable[[int], bytes]:
    def read(_: int) -> bytes:
        raise refused

    return read


def _bad(path: str, problem: str, todo: str) -> Entry:
    refused = Refused(problem, todo)
    return Entry(path, None, _refuse(refused), refused=refused)


_NOT_REGULAR = ("is not a regular file.", "Ask for the file itself.")


# --- Folders


def walk_folder(top: Path) -> Iterator[Entry]:
    """Every folder and file below top, by name; links are not followed, and nothing but regular files is opened to be read."""
    for root, folders, files, root_fd in os.fwalk(top, follow_symlinks=False):
        inside = Path(root).relative_to(top)
        folders.sort()
        for name in list(folders):
            path = (inside / name).as_posix()
            if stat.S_ISLNK(os.stat(name, dir_fd=root_fd, follow_symlinks=False).st_mode):
                yield _bad(path, "is a link.", "Put the folder itself there.")
                folders.remove(name)
            elif is_junk(path):
                folders.remove(name)
            elif problem := _cannot_open(name, root_fd):
                yield _bad(path, problem, "Make the folder readable, and collect again.")
                folders.remove(name)
            elif len(inside.parts) >= DEEPEST_FOLDER:
                yield _bad(path, f"lies more than {DEEPEST_FOLDER} folders deep.", "Ask for the notebooks alone.")
                folders.remove(name)
            else:
                yield Entry(path, None, _refuse(Refused("is a folder.", "Ask for a file.")), is_folder=True)
        for name in sorted(files):
            path = (inside / name).as_posix()
            if not is_junk(path):
                yield _file(path, name, root_fd)


def _cannot_open(folder: str, parent_fd: int) -> str:
    """Why a folder cannot be looked into, or nothing: os.fwalk would leave it out without a word."""
    try:
        os.close(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent_fd))
    except OSError as error:
        return f"cannot be opened ({error.strerror})."
    return ""


def _file(path: str, name: str, folder_fd: int) -> Entry:
    try:
        about = os.stat(name, dir_fd=folder_fd, follow_symlinks=False)
    except OSError as error:
        return _bad(path, f"cannot be opened ({error.strerror}).", "Collect again when nobody writes to it.")
    if not stat.S_ISREG(about.st_mode):
        link = stat.S_ISLNK(about.st_mode)
        return _bad(path, *(("is a link.", "Ask for the file itself.") if link and "/" not in path else _NOT_REGULAR))
    try:
        modified = datetime.fromtimestamp(about.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        modified = None
    return Entry(path, modified, lambda limit: read_file(name, limit, folder_fd))


def read_file(path: str | Path, limit: int, folder_fd: int | None = None) -> bytes:
    """At most limit bytes of a regular file, which is neither followed nor waited for. Raises Refused."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        file = os.open(path, flags, dir_fd=folder_fd)
    except OSError as error:
        raise Refused(f"cannot be opened ({error.strerror}).", "Ask for the file itself.") from None
    with os.fdopen(file, "rb") as stream:
        before = os.fstat(file)
        if not stat.S_ISREG(before.st_mode):
            raise Refused(*_NOT_REGULAR)
        content = stream.read(limit)
        after = os.fstat(file)
    size = min(limit, before.st_size)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != size:
        raise Refused("changed while it was read.", "Collect again when nobody writes to it.")
    return content


# --- Archives


class _BoundedReads:
    """A file of which at most so many bytes can be had at once: zipfile asks for a table of contents in one piece."""

    def __init__(self, file: IO[bytes], largest: int) -> None:
        self._file, self._largest = file, largest

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(min(size, self._largest + 1) if size >= 0 else self._largest + 1)
        if len(content) > self._largest:
            raise Refused("is an archive with an absurd number of files.", "Ask for the notebooks alone.")
        return content

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def is_archive(name: str) -> bool:
    """Whether a file with this name is read as a zip archive."""
    return name.casefold().endswith(".zip")


@contextmanager
def open_zip(path: Path) -> Iterator[Iterator[Entry]]:
    """The entries of a class's archive on disk. Raises Refused when it is no zip archive."""
    with path.open("rb") as file, _archive(file, _LARGEST_LMS_DIRECTORY) as archive:
        yield _entries(archive)


@contextmanager
def open_zip_bytes(content: bytes) -> Iterator[Iterator[Entry]]:
    """The entries of an archive that somebody handed in. Raises Refused when it is no zip archive, or bombs."""
    with _archive(BytesIO(content), _LARGEST_DIRECTORY) as archive:
        yield _entries(archive)


@contextmanager
def _archive(file: IO[bytes], largest_directory: int) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(_BoundedReads(file, largest_directory))  # type: ignore[arg-type]
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, OverflowError) as error:
        raise Refused(f"is not a readable zip archive ({error}).", "Ask for the archive again.") from None
    with archive:
        yield archive


def _entries(archive: zipfile.ZipFile) -> Iterator[Entry]:
    for info in archive.infolist():
        path = info.orig_filename.replace("\\", "/").removeprefix("./")
        if not is_junk(path) or ".." in path.split("/"):
            yield _member(archive, info, path)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> Entry:
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = path.rstrip("/").split("/")
    if len(path) > LONGEST_NAME:
        return _bad(path[:60] + "…", "has an absurdly long name.", "Ask for it under a shorter one.")
    if {"", "..", "."} & set(parts) or "\0" in path or parts[0].endswith(":"):
        shown = path.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return _bad(shown, "has a name that leads out of the archive.", "Ask for an ordinary archive.")
    if path.endswith("/"):
        return Entry(path.rstrip("/"), None, _refuse(Refused("is a folder.", "Ask for a file.")), is_folder=True)
    if kind not in (0, stat.S_IFREG):
        return _bad(path, "is a link." if stat.S_ISLNK(kind) else _NOT_REGULAR[0], _NOT_REGULAR[1])
    if info.flag_bits & 0x1:
        return _bad(path, "is encrypted.", "Ask for it without a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # The other methods can fill the memory with one step of decompression.
        return _bad(path, "is compressed in an unusual way.", "Ask for an ordinary zip archive.")
    try:
        modified = datetime(*info.date_time)  # local time of whoever made the archive
    except ValueError:
        modified = None
    return Entry(path, modified, lambda limit: _read_member(archive, info, limit))


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """At most limit bytes of a member, counted while they are decompressed."""
    parts, size = [], 0
    try:
        with archive.open(info) as member:
            while size < limit and (part := member.read(min(_CHUNK, limit - size))):
                parts.append(part)
                size += len(part)
                if is_archive(info.filename) and size > 10 * _CHUNK and size > _HIGHEST_RATIO * info.compress_size:
                    raise Refused("is an archive of nothing but repetition.", "Ask for the notebooks alone.")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused(f"cannot be read from its archive ({error}).", "Ask for the archive again.") from None
    return b"".join(parts)
