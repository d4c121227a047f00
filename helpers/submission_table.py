"""What was packed, exercise by exercise, and the short table of it: for a terminal, and for a notebook."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

#: What the student's run says of an exercise.
PASSES, FAILS, NOT_ATTEMPTED = "passes", "fails", "not attempted"
BY_HAND, NO_WEIGHTS, NOT_CHECKED = "by hand", "weights missing", "not checked"
#: Why, where the checks were not run again: the saved output, which may be older than the answer, is all there is.
AS_SEEN = "as seen"
_WIDTH = 110
_WRITTEN = "written by hand: to be marked"
_RED = "color:var(--jp-error-color0, #b3261e)"
_STYLE = {FAILS: _RED, NO_WEIGHTS: _RED}


@dataclass(frozen=True)
class Row:
    """One exercise. why: one line for the student; cause: the same for the receipt, without a word of the student's code."""

    exercise: str
    points: float
    state: str
    why: str = ""
    cause: str = ""
    seen: str = ""


@dataclass(frozen=True)
class Packed:
    """What was packed: rows by notebook's name, when each was saved, and what else the student should know."""

    path: Path
    size: int
    members: tuple[str, ...]
    rows: Mapping[str, tuple[Row, ...]]
    saved: Mapping[str, float]
    notes: tuple[str, ...] = ()
    interrupted: bool = False
    seconds: float = field(default=0.0, compare=False)

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


def as_text(packed: Packed) -> str:
    """The table as plain text."""
    lines = [_headline(packed), ""]
    for notebook, summary, rows in _parts(packed):
        lines.append(f"  {notebook}  {summary}")
        for row in rows:
            text = f"    {row.exercise:<22} {row.points:>3g}  {_state(row)}"
            lines.append(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")
    notes = [*packed.notes, _advice(packed)]
    return "\n".join([*lines, "", *notes])


def as_html(packed: Packed) -> str:
    """The table as HTML without a script; everything in it is escaped."""
    body = []
    for notebook, summary, rows in _parts(packed):
        body.append(
            f'<tr><th style="text-align:left" scope="rowgroup">{escape(notebook)}</th>'
            f'<td colspan="3" style="text-align:left">{escape(summary)}</td></tr>'
        )
        for row in rows:
            style = _STYLE.get(row.state, "")
            body.append(
                f'<tr><td></td><td style="text-align:left"><code>{escape(row.exercise)}</code></td><td>{row.points:g}</td>'
                f'<td style="text-align:left;{style}">{escape(_state(row))}</td></tr>'
            )
    head = "".join(
        f'<th scope="col" style="text-align:left">{name}</th>' for name in ("notebook", "exercise", "points", "state")
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in (*packed.notes, _advice(packed)))
    return (
        f"<p><b>{escape(_headline(packed))}</b></p><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table><ul>{notes}</ul>"
    )


def _headline(packed: Packed) -> str:
    notebooks = sum(name.endswith(".ipynb") for name in packed.members)
    weights = [name for name in packed.members if name.endswith((".npz", ".safetensors"))]
    holds = [f"{notebooks} notebook{'s' * (notebooks != 1)}", *weights, "the receipt"]
    return f"{packed.path.name} is written ({_size(packed.size)}): {', '.join(holds)}."


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def _parts(packed: Packed) -> Iterator[tuple[str, str, list[Row]]]:
    """For each notebook its name, a summary, and the rows that are not simply right."""
    for notebook, rows in packed.rows.items():
        passed = [row for row in rows if row.state == PASSES]
        points = f"{sum(row.points for row in passed):g} of {sum(row.points for row in rows):g} points"
        saved = time.strftime("%H:%M:%S", time.localtime(packed.saved[notebook]))
        summary = (
            f"{len(passed)} of {len(rows)} exercises pass, {points} (as saved at {saved})" if rows else "cannot be read"
        )
        yield notebook, summary, [row for row in rows if row.state != PASSES]


def _state(row: Row) -> str:
    state = _WRITTEN if row.state == BY_HAND else row.state
    return f"{state}: {row.why}" if row.why else state


def _advice(packed: Packed) -> str:
    if packed.interrupted:
        return "You stopped the checks. The archive is whole all the same, and can be handed in."
    return (
        f"Checked in {packed.seconds:.0f} s. Hand in {packed.path.name}. Changed something? Save, and run this again."
    )
