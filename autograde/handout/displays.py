"""Displayed equations in Markdown: where they stand, their rows, and their numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_FENCED = r"^[ \t>]*(?P<fence>```+|~~~+)[^\n]*\n.*?(?:^[ \t>]*(?P=fence)`*~*[ \t]*$|\Z)"
_CODE = r"(?P<ticks>(?<!`)`+(?!`))(?:.+?)(?<!`)(?P=ticks)(?!`)"
_ROWS = ("align", "aligned", "gather", "gathered", "split", "alignat", "flalign", "eqnarray", "multline", "equation")
_BARE = r"\\begin\{(?P<name>" + "|".join(_ROWS) + r")(?P<star>\*?)\}.*?\\end\{(?P=name)(?P=star)\}"
#: Code hides mathematics; an escaped dollar is none.
_SCAN = re.compile(
    rf"(?P<code>{_FENCED}|{_CODE})|(?P<escape>\\[\\$`])|\$\$(?P<display>.*?)\$\$|(?P<bare>{_BARE})|\$\$(?P<open>.*)",
    re.DOTALL | re.MULTILINE,
)
_QUOTE = re.compile(r"\n[ \t]*(?:>[ \t]?)*")
_WHOLE = re.compile(r"\\begin\{(" + "|".join(_ROWS) + r")\*?\}(?:\{\d+\})?(.*)\\end\{\1\*?\}", re.DOTALL)
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
_UNNUMBERED = re.compile(r"\\(?:nonumber|notag)\b|\\label\{[^{}]*\}")
_ALIGNED = ("align", "aligned", "split", "alignat", "flalign", "eqnarray")


@dataclass(frozen=True)
class Row:
    """One row: its LaTeX without its number, and the number, empty if it has none."""

    tex: str
    number: str = ""


@dataclass(frozen=True)
class Display:
    """One displayed formula. aligned: whether its rows stand below each other at their & signs."""

    rows: tuple[Row, ...]
    aligned: bool

    @property
    def numbers(self) -> list[str]:
        """The numbers of its rows."""
        return [row.number for row in self.rows if row.number]

    @property
    def tex(self) -> str:
        """The LaTeX of all rows, without numbers."""
        if len(self.rows) == 1 and not self.aligned:
            return self.rows[0].tex
        name = "aligned" if self.aligned else "gathered"
        return rf"\begin{{{name}}} " + r" \\ ".join(row.tex for row in self.rows) + rf" \end{{{name}}}"


def one_line(text: str, changed: Callable[[str], str] = lambda tex: tex) -> str:
    """The Markdown with every displayed formula on one line between $$: no line of it can be taken for a list or a heading.

    changed: what else to do with the LaTeX of each. Formulas that stand as a bare environment, as JupyterLab shows them, get $$.
    """

    def line(match: re.Match) -> str:
        if match["code"] or match["escape"] or match["open"]:
            return match[0]
        tex = match["bare"] or match["display"]
        return f"$${changed(_QUOTE.sub(' ', tex).strip())}$$"

    return _SCAN.sub(line, text)


def displays(text: str) -> list[Display]:
    """Every displayed formula of a Markdown text, in order."""
    found: list[Display] = []
    one_line(text, lambda tex: (found.append(read_display(tex)), tex)[1])
    return found


def read_display(tex: str) -> Display:
    """The rows of a displayed formula."""
    whole = _WHOLE.fullmatch(tex.strip())
    if not whole:
        return Display((_row(tex),), aligned=False)
    rows = tuple(_row(part) for part in split_rows(whole[2]) if part.strip())
    return Display(rows or (_row(""),), aligned=whole[1] in _ALIGNED)


def _row(tex: str) -> Row:
    number = _TAG.search(tex)
    return Row(_UNNUMBERED.sub("", _TAG.sub("", tex)).strip(), number[1].strip() if number else "")


def split_rows(body: str) -> list[str]:
    r"""The parts between \\ that stand in no braces and no inner environment."""
    parts, depth = [""], 0
    for piece in re.findall(r"\\\\(?:\[[^\]]*\])?|\\begin\{|\\end\{|\\.|[{}]|[^\\{}]+", body, re.DOTALL):
        if piece.startswith(r"\\") and not depth:
            parts.append("")
            continue
        if piece == r"\begin{":
            depth += 2  # the brace after its name closes one of them, that after \end's the other
        elif piece == "{":
            depth += 1
        elif piece == "}":
            depth -= 1
        parts[-1] += piece
    return parts
