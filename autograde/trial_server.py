"""Inside the outer room: run given Python source, each piece as a candidate of its own. `trial.Trial` starts it."""

import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from autograde.breakout import namespaces
from autograde.limits import Limits
from autograde.warden import host

_LONGEST_REQUEST = 2**17


def serve(requests: socket.socket) -> None:
    """Fork a warden for each request, until the other end closes. A request carries two sockets: control and answers."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries wardens
    while True:
        text, received, _, _ = socket.recv_fds(requests, _LONGEST_REQUEST, 2)
        if not text:
            return
        control, answers = received
        if os.fork() == 0:
            requests.close()
            request = json.loads(text)
            request["facts"] |= {"answers": answers, "server": namespaces()}
            limits = Limits(**request["limits"])
            host(_work(request, answers), limits, socket.socket(fileno=control), keep=[answers])
        os.close(control)
        os.close(answers)


def _work(request: dict[str, Any], answers: int) -> Callable[[], None]:
    def say(value: object) -> None:
        os.write(answers, json.dumps(value).encode() + b"\n")

    def work() -> None:
        names = {"__name__": "__main__", "say": say, "facts": request["facts"]}
        try:
            exec(compile(request["source"], "<candidate>", "exec"), names)
        except BaseException as error:
            say({"raised": f"{type(error).__name__}: {error}"})
            raise

    return work


if __name__ == "__main__":
    for module in sys.argv[2:]:
        importlib.import_module(module)
    serve(socket.socket(fileno=int(sys.argv[1])))
