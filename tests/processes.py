"""Looking at processes, and waiting for their end."""

import contextlib
import time
from pathlib import Path

from autograde import warden


def below(process: int) -> list[int]:
    """All that descends from a process, outermost first; at the end a candidate's processes."""
    return list(warden._family(process))


def alive(processes: list[int]) -> list[int]:
    def lives(process: int) -> bool:
        with contextlib.suppress(OSError):
            return b"\nState:\tZ" not in Path(f"/proc/{process}/status").read_bytes()
        return False

    return [process for process in processes if lives(process)]


def gone(processes: list[int], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(processes) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(processes)


def command_line(process: int) -> bytes:
    """What a process was started with; nothing when it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""
