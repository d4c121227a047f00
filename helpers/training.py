"""Watching a training: a progress bar, a figure that grows, and the history behind it."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from IPython.display import display
from tqdm import tqdm

from helpers.training_figures import plot_training

_SECONDS_BETWEEN_FIGURES = 3.0
#: tqdm's own without the rate, with which a line with two accuracies is wider than a notebook.
_BAR = "{desc}: {percentage:3.0f}%|{bar:10}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}{postfix}]"


@dataclass
class History:
    """What was measured: a loss for each step; and, at the steps in `measured`, accuracies (0 to 1) and update ratios."""

    losses: list[float] = field(default_factory=list)
    measured: list[int] = field(default_factory=list)
    accuracies: dict[str, list[float]] = field(default_factory=dict)
    update_ratios: dict[str, list[float]] = field(default_factory=dict)


class TrainingCurve:
    """Hand it to `train` as on_step: it measures, shows a progress bar, and redraws its figure while the training runs.

    steps: how many there will be. accuracies: what to measure, functions of the parameters that return a number from 0 to 1.
    every: measure after this many steps. unit: what a step is. Its `history` holds all that was measured.
    """

    def __init__(
        self,
        steps: int,
        accuracies: Mapping[str, Callable[[Any], float]],
        *,
        every: int = 1,
        unit: str = "iteration",
        title: str = "Training",
    ) -> None:
        self.history = History(accuracies={name: [] for name in accuracies})
        self._steps, self._functions, self._every = steps, accuracies, max(every, 1)
        self._unit, self._title = unit, title
        self._bar = tqdm(total=steps, desc=title, bar_format=_BAR, file=sys.stdout, mininterval=0.5)
        self._figure: Any = None
        self._drawn = time.monotonic()
        self._before: dict[str, np.ndarray] = {}

    def __call__(self, step: int, loss: float, params: Any) -> None:
        """Note the loss of a step (from 0 on) and the parameters after it."""
        self.history.losses += [float(loss)]
        last = step + 1 >= self._steps
        if (step + 1) % self._every == 0 or last:
            self._measure(step, params)
        elif (step + 2) % self._every == 0 or step + 2 >= self._steps:
            self._before = _copies(params)
        self._bar.update()
        if last:
            self._bar.close()
        if last or time.monotonic() - self._drawn > _SECONDS_BETWEEN_FIGURES:
            self._draw()

    def _measure(self, step: int, params: Any) -> None:
        self.history.measured.append(step)
        for name, function in self._functions.items():
            self.history.accuracies[name].append(float(function(params)))
        for name, ratio in update_ratios(self._before, _copies(params)).items():
            self.history.update_ratios.setdefault(name, []).append(ratio)
        shown = {name: f"{values[-1]:.1%}" for name, values in self.history.accuracies.items()}
        self._bar.set_postfix(loss=f"{self.history.losses[-1]:.3g}", **shown)

    def _draw(self) -> None:
        picture = plot_training(self.history, self._unit, self._title)
        if self._figure is None:
            self._bar.clear()  # from here on it is shown below the figure, and none must stand still above it
            self._figure = display(picture, display_id=True)
        else:
            self._figure.update(picture)
        self._drawn = time.monotonic()


def update_ratios(before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray]) -> dict[str, float]:
    """For each weight matrix W*: the length of its last update over its own length. About 1e-3 is healthy."""
    return {
        name: float(np.linalg.norm(after[name] - before[name]) / max(np.linalg.norm(before[name]), 1e-30))
        for name in before
        if name.startswith("W") and name in after
    }


def _copies(params: Any) -> dict[str, np.ndarray]:
    """The weights of a dict of arrays, copied, in case they are changed in place; of anything else nothing."""
    return (
        {name: value.copy() for name, value in params.items() if name.startswith("W")}
        if isinstance(params, dict)
        else {}
    )
