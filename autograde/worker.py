"""A worker does jobs, one after the other, each in a process of its own; it runs nothing of anybody's itself."""

import contextlib
import multiprocessing.connection
import pickle

from autograde.examination_process import examine
from autograde.job import Outcome
from autograde.rooms import Server


def serve(connection: multiprocessing.connection.Connection, server: Server) -> None:
    """Do the jobs that come, until the other end closes. Messages out: None as a sign of life, outcomes as texts."""

    def say(message: str | None) -> None:
        connection.send_bytes(pickle.dumps(message))

    with contextlib.suppress(EOFError, OSError):
        while True:
            job = pickle.loads(connection.recv_bytes())
            try:
                outcome = examine(job, server, lambda: say(None))
            except OSError as error:  # such as a full disk, or a temporary folder that somebody has cleaned away
                outcome = Outcome(failed=f"it could not be examined ({error.strerror or error})")
            say(outcome.as_json())
