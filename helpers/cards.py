"""What a check tells, in colour for whoever sits before a notebook; the same words as text wherever there is no colour."""

from dataclasses import dataclass
from html import escape

from IPython import get_ipython

#: The sign and the colour of each outcome: told apart with any kind of colour vision, and by the sign alone.
LOOKS = {"passed": ("✓", "#0072B2"), "wrong": ("✗", "#D55E00"), "open": ("…", "#767676")}
#: Lines that stand under each other in columns, or quote code.
_FIXED = ("yours ", "expected ", "in `")

_LINES = "line-height:1.5;word-break:normal;overflow-wrap:anywhere"


@dataclass(frozen=True)
class Card:
    """One verdict. outcome: passed, wrong or open; lines: what is told, the likely mistake last."""

    outcome: str
    exercise: str
    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join((f"{LOOKS[self.outcome][0]} {self.exercise}: {self.lines[0]}", *self.lines[1:]))

    def _repr_html_(self) -> str:
        sign, colour = LOOKS[self.outcome]
        first, *more = (escape(line) for line in self.lines)
        fixed = "white-space:pre-wrap;font-family:monospace"
        told = "".join(f'<div style="{fixed if line.startswith(_FIXED) else ""}">{line}</div>' for line in more)
        return (
            f'<div role="status" style="border-left:0.3em solid {colour};padding:0.2em 0.8em;{_LINES}">'
            f'<strong><span style="color:{colour}">{sign}</span> {escape(self.exercise)}</strong> {first}{told}</div>'
        )


def somebody_reads() -> bool:
    """Whether a person runs this in a notebook: then the kernel may ask for input, which no program that runs notebooks allows."""
    return getattr(getattr(get_ipython(), "kernel", None), "_allow_stdin", False)
