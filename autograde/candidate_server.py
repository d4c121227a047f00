"""The warm process that candidates are forked from: it has imported what notebooks need, and never runs student code itself.

python -m autograde.candidate_server FD: each message on the socket FD brings two sockets, one to talk with the candidate,
one to watch over it; the answer is one byte when the candidate is on its way.
"""

import contextlib
import gc
import os
import random
import signal
import socket
import sys
from pathlib import Path

import numpy as np
import torch

from autograde.candidate import Candidate
from autograde.shell import Shell
from autograde.wire import Closed, Pipe


def threads() -> int:
    """How many threads this process has."""
    return len(list(Path("/proc/self/task").iterdir()))


def serve(connection: socket.socket) -> None:
    """Fork a candidate for each message, until the connection is closed."""
    shell = Shell()
    gc.collect()
    gc.freeze()
    connection.send(b"ready")
    while True:
        message, sockets, *_ = socket.recv_fds(connection, 64, 2)
        if not message:
            return
        while True:  # wardens that have ended
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(-1, os.WNOHANG)[0]:
                    continue
            break
        if threads() != 1:
            raise RuntimeError("a process with threads cannot be forked safely")
        if os.fork() == 0:
            connection.close()
            _become_candidate(shell, *sockets)
        for number in sockets:
            os.close(number)
        connection.send(b".")


def _become_candidate(shell: Shell, pipe: int, _control: int) -> None:
    try:
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(quiet, number)
        random.seed()
        np.random.seed()
        torch.seed()
        Candidate(Pipe(socket.socket(fileno=pipe)), shell).serve()
    except Closed:
        pass
    finally:
        os._exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(socket.socket(fileno=int(sys.argv[1])))
