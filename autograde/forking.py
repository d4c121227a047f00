"""What makes a process fit to fork others from: everything is imported, nothing moves in memory, there is one thread."""

import gc
import importlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

from autograde import libc


def load(modules: Iterable[str]) -> None:
    """Import modules, so that no fork has to."""
    for module in modules:
        importlib.import_module(module)


def settle() -> None:
    """Prepare for forks. Raises RuntimeError when there are threads."""
    keep_still()
    names = [Path(task, "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    if len(names) > 1:  # a lock that another thread holds would stay locked for ever
        raise RuntimeError(f"a library started threads when it was imported: {', '.join(names)}")


def keep_still() -> None:
    """Have no collection of garbage look at what there is now: in a fork it would copy every page."""
    gc.collect()
    gc.freeze()


def end_with(parent: int) -> None:
    """Have the kernel kill this process when the one that started it ends."""
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
