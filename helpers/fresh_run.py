"""A notebook's checks in a fresh process, from top to bottom, as at grading: nothing is left over from cells run before.

A cell that does not end, or ends the process, costs what depends on it: the rest runs once more without it.
"""

import ast
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: What a cell may take, here and at grading; and what a notebook may take here.
CELL_SECONDS, NOTEBOOK_SECONDS = 60.0, 300.0
#: So often a notebook is begun anew when a cell has ended its process.
_LIVES = 4
#: A browser has no processes.
POSSIBLE = sys.platform != "emscripten"
#: Until Python and what the first cell imports are there, on a slow disk.
_START_SECONDS = 120.0


@dataclass(frozen=True)
class Ended:
    """How a check ended. error: the exception's class, empty when it passed; said: its first line; name: what was not defined."""

    error: str = ""
    said: str = ""
    name: str = ""


@dataclass
class Run:
    """What a run brought: how checks ended, by the number of their cell, and why other cells did not end."""

    ended: dict[int, Ended] = field(default_factory=dict)
    stopped: dict[int, str] = field(default_factory=dict)
    whole: bool = True


def run_checks(
    sources: Sequence[str],
    running: Sequence[int],
    checks: Sequence[int],
    folder: Path,
    *,
    cell_seconds: float = CELL_SECONDS,
    notebook_seconds: float = NOTEBOOK_SECONDS,
    progress: Callable[[int], object] = lambda _: None,
) -> Run:
    """Run cells of a notebook, by number, in folder; checks are those of them to tell about.

    progress is called with each number that was not called before. Whole is False when it took more than notebook_seconds, or
    ended too often. However this ends, with KeyboardInterrupt too, the process it started does not go on.
    """
    run, deadline, seen = Run(), time.monotonic() + notebook_seconds, set()
    for _ in range(_LIVES):
        left = [number for number in running if number not in run.stopped]
        work = {"cells": [[number, sources[number]] for number in left], "checks": list(checks)}
        at, why = None, None
        with _Child(folder, work) as child:
            while why is None:
                seconds = _START_SECONDS if at is None else cell_seconds
                news = child.next(min(seconds, deadline - time.monotonic()))
                if news is None:
                    why = f"no end after {cell_seconds:g} s"
                elif "begins" in news:
                    at = news["begins"]
                    if at not in seen:
                        progress(at)
                    seen.add(at)
                elif "ended" in news:
                    number, *how = news["ended"]
                    run.ended.setdefault(number, Ended(*how))
                elif "done" in news:
                    return run
                else:
                    why = "it ended the notebook's process"
        if at is None or time.monotonic() >= deadline:
            break
        run.stopped[at] = why
        if at in checks:
            run.ended.setdefault(at, Ended("Stopped", why))
    run.whole = False
    return run


class _Child:
    """The process, as a context manager: it and what it started are gone afterwards."""

    def __init__(self, folder: Path, work: dict[str, Any]) -> None:
        kit = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, (kit, os.environ.get("PYTHONPATH"))))
        environment = os.environ | {
            "PYTHONPATH": path,
            "PYTHONIOENCODING": "utf-8",
            "MPLBACKEND": "agg",
            "IPYTHONDIR": str(folder / ".ipython"),
        }
        environment.pop("COURSE_SEED", None)
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us, who end it
        )
        self._news: queue.Queue[dict[str, Any]] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        with suppress(OSError):
            self._process.stdin.write(json.dumps(work).encode() + b"\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        with self._process.stdout as told:
            for line in told:
                with suppress(ValueError):
                    self._news.put(json.loads(line))
        self._news.put({})

    def next(self, seconds: float) -> dict[str, Any] | None:
        """What it tells next: {} when it has ended, None when it says nothing in time."""
        try:
            return self._news.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            return None

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._process.stdin.close()
        self._listener.join(1.0)  # not for ever: what the process started may hold the pipe


# --- In the process


def main() -> None:
    """Run the cells that standard input names, and tell on standard output; nothing that they print is in the way."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    asked = os.fdopen(os.dup(0), "rb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nothing, number)
    work = json.loads(_line(asked))
    threading.Thread(target=_end_with, args=(asked,), daemon=True).start()

    def tell(news: dict[str, Any]) -> None:
        told.write(json.dumps(news) + "\n")
        told.flush()

    shell = _shell()
    for number, source in work["cells"]:
        tell({"begins": number})
        result = shell.run_cell(source, store_history=True)
        if number in work["checks"]:
            tell({"ended": [number, *_how(result.error_before_exec or result.error_in_exec)]})
    tell({"done": True})
    os._exit(0)  # whatever threads there are


def _line(stream: Any) -> bytes:
    text = b""
    while not text.endswith(b"\n"):
        part = stream.read(1 << 16)
        if not part:
            os._exit(1)
        text += part
    return text


def _end_with(parent: Any) -> None:
    """End when the other end of the pipe is closed, as it is when the notebook's kernel was killed."""
    while parent.read(1):
        pass
    os._exit(1)


def _shell() -> Any:
    """IPython without a kernel, a history and a window."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        def enable_gui(self, gui: str | None = None) -> None:
            """Nothing: there is no window."""

        def showtraceback(self, *_: Any, **__: Any) -> None:
            """Nothing: nobody looks."""

        showsyntaxerror = showindentationerror = showtraceback

    return Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))


def _how(error: BaseException | None) -> tuple[str, str, str]:
    """How a check ended, for the other side: class, first line, and the name that was missing."""
    if error is None:
        return "", "", ""
    cause = error.__cause__ if isinstance(error.__cause__, NameError) else error
    said = str(getattr(error, "where", error)).strip().splitlines() or [""]
    return type(error).__name__, said[0][:300], str(getattr(cause, "name", "") or "")


def bound_names(source: str) -> set[str]:
    """The names that a cell gives a value to, those within its functions among them."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
