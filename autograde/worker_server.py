"""The warm process that workers are forked from: it has imported everything, and has a server of rooms that all of them use.

python -m autograde.worker_server FD PARENT sealed|open: each message on the socket FD brings a new worker's connection, on which
comes, as JSON, the worker's number together with a descriptor of its process, or why there can be none; then see `worker.serve`.
It ends when the other end of FD closes, or when the process PARENT, which started it, ends. open: without rooms.
"""

import json
import multiprocessing.connection
import os
import signal
import socket
import sys
from typing import NoReturn

from autograde.course import CourseError
from autograde.forking import end_with, load, settle
from autograde.rooms import Server

#: What workers need, and what tests, and the given cells that they need, import: else it costs each examiner up to a second.
_PRELOADED = (
    "autograde.worker", "autograde.truth", "autograde.truth_torch", "helpers.figures", "helpers.image_figures",
    "helpers.networks", "helpers.search", "helpers.training", "helpers.training_figures", "helpers.weights",
    "safetensors.torch", "scipy.special", "tqdm.auto",
)  # fmt: skip


def serve(requests: socket.socket, *, isolated: bool) -> None:
    """Fork a worker for each request, until the other end closes. Why there is no room is told on each connection."""
    server, complaint = Server(isolated=isolated), ""
    try:
        server.start()  # it imports as long as this process does: at the same time
        load(_PRELOADED)
        server.wait()
    except CourseError as error:
        complaint = str(error)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries workers
    settle()
    parent = os.getpid()
    while True:
        text, received, _, _ = socket.recv_fds(requests, 16, 1)
        if not text:
            return
        with socket.socket(fileno=received[0]) as connection:
            if complaint:
                connection.sendall(json.dumps({"error": complaint}).encode())
            elif os.fork() == 0:
                requests.close()
                _work(connection, server, parent)


def _work(connection: socket.socket, server: Server, parent: int) -> NoReturn:
    from autograde.worker import serve  # loaded after the server of rooms was started

    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        end_with(parent)
        handle = os.pidfd_open(os.getpid())
        socket.send_fds(connection, [json.dumps({"pid": os.getpid()}).encode()], [handle])
        os.close(handle)
        serve(multiprocessing.connection.Connection(connection.detach()), server)
    finally:
        os._exit(0)


def main() -> None:
    """Serve as the command line says."""
    end_with(int(sys.argv[2]))
    serve(socket.socket(fileno=int(sys.argv[1])), isolated=sys.argv[3] != "open")
    os._exit(0)  # libraries take seconds to tidy up


if __name__ == "__main__":
    main()
