"""What every measurement is made of: sides that are measured in turns, so that whatever slows the machine slows all of them."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its name in results and tables, how many turns it gets, and about how many seconds one takes.

    The seconds are those of two quiet cores: the progress bar and the budget go by them.
    """

    name: str
    turns: int
    seconds: float


#: Measures once: numbers by name, such as {"wall": 1.5}.
Run = Callable[[], Mapping[str, float]]
#: Around each turn of a side: shows that it is under way.
Progress = Callable[[Side, int], AbstractContextManager[None]]
Results = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One measurement of several: `measure(sides, progress)` returns what is kept as results/<name>.json.

    asked: it takes long, and is only done when it is named.
    """

    name: str
    sides: tuple[Side, ...]
    measure: Callable[[Sequence[Side], Progress], Results]
    asked: bool = False

    @property
    def seconds(self) -> float:
        """About how long it takes on two quiet cores."""
        return sum(side.turns * side.seconds for side in self.sides)


class NotHere(Exception):
    """What is to be compared with is not on this machine; the message says how to get it."""


def in_turns(
    sides: Iterable[Side], runs: Mapping[str, Run], progress: Progress = lambda _side, _turn: nullcontext()
) -> dict[str, dict[str, list[float]]]:
    """The numbers of each side, a list with one for each of its turns; sides without a run are left out."""
    wanted = [side for side in sides if side.name in runs]
    measured: dict[str, dict[str, list[float]]] = {side.name: defaultdict(list) for side in wanted}
    for turn in range(max((side.turns for side in wanted), default=0)):
        for side in wanted:
            if turn < side.turns:
                with progress(side, turn):
                    numbers = runs[side.name]()
                for name, value in numbers.items():
                    measured[side.name][name].append(float(f"{value:.4g}"))
    return measured


def clocked(work: Callable[[], object]) -> Run:
    """A run that takes the time of some work."""

    def run() -> dict[str, float]:
        began = time.perf_counter()
        work()
        return {"wall": time.perf_counter() - began}

    return run
