"""Run notebooks of this folder as in a browser: `python as_in_browser.py NOTEBOOK... < names`; errors go to failed.json.

Python in a browser, Pyodide, has no processes and no threads, lacks some of the standard library, and has only those packages
that its lock names (here read from standard input). Here it is the same; what asks for more fails as it does there.
"""

import importlib.abc
import json
import os
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.run_cell import run_cell

#: Modules of the standard library that Pyodide 314.0.6 cannot import, as it told in Chromium.
MISSING = frozenset({
    "_curses", "_curses_panel", "_dbm", "_gdbm", "_hashlib", "_interpchannels", "_interpqueues", "_interpreters",
    "_multiprocessing", "_posixshmem", "_tkinter", "_uuid", "curses", "dbm", "ensurepip", "grp", "msvcrt", "pty", "pwd",
    "readline", "syslog", "tkinter", "turtle", "venv", "winreg", "winsound",
})  # fmt: skip


class OnlyWhatIsThere(importlib.abc.MetaPathFinder):
    """Finds what a browser has, where the finders that were there find it."""

    def __init__(self, finders: Sequence[Any], packages: set[str]) -> None:
        self.finders, self.there = tuple(finders), sys.stdlib_module_names - MISSING | packages | {"helpers"}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's spec; None, as for any module that is not installed, for all else."""
        if path is None and name not in self.there:
            return None
        return next(filter(None, (finder.find_spec(name, path, target) for finder in self.finders)), None)


def refuse(error: type[Exception], said: str) -> Callable:
    """A function that only raises."""

    def function(*_: Any, **__: Any) -> None:
        raise error(said)

    return function


def become_a_browser(packages: set[str]) -> None:
    """Take from this process what a browser does not have."""
    sysconfig.get_config_vars()  # SciPy asks for them; they are in a file with the platform in its name
    for name in MISSING:
        sys.modules.pop(name, None)
    sys.platform = "emscripten"
    sys.meta_path[:] = [OnlyWhatIsThere(sys.meta_path, packages)]
    threading.Thread.start = refuse(RuntimeError, "can't start new thread")
    subprocess.Popen.__init__ = refuse(OSError, "emscripten does not support processes.")
    for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp", "system"):
        setattr(os, name, refuse(OSError, "emscripten does not support processes."))


def run(path: Path) -> dict[str, str]:
    """Run a notebook's code cells, one after the other, in one namespace; returns the errors by cell."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    failed = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            try:
                run_cell("".join(cell["source"]), f"<{cell['id']}>", namespace)
            except Exception as error:
                failed[cell["id"]] = f"{type(error).__name__}: {error}"
    return failed


def draw_fewer(share: int) -> None:
    """Make the built-in set of images smaller: one core has no time for all of it."""
    from helpers import synthetic

    draw = synthetic.synthetic_images
    synthetic.synthetic_images = lambda count, rng: draw(count // share, rng)


if __name__ == "__main__":
    become_a_browser(set(json.loads(sys.stdin.read())))
    draw_fewer(7)
    errors = {}
    for notebook in sys.argv[1:]:
        errors |= run(Path(notebook))
    Path("failed.json").write_text(json.dumps(errors))
