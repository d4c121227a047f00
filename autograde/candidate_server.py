"""The warm process that candidates are forked from: it has imported what notebooks need, and runs no student code itself.

python -m autograde.candidate_server FD sealed|open: each message on the socket FD brings the limits, and two sockets: the
pipe on which the candidate is examined, and the control of its warden. It ends when the other end of FD closes.
"""

import contextlib
import functools
import json
import os
import random
import signal
import socket
import sys

import numpy as np
import torch

from autograde.candidate import Candidate
from autograde.forking import load, settle
from autograde.limits import Limits
from autograde.pipe import Closed, Pipe
from autograde.shell import Shell
from autograde.warden import host

#: What notebooks import, besides what the candidate itself does.
_PRELOADED = (
    "matplotlib.pyplot", "matplotlib_inline.backend_inline", "scipy.special", "pandas", "tqdm.auto",
    "torch._dynamo", "torchvision", "safetensors.torch", "helpers.data", "helpers.figures", "helpers.image_figures",
    "helpers.search", "helpers.training", "helpers.training_figures", "helpers.weights",
)  # fmt: skip


def serve(requests: socket.socket, *, sealed: bool) -> None:
    """Fork a warden, and with it a candidate, for each request, until the other end closes. sealed: see warden.host."""
    load(_PRELOADED)
    shell = Shell()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries wardens
    settle()
    requests.send(b"ready")
    while True:
        text, received, _, _ = socket.recv_fds(requests, 4096, 2)
        if not text:
            return
        pipe, control = received
        os.write(control, b"seen\n")  # rooms.SEEN
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            requests.close()
            work = functools.partial(_examined, shell, pipe)
            host(work, Limits(**json.loads(text)), socket.socket(fileno=control), keep=[pipe], sealed=sealed)
        os.close(pipe)
        os.close(control)


def _examined(shell: Shell, pipe: int) -> None:
    """In the candidate: what it has of its own, then the examination."""
    random.seed()
    np.random.seed()
    torch.seed()
    with contextlib.suppress(Closed):
        Candidate(Pipe(socket.socket(fileno=pipe)), shell).serve()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sealed=sys.argv[2] != "open")
    os._exit(0)  # libraries take seconds to tidy up
