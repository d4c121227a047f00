"""Rooms for candidates, opened one after the other by a warm server."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from autograde.wire import Pipe

_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


class Server:
    """A running candidate server."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path(__file__).parents[1]), **_ONE_THREAD}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograde.candidate_server", str(theirs.fileno())],
            pass_fds=[theirs.fileno()], env=environment, cwd="/tmp/w/scratch", start_new_session=True,
        )
        theirs.close()
        assert self._socket.recv(64) == b"ready"

    def open(self) -> "Room":
        pipe, theirs = socket.socketpair()
        control, their_control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        socket.send_fds(self._socket, [b"open"], [theirs.fileno(), their_control.fileno()])
        theirs.close(); their_control.close()
        self._socket.recv(64)
        return Room(Pipe(pipe), control)

    def close(self) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait()


class Room:
    def __init__(self, pipe, control):
        self.pipe, self._control = pipe, control

    def interrupt(self):
        pass

    def close(self):
        self.pipe.close()
        return "killed"
