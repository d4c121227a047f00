"""Files that are whole or not there, however a run ends."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

#: How the names of what is unfinished begin.
DRAFT = ".course-draft-"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside its place and move it there. Raises OSError; what stood there before stays then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=DRAFT)
    draft = Path(name)
    try:
        with owned(draft):
            with os.fdopen(number, "wb") as file:
                file.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            draft.chmod(0o644)
            draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def owned(draft: Path) -> Iterator[None]:
    """Hold a lock on a file or folder: what nobody holds was left by a process that was killed, and may be removed."""
    with ExitStack() as held:
        with suppress(ImportError, OSError):  # Windows has no such locks, nor have some network drives
            import fcntl

            claim = os.open(draft, os.O_RDONLY)
            held.callback(os.close, claim)
            fcntl.flock(claim, fcntl.LOCK_EX)
        yield
