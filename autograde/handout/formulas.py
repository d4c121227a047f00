"""LaTeX formulas in Typst's mathematics: pandoc's converter, and repairs of what it drops or breaks (each seen to happen)."""

import re
import time
from collections.abc import Iterable

from autograde.handout.displays import Display
from autograde.handout.pandoc import ConversionError, pandoc_tells, tree

#: What pandoc accepts and then draws without its lines, its text or its place.
_DROPPED = re.compile(
    r"\\(?:hline|intertext|smash|raisebox|overset\b|stackrel)|\{smallmatrix\}|\\begin\{array\}\{[^}]*\||\\&"
)
#: Names that Typst no longer knows, and the characters they stood for.
_GONE = {
    "dot.circle": "⊙", "times.circle": "⊗", "plus.circle": "⊕", "minus.circle": "⊖", "div.circle": "⨸", "sect": "∩",
    "sect.big": "⋂",
    "sect.sq": "⊓", "dot.circle.big": "⨀", "times.circle.big": "⨂", "plus.circle.big": "⨁", "bracket.l.double": "⟦",
    "bracket.r.double": "⟧", "quote.angle.l.double": "«", "quote.angle.r.double": "»", "eq.circle": "⊜", "dash.circle": "⊝",
    "lt.circle": "⧀", "gt.circle": "⧁", "integral.sect": "⨙", "sect.double": "⋒", "sect.sq.big": "⨅", "bar.v.circle": "⦶",
    "paren.l.double": "⦅", "paren.r.double": "⦆", "brace.l.double": "⦃", "brace.r.double": "⦄", "join": "⋈", "ident.strict": "≣",
}  # fmt: skip
_NAME = re.compile(
    r"(?<![\w#.\"])(" + "|".join(re.escape(name) for name in sorted(_GONE, key=len, reverse=True)) + r")(?![\w.])"
)
_END = "//formula"
#: Pandoc takes twice as long for each power of a power: a second for 16, a day for 32.
_DEEPEST = 12
#: For one call of pandoc, and for all that look for the formula which took too long.
_SECONDS, _SECONDS_IN_ALL = 10, 30


def unprintable(tex: str) -> str:
    """Why a formula cannot be printed whatever pandoc says, or nothing."""
    depth, deepest = 0, 0
    for brace in re.findall(r"(?<!\\)[{}]", tex):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        return "it is nested too deeply"
    found = _DROPPED.search(tex)
    return f"{found[0]} would be lost in print" if found else ""


def to_typst(formulas: Iterable[str]) -> dict[str, str]:
    """Typst's form of each formula that can be converted. Those that cannot are missing."""
    wanted = [tex for tex in dict.fromkeys(formulas) if not unprintable(tex)]
    converted = _converted(wanted, time.monotonic() + _SECONDS_IN_ALL)
    return {tex: _repaired(found) for tex, found in converted.items() if _is_formula(found)}


def _converted(wanted: list[str], until: float) -> dict[str, str]:
    """Pandoc's output for each formula; one that takes too much time or memory is left out, the others are not."""
    if not wanted or time.monotonic() > until:
        return {}
    try:
        blocks = []
        for tex in wanted:
            blocks += [
                tree("Para", [tree("Math", [tree("InlineMath"), prepared(tex)])]),
                tree("RawBlock", ["typst", _END]),
            ]
        parts = pandoc_tells(["-f", "json", "-t", "typst"], blocks, _SECONDS).split(_END)
        return dict(zip(wanted, (part.strip() for part in parts), strict=False))
    except ConversionError:
        if len(wanted) == 1:
            return {}
        middle = len(wanted) // 2
        return _converted(wanted[:middle], until) | _converted(wanted[middle:], until)


def _is_formula(found: str) -> bool:
    return len(found) > 2 and found[0] == found[-1] == "$"


def prepared(tex: str) -> str:
    """A formula in the words that pandoc understands."""
    tex = re.sub(r"\\[bB]igg?[lr]?\s*(\\[lr]Vert|\\[lr]vert|\\\|)", r"\1", tex)
    tex = re.sub(r"\\lvert\b(.*?)\\rvert\b", r"\\left|\1\\right|", tex)
    tex = re.sub(r"\\(?:[dt]binom|cfrac)\b", lambda m: r"\binom" if "binom" in m[0] else r"\frac", tex)
    return tex.replace("{dcases}", "{cases}").replace(r"\operatorname*{", r"\operatorname{LIMITS")


def _repaired(found: str) -> str:
    """The formula between its dollars, with what Typst has dropped or spaces badly put right."""
    body = found[1:-1].strip()
    body = _NAME.sub(lambda match: _GONE[match[1]], body)
    body = body.replace("#h(0em)", "thick").replace("#h(-1em)", "#h(-0.1667em)")
    body = re.sub(r"#scale\(x: (\d+)%, y: \1%\)\[(\\?.)\]", _sized, body)
    body = re.sub(r"#scale\(x: \d+%, y: \d+%\)\[([a-z.]+)\]", r"\1", body)
    body = re.sub(r"#box\(stroke: black, inset: 3pt, \[\$ (.*?) \$\]\)", r"#boxed($\1$)", body)
    body = body.replace('delim: "||||"', 'delim: "‖"').replace('delim: "||"', 'delim: "|"')
    body = re.sub(r'(?<!\()"LIMITS(\w+)"', r'op("\1", limits: #true)', body)
    body = re.sub(r'(?<![\w(])"(\w+)"(?!\))', r'op("\1")', body)
    return _cases_with_gaps(body)


def _cases_with_gaps(body: str) -> str:
    """A quad between the columns of each `cases`, as in LaTeX."""
    parts = body.split("cases(")
    for number, part in enumerate(parts[1:], start=1):
        depth, end = 1, 0
        while depth and end < len(part):
            escaped = part[end - 1 : end] == "\\"
            depth += 0 if escaped else (part[end] == "(") - (part[end] == ")")
            end += 1
        parts[number] = part[:end].replace(" & ", " &quad ") + part[end:]
    return "cases(".join(parts)


def _sized(match: re.Match) -> str:
    size, sign = match[1], match[2]
    side = "opening" if sign.endswith(("(", "[", "{")) else "closing" if sign.endswith((")", "]", "}")) else "normal"
    return f'class("{side}", stretch({sign}, size: #{size}%))'


def quoted(text: str) -> str:
    """A text as a Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def label(number: str) -> str:
    """The name of a numbered equation as the target of links."""
    return "eq-" + number.replace(" ", "-")


def display_in_typst(display: Display, body: str) -> str:
    """A displayed formula with its numbers: one for the whole in Typst's own place, several on their rows."""
    numbers = display.numbers
    if len(numbers) < 2:
        tail = f"numbering: _ => [({numbers[0]})]" if numbers else "numbering: none"
        end = "bottom" if display.rows[-1].number and len(display.rows) > 1 else "horizon"
        name = f" #label({quoted(label(numbers[0]))})" if numbers else ""
        return f"#math.equation(block: true, alt: {quoted(display.tex)}, number-align: end + {end}, {tail}, $ {body} $){name}"
    rows = body.split("\\\n")
    marked = [
        f"{text} #rownumber({quoted(row.number)}, {quoted(label(row.number))})" if row.number else text
        for text, row in zip(rows, display.rows, strict=True)
    ]
    joined = " \\\n".join(marked)
    return f"#math.equation(block: true, alt: {quoted(display.tex)}, numbering: none, $ {joined} $)"


def inline_in_typst(tex: str, body: str) -> str:
    """A formula in running text."""
    return f"#math.equation(alt: {quoted(tex)}, ${body}$)"
