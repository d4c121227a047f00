"""A room to try: any Python source can be run in it as a candidate. For `course doctor` and for tests."""

import contextlib
import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograde.course import CourseError
from autograde.limits import Limits
from autograde.room import INSIDE, outer_command

_HERE = Path(__file__).resolve().parent
#: What the server's side of a trial needs to see.
READABLE = (*INSIDE, _HERE / "trial_server.py", _HERE / "breakout.py")

_LINGER = 10.0  # seconds that the kernel may take to close what a dead process held


@dataclass(frozen=True)
class Tried:
    """What a candidate said, each with say(value), and how its warden says that it ended (see warden.Ended)."""

    said: list[Any]
    ended: dict[str, Any]


class Trial:
    """An outer room with a server in it, as a context manager. preload: modules that the server imports first.

    Raises CourseError when the room cannot be made.
    """

    def __init__(self, readable: Sequence[Path] = (), hidden: Sequence[Path] = (), preload: Sequence[str] = ()) -> None:
        self._readable, self._hidden = (*READABLE, *readable), hidden
        self._preload = preload

    def __enter__(self) -> Self:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "autograde.trial_server", str(theirs.fileno()), *self._preload]
            environment = {"PYTHONPATH": str(_HERE.parent)}
            self._server = subprocess.Popen(
                outer_command(command, self._readable, hidden=self._hidden, environment=environment),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        return self

    @property
    def process(self) -> int:
        """The number of the outermost process of the room."""
        return self._server.pid

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._requests.close()
        try:
            self._server.wait(10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def run(
        self,
        source: str,
        limits: Limits | None = None,
        *,
        facts: dict[str, Any] | None = None,
        during: Callable[[socket.socket, Any], None] | None = None,
        patience: float = 120.0,
    ) -> Tried:
        """Run source as a candidate that finds `facts` and `say` defined, and wait for its end, at most patience seconds.

        during(control, value): called with everything it says. Raises CourseError when the server or the room fails.
        """
        request = {"source": source, "limits": asdict(limits or Limits()), "facts": facts or {}}
        control, their_control = socket.socketpair()
        answers, their_answers = socket.socketpair()
        with control, answers:
            with their_control, their_answers:
                ends = [their_control.fileno(), their_answers.fileno()]
                try:
                    socket.send_fds(self._requests, [json.dumps(request).encode()], ends)
                except OSError as error:
                    raise CourseError(f"the room's server has ended ({error}). Run: course doctor") from None
            return _listen(control, answers, during or (lambda *_: None), time.monotonic() + patience)


def _listen(
    control: socket.socket, answers: socket.socket, during: Callable[[socket.socket, Any], None], deadline: float
) -> Tried:
    inbox = {control: b"", answers: b""}
    waiting = [control, answers]
    said: list[Any] = []
    while control in waiting:
        ready, _, _ = select.select(waiting, [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise CourseError("the room's server did not answer in time. Run: course doctor")
        for end in ready:
            received = b""
            with contextlib.suppress(ConnectionError):
                received = end.recv(65536)
            if not received:
                waiting.remove(end)
            *lines, inbox[end] = (inbox[end] + received).split(b"\n")
            for message in map(json.loads, lines):
                if end is answers:
                    said.append(message)
                    during(control, message)
                elif "ended" in message:
                    return Tried(said + _rest(answers, inbox[answers]), message)
    raise CourseError("the room's server ended without an answer. Run: course doctor")


def _rest(answers: socket.socket, inbox: bytes) -> list[Any]:
    """What was said before the end and not read yet: nobody can say more now. Raises CourseError if somebody could."""
    answers.settimeout(_LINGER)
    try:
        while received := answers.recv(65536):
            inbox += received
    except TimeoutError:
        raise CourseError("something that a candidate started outlived it") from None
    return [json.loads(line) for line in inbox.split(b"\n")[:-1]]
