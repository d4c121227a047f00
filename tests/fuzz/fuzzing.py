"""How targets are fuzzed: with Hypothesis, and a watch on the time and the memory that each example takes.

A few fixed examples as part of the tests; with FUZZ_MINUTES=5, other ones for five minutes a target (`make fuzz`), which keeps
what failed in .fuzz/, out of git, and tries that first.
"""

import faulthandler
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Verbosity, given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.errors import HypothesisWarning
from hypothesis.strategies import SearchStrategy

MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
#: Seconds of processor time after which an example hangs: the run ends there and says where. None needs a tenth of it.
HANGS = 60
#: MB by which one example may let this process grow, unless a target says another bound.
MEMORY = 300
_FOLDER = Path(__file__).parents[2] / ".fuzz"
_ALL = {"deadline": None, "suppress_health_check": list(HealthCheck)}
_FEW = settings(derandomize=True, database=None, **_ALL)
_MANY = settings(
    database=DirectoryBasedExampleDatabase(_FOLDER),
    verbosity=Verbosity.quiet,
    max_examples=1000,
    print_blob=True,
    **_ALL,
)
# In a loop of C code, too, where Python runs no handler; then the signal ends the process.
faulthandler.register(signal.SIGVTALRM, sys.__stderr__, chain=True)
#: Examples that ran, by target, and the seconds they took.
ran: dict[str, tuple[int, float]] = {}


def fuzz(*strategies: SearchStrategy, examples: int = 40, memory: int = MEMORY) -> Callable:
    """Make a test a target: it is called with what the strategies draw. examples: how many of them are tests.

    memory: MB by which an example may let this process grow, for a moment or for good.
    """

    def decorate(test: Callable) -> Callable:
        @wraps(test)
        def watched(*drawn: Any, **named: Any) -> None:
            count, seconds = ran.get(test.__name__, (0, 0.0))
            began = time.monotonic()
            signal.setitimer(signal.ITIMER_VIRTUAL, HANGS)
            before = _memory(reset=True)
            try:
                test(*drawn, **named)
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
                ran[test.__name__] = count + 1, seconds + time.monotonic() - began
            grown = _memory() - before
            assert grown <= memory, f"took {grown} MB, more than {memory}"

        def target() -> None:
            warnings.simplefilter("ignore", HypothesisWarning)  # what fails may be long; pytest restores this
            if not MINUTES:
                settings(_FEW, max_examples=examples)(given(*strategies)(watched))()
                return
            end = time.monotonic() + 60 * MINUTES
            while time.monotonic() < end:
                _MANY(seed(random.getrandbits(64))(given(*strategies)(watched)))()

        target.__name__, target.__doc__, target.__module__ = test.__name__, test.__doc__, test.__module__
        return target

    return decorate


def _memory(*, reset: bool = False) -> int:
    """The most MB of memory that this process had since the last reset; always 0 where the system does not tell."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return 0
