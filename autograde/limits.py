"""What one candidate, a process that runs a student's code, may use."""

from dataclasses import dataclass
from pathlib import Path

#: The candidate's working and home folder. It and /tmp and /dev/shm are all that it can write, and share one size.
SCRATCH = Path("/scratch")

_MiB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits on a candidate with everything it starts, in bytes, seconds and plain numbers.

    memory: bytes of memory beyond what the fork shared, files in the scratch folder included. processes: with threads; no
    more can be started, and the warden ends what stays there. scratch: bytes in all files it writes; files: how many
    files and folders; file_size: bytes in one of them. open_files: for each process. cpu and wall: seconds, from the
    moment that the room is closed.
    """

    memory: int = 2048 * _MiB
    processes: int = 64
    scratch: int = 256 * _MiB
    files: int = 5000
    file_size: int = 128 * _MiB
    open_files: int = 256
    cpu: float = 600.0
    wall: float = 900.0
