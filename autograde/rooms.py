"""Rooms for candidates, opened one after the other by a warm server in an outer room."""

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograde import room
from autograde.course import CourseError
from autograde.limits import Limits
from autograde.pipe import Pipe

_HERE = Path(__file__).resolve().parent
#: What the server says on the control of each room that it is asked for, first of all.
SEEN = b"seen\n"
#: What the server needs to see besides the interpreter.
_READABLE = (
    *room.INSIDE,
    *(
        _HERE / f"{name}.py"
        for name in ("candidate", "candidate_server", "forking", "ledger", "pipe", "shell", "shown", "wire")
    ),
    _HERE.parent / "helpers",
)
_OPEN_ENVIRONMENT = {
    "PYTHONPATH": str(_HERE.parent),
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_PATIENCE = 120.0  # seconds for the server to import everything, on a cold disk
_LAST_BREATH = 1.0  # seconds between the end of a candidate's pipe and its own
_LINGER = 10.0  # seconds that the kernel may take to bury a candidate
_ANSWER = 60.0  # seconds that the server, which does nothing else, may take to see a request


class RoomFailed(BaseException):
    """There was no room, or none any more: the grader's trouble, never the student's. No test may catch it: not an Exception."""


class Server:
    """A warm server in an outer room; as a context manager, one that is ready.

    Processes that were forked since it was started may ask it for rooms, too, each at any time.
    """

    def __init__(self, limits: Limits | None = None, *, isolated: bool = True) -> None:
        """isolated: False means no room at all: student code may do whatever the user may."""
        self._limits, self._isolated = limits or Limits(), isolated

    def __enter__(self) -> Self:
        self.start()
        self.wait()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._requests.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stderr.close()
        self._folder.cleanup()

    def start(self) -> None:
        """Have it begin to import everything. Raises CourseError."""
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        with theirs:
            self._process = subprocess.Popen(
                self._command(theirs.fileno()),
                env=None if self._isolated else {**os.environ, **_OPEN_ENVIRONMENT},
                cwd=self._folder.name,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C is not for it
            )

    def wait(self) -> None:
        """Wait until it is ready. Raises CourseError."""
        self._requests.settimeout(_PATIENCE)
        try:
            ready = self._requests.recv(64)
        except OSError:
            ready = b""
        if ready != b"ready":
            self._process.kill()
            complaint = self._process.communicate()[1].strip().splitlines()[-1:]
            raise CourseError(
                f"the room for submitted code cannot be made ({complaint[0] if complaint else 'no answer'})."
            )

    def _command(self, requests: int) -> list[str]:
        server = [sys.executable, "-m", "autograde.candidate_server", str(requests)]
        if not self._isolated:
            return [*server, "open"]
        environment = {"PYTHONPATH": str(_HERE.parent)}
        hidden = room.private_folders()
        return room.outer_command([*server, "sealed"], _READABLE, hidden=hidden, environment=environment)

    def open(self) -> "Room":
        """A fresh room with a candidate in it. Raises RoomFailed."""
        pipe, their_pipe = socket.socketpair()
        control, their_control = socket.socketpair()
        with their_pipe, their_control:
            try:
                ends = [their_pipe.fileno(), their_control.fileno()]
                socket.send_fds(self._requests, [json.dumps(asdict(self._limits)).encode()], ends)
            except OSError as error:
                raise RoomFailed(f"the server of rooms has ended ({error})") from None
        control.settimeout(_ANSWER)
        try:
            answer = control.recv(len(SEEN))
        except OSError:
            answer = b""
        if answer != SEEN:  # else the candidate's silence would be taken for the student's
            pipe.close()
            control.close()
            raise RoomFailed("the server of rooms does not answer")
        return Room(Pipe(pipe), control)


class Room:
    """One candidate's room, from outside."""

    def __init__(self, pipe: Pipe, control: socket.socket) -> None:
        self.pipe, self._control = pipe, control
        self._told = b""
        #: What the warden said at the end: see warden.Ended.
        self.ended: dict[str, Any] = {}

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in what the candidate runs: now, for the next thing that it runs must not get it."""
        self._tell("interrupt")
        self._hear()

    def waited(self) -> float:
        """Seconds that the candidate had to wait for a core, while others had all of them: since it began."""
        self._tell("waited")
        return float(self._hear().get("waited", 0.0))

    def close(self, *, gone: bool = False) -> str:
        """End the candidate and all that it started; returns of what it ended: see warden.Ended. Raises RoomFailed.

        gone: its pipe was found closed, so that it has ended by itself or broken a limit, and its warden will say which.
        """
        if not self.ended:
            if not gone or not select.select([self._control], [], [], _LAST_BREATH)[0]:
                self._tell("kill")
            while not self.ended:  # when nothing of the candidate lives any more
                self._hear()
        self.pipe.close()
        self._control.close()
        if self.ended["ended"] == "no room":
            raise RoomFailed(self.ended["error"])
        return str(self.ended["ended"])

    def _tell(self, wish: str) -> None:
        try:
            self._control.sendall(json.dumps({"do": wish}).encode() + b"\n")
        except OSError:
            return  # it has ended

    def _hear(self) -> dict[str, Any]:
        """Wait for the warden's next message, and keep it if it is the last; that one is said again, whatever else is asked."""
        if self.ended:
            return self.ended
        deadline = time.monotonic() + _LINGER
        while b"\n" not in self._told:
            self._control.settimeout(max(deadline - time.monotonic(), 0.01))
            try:
                part = self._control.recv(65536)
            except OSError:
                part = b""
            if not part:
                self.ended = {"ended": "no room", "error": "its warden died"}
                return self.ended
            self._told += part
        line, _, self._told = self._told.partition(b"\n")
        message = json.loads(line)
        self.ended = message if "ended" in message else {}
        return message
