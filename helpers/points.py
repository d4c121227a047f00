"""Where am I? The exercises of a notebook with their points, at its top; each is marked when its check passes."""

import json
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from IPython import get_ipython
from IPython.display import display

from helpers.cards import LOOKS, somebody_reads

_CHECKED = re.compile(r'^with exercise\("([^"]+)"\)', re.MULTILINE)
_BY_HAND = ("✎", "#767676")
_WORDS = {"passed": "its check passes", "wrong": "its check fails", "open": "not checked yet"}


@dataclass
class Strip:
    """points: those of each exercise; by_hand: the exercises that a person marks; outcomes: how the last check of each went."""

    points: dict[str, float]
    by_hand: frozenset[str] = frozenset()
    outcomes: dict[str, str] = field(default_factory=dict)
    shown: Any = None

    def note(self, run: Any) -> None:
        """What IPython calls after each cell that was run: did a check pass?"""
        checked = set(_CHECKED.findall(run.info.raw_cell or "")) & self.points.keys()
        for exercise in checked:
            undone = isinstance(run.error_in_exec, NotImplementedError)
            self.outcomes[exercise] = "passed" if run.success else "open" if undone else "wrong"
        if checked and self.shown is not None:
            self.shown.update(self)

    @property
    def summary(self) -> str:
        """The points whose checks pass, of those that have checks, and those marked by hand."""
        ours = {name: points for name, points in self.points.items() if name not in self.by_hand}
        passed = sum(points for name, points in ours.items() if self.outcomes.get(name) == "passed")
        written = sum(self.points[name] for name in self.by_hand)
        return f"Checks pass for {passed:g} of {sum(ours.values()):g} points" + (
            f"; {written:g} more are marked by hand." if written else "."
        )

    def __repr__(self) -> str:
        lines = [f"{self._look(name)[0]} {name} ({points:g})" for name, points in self.points.items()]
        return "\n".join((self.summary, "  ".join(lines)))

    def _repr_html_(self) -> str:
        items = "".join(self._item(name, points) for name, points in self.points.items())
        return (
            f'<div role="status"><strong>{self.summary}</strong>'
            f'<ul style="display:flex;flex-wrap:wrap;gap:0.3em;list-style:none;padding:0;margin:0.4em 0">{items}</ul></div>'
        )

    def _item(self, name: str, points: float) -> str:
        sign, colour = self._look(name)
        told = "marked by hand" if name in self.by_hand else _WORDS[self.outcomes.get(name, "open")]
        return (
            f'<li style="border:1px solid {colour};border-radius:0.3em;padding:0 0.5em;white-space:nowrap" title="{told}">'
            f'<span role="img" aria-label="{told}:" style="color:{colour};font-weight:bold">{sign}</span> '
            f"{escape(name)} · {points:g}</li>"
        )

    def _look(self, name: str) -> tuple[str, str]:
        return _BY_HAND if name in self.by_hand else LOOKS[self.outcomes.get(name, "open")]


def show_points(notebook: str, folder: str | Path = ".") -> None:
    """Show the exercises of this notebook with their points, and mark each when its check was run.

    notebook: its file's name. Where nobody reads it, nothing is shown.
    """
    if not somebody_reads():
        return
    strip = _read(Path(folder, notebook))
    if strip is None:
        print(
            f"{notebook} is not in this folder under that name, so its points are not shown. Nothing else needs them."
        )
        return
    events = get_ipython().events
    for callback in list(events.callbacks["post_run_cell"]):
        if isinstance(getattr(callback, "__self__", None), Strip):  # this cell was run before
            strip.outcomes = callback.__self__.outcomes
            events.unregister("post_run_cell", callback)
    strip.shown = display(strip, display_id=True)
    events.register("post_run_cell", strip.note)


def _read(path: Path) -> Strip | None:
    """The strip of a notebook file; None where it cannot be read."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        graded = [cell["metadata"]["nbgrader"] for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
        points = {about["grade_id"].removesuffix("-test"): float(about["points"]) for about in graded}
        return Strip(points, frozenset(about["grade_id"] for about in graded if about["solution"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
