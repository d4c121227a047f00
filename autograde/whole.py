"""Files and folders that are whole or not there, however a run ends."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.whole import write_whole

__all__ = ["drafted", "write_whole"]


@contextmanager
def drafted(folder: Path) -> Iterator[Path]:
    """An empty folder beside another one, which it replaces when the block ends well. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draft-", ignore_cleanup_errors=True) as name:
        draft = Path(name, folder.name)
        draft.mkdir()
        yield draft
        if folder.exists():
            shutil.rmtree(folder)
        draft.replace(folder)
