"""What `course grade` spends before the first notebook is examined, by part, and the cells of a notebook alone."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import chdir
from functools import partial
from pathlib import Path

from autograde.build import Built, as_text, read_course
from autograde.cells import SHOW_TAG, SKIP_TAG, is_test
from autograde.course import Course
from autograde.nursery import Nursery
from autograde.planted import answer, answers_of
from autograde.rooms import Server
from autograde.session import Session
from benchmarks.commands import ROOT, VARIABLES
from benchmarks.turns import Part, Progress, Results, Side, in_turns

NOTEBOOK = "02_backprop"
_ROOMS, _WORKERS = 20, 5

#: What the command imports itself.
IMPORTS = "import autograde.cli, autograde.diagnosis, autograde.grade, autograde.gradebook, autograde.screen, autograde.settings"
#: In a new interpreter, as the command does it.
_COORDINATOR = f"""
import time
times = [time.perf_counter()]
{IMPORTS}
times.append(time.perf_counter())
from pathlib import Path
from autograde.build import read_course
from autograde.course import Course
built = read_course(Course(Path()))
times.append(time.perf_counter())
from autograde.plan import plan
for item in built:
    plan(item.full)
times.append(time.perf_counter())
import json
print(json.dumps([after - before for before, after in zip(times, times[1:])]))
"""

#: The same shell as in a room, but without room, pipe and stand-ins.
_BARE = """
import sys, time
import autograde.truth, autograde.truth_torch
from autograde import candidate_server, worker_server
from autograde.forking import load
load((*candidate_server._PRELOADED, *worker_server._PRELOADED))
shell = candidate_server.Shell()
began = time.perf_counter()
for source in sys.argv[1:]:
    shell.run(source)
print(time.perf_counter() - began)
"""


def measure(sides: Sequence[Side], progress: Progress) -> Results:
    """Seconds of each part."""
    (item,) = (item for item in read_course(Course(ROOT)) if item.name == NOTEBOOK)
    runs = {"coordinator": coordinator, "rooms": rooms, "workers": workers, "cells": partial(bare, item)}
    return {"notebook": NOTEBOOK, "sides": in_turns(sides, runs, progress)}


def coordinator() -> dict[str, float]:
    """An empty interpreter; then, in another one, what the command imports, reads and plans."""
    began = time.perf_counter()
    _python("pass")
    interpreter = time.perf_counter() - began
    imports, reading, planning = json.loads(_python(_COORDINATOR).splitlines()[-1])
    return {"interpreter": interpreter, "imports": imports, "reading": reading, "planning": planning}


def rooms() -> dict[str, float]:
    """A server of rooms that is ready, and the median of rooms with a candidate that answers."""
    began, taken = time.perf_counter(), []
    with Server() as server:
        ready = time.perf_counter() - began
        for _ in range(_ROOMS):
            began = time.perf_counter()
            session = Session(server.open())
            session.ask("names", [])
            taken.append(time.perf_counter() - began)
            session.close()
    return {"server of rooms": ready, "room": statistics.median(taken)}


def workers() -> dict[str, float]:
    """A nursery, with its server of rooms, and its first worker; the median of further workers."""
    began, made = time.perf_counter(), []
    nursery = Nursery()
    try:
        made.append(nursery.fork())
        ready, taken = time.perf_counter() - began, []
        for _ in range(_WORKERS):
            began = time.perf_counter()
            made.append(nursery.fork())
            taken.append(time.perf_counter() - began)
        for worker in made:
            worker.end()
    finally:
        nursery.close()
    return {"first worker": ready, "further worker": statistics.median(taken)}


def bare(item: Built) -> dict[str, float]:
    """The cells of a notebook that grading runs, answers and tests, everything imported, without rooms."""
    notebook = answer(item, answers_of(item.full))
    tests = [cell for cell in item.full.cells if is_test(cell)]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_test(cell)] + tests
    sources = [cell.source for cell in cells if not {SKIP_TAG, SHOW_TAG} & set(cell.metadata.get("tags", []))]
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path(item.filename).write_text(as_text(notebook), encoding="utf-8")
        return {"cells": float(_python(_BARE, *sources, folder=Path(folder)).split()[-1])}


def _python(program: str, *arguments: str, folder: Path = ROOT) -> str:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=folder, env=os.environ | VARIABLES, capture_output=True, text=True, check=True)
    return done.stdout


PART = Part(
    "startup",
    (Side("coordinator", 3, 3), Side("rooms", 3, 8), Side("workers", 3, 6), Side("cells", 3, 6)),
    measure,
)
