"""Unfinished work: whoever makes a draft holds a lock on it, so that what killed processes have left can be told, and removed."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from helpers.whole import DRAFT, owned

#: How temporary folders begin that lie where everybody's do.
_TEMPORARY = "course-kit-"


@contextlib.contextmanager
def draft(parent: Path | None = None) -> Iterator[Path]:
    """An empty folder of this process's own, in another one or among the temporary ones, which is gone afterwards."""
    prefix = _TEMPORARY if parent is None else DRAFT
    with (
        tempfile.TemporaryDirectory(dir=parent, prefix=prefix, ignore_cleanup_errors=True) as name,
        owned(Path(name)),
    ):
        yield Path(name)


@contextlib.contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder, which takes the place of another one when the block ends well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with draft(folder.parent) as place:
        new = place / folder.name
        new.mkdir()
        yield new
        if folder.exists():
            shutil.rmtree(folder)
        new.replace(folder)


def tidy(inside: Path | None = None, beside: Path | None = None) -> None:
    """Remove drafts of processes that were killed: temporary folders, and all inside a folder, and those in one."""
    _remove(Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*"))
    if beside is not None:
        _remove(beside.glob(f"{DRAFT}*"))
    if inside is not None:
        for top, folders, files in os.walk(inside):
            drafts = [name for name in (*folders, *files) if name.startswith(DRAFT)]
            _remove(Path(top, name) for name in drafts)
            folders[:] = [name for name in folders if name not in drafts]


def _remove(drafts: Iterable[Path]) -> None:
    for path in drafts:
        with contextlib.suppress(OSError):  # it is somebody else's, or in use, or just gone
            if path.is_symlink() or path.lstat().st_uid != os.getuid():
                continue
            claim = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            finally:
                os.close(claim)
