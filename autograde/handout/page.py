"""The handout as one HTML page: MathML and SVG inside, no script, no font or file from anywhere else."""

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from importlib import resources
from pathlib import Path

from autograde.handout.displays import Display
from autograde.handout.figures import FIGURES
from autograde.handout.formulas import label, prepared
from autograde.handout.front import TITLES, Front
from autograde.handout.pandoc import Tree, document, pandoc, tree

_TEMPLATE = "handout.html"
_SMALLEST = 0.63
#: Formulas in running text from this many characters on may be broken.
_LONG = 60
_THIN = '<mspace width="0.167em"></mspace>'
_FUNCTION = r'<mi mathvariant="normal">\w+</mi>'
#: What pandoc's MathML leaves to be desired in browsers, each seen: rows in small type, a left column that is not flush right,
#: accents off centre, no space around log, none after max.
_REPAIRS = (
    (re.compile(r"(<semantics>)<mtable>"), r'\1<mtable displaystyle="true" class="aligned">'),
    (re.compile(r"text-align: right;"), "text-align: right; text-align: -webkit-right;"),
    (re.compile('(<mo accent="true">)\u0303'), r"\1~"),
    (re.compile('(<mo accent="true">)\u0302'), r"\1^"),
    (
        re.compile(r"(<mo>(?:&#8289;|\u2061)</mo></mrow>)(?!<m(?:o|row)[^>]*>(?:<mo[^>]*>)?[(\[])"),
        rf"\1{_THIN}",
    ),
    (re.compile(rf"((?<!−)</m(?:i|n|sub|sup|frac)>)(?=<mrow>{_FUNCTION}<mo>)"), rf"\1{_THIN}"),
    (re.compile(rf"(<munder>{_FUNCTION}.*?</munder>)(?=<m(?:i|n|sub|sup|frac)>)"), rf"\1{_THIN}"),
)
#: Brackets of a fixed size stand too far from what they enclose; those that fit do not.
_SIZE = re.compile(r"\\[bB]igg?([lr])(?![a-zA-Z])")


@dataclass(frozen=True)
class Html:
    """HTML as a `document.Format`. known: the formulas that can be converted, which are those that Typst can show."""

    known: frozenset[str]

    def display(self, display: Display) -> list[Tree] | None:
        if display.tex not in self.known:
            return None
        numbers = "".join(_number(row.number) for row in display.rows) if len(display.numbers) > 1 else ""
        numbers = numbers or "".join(map(_number, display.numbers))
        spread = "rows" if len(display.numbers) > 1 else "last" if len(display.rows) > 1 else "one"
        formula = tree("Math", [tree("DisplayMath"), _fitted(display.tex)])
        before, between = (
            '<span class="display"><span class="formula" tabindex="0">',
            f'</span><span class="numbers {spread}">',
        )
        return [_raw(before), formula, _raw(f"{between}{numbers}</span></span>")]

    def inline(self, tex: str) -> list[Tree] | None:
        if tex not in self.known:
            return None
        return [tree("Math", [tree("InlineMath"), _fitted(part)]) for part in _in_parts(tex)]

    def link(self, number: str) -> list[Tree]:
        return [_raw(f'<a href="#{label(number)}">({escape(number)})</a>')]

    def box(self, kind: str, options: Mapping[str, str], blocks: list[Tree]) -> list[Tree]:
        if kind == "room":
            return [
                _block(
                    f'<div class="room" style="height: {min(float(options["cm"]), 4):g}cm" aria-hidden="true"></div>'
                )
            ]
        if kind == "figure":
            figure = FIGURES[options["name"]]()
            # On a phone a figure shrinks as far as its words can be read, then it scrolls.
            least = _SMALLEST * float(re.search(r'width="([\d.]+)"', figure.svg)[1])
            told = f'role="img" aria-label="{escape(figure.alt)}" style="min-width: {least:.0f}px"'
            picture = figure.svg.replace("<svg ", f"<svg {told} ", 1)
            caption = f"<figcaption>{escape(figure.caption)}</figcaption>"
            return [_block(f'<figure><div class="wide" tabindex="0">{picture}</div>{caption}</figure>')]
        name = f" <code>{escape(options['id'])}</code>" if options["id"] else ""
        points = f" · {options['points']} points" if "points" in options else ""
        return [
            _block(f'<div class="aside {kind}" role="group"><p class="kind">{TITLES[kind]}{name}{points}</p>'),
            *blocks,
            _block("</div>"),
        ]

    def source(self, text: str, why: str) -> list[Tree]:
        return [_raw(f'<span class="unprinted">{escape(why)}: <code>{escape(text)}</code></span>')]

    def image(self, address: str, alt: str) -> list[Tree] | None:  # noqa: ARG002
        return None

    def leading(self, paragraph: Tree) -> list[Tree]:
        return [paragraph]


def _in_parts(tex: str) -> list[str]:
    """A long formula in running text, cut before its equals signs: browsers break lines between formulas, not in them."""
    if len(tex) < _LONG or re.search(r"\\(?:left|right|begin)\b", tex):
        return [tex]
    parts, depth = [""], 0
    for piece in re.findall(r"\\.|[{}()\[\]=]|[^\\{}()\[\]=]+", tex):
        depth += (piece in "{([") - (piece in "})]")
        if piece == "=" and not depth and parts[0]:
            parts.append("")
        parts[-1] += piece
    return parts


def _fitted(tex: str) -> str:
    return _SIZE.sub(lambda match: r"\left" if match[1] == "l" else r"\right", prepared(tex))


def _number(number: str) -> str:
    return f'<span id="{label(number)}">({escape(number)})</span>' if number else "<span></span>"


def _raw(text: str) -> Tree:
    return tree("RawInline", ["html", text])


def _block(text: str) -> Tree:
    return tree("RawBlock", ["html", text])


def as_page(blocks: list[Tree], front: Front) -> str:
    """The whole page. Raises ConversionError for a formula that has no MathML."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, _TEMPLATE)
        template.write_text(resources.files("autograde").joinpath("templates", _TEMPLATE).read_text("utf-8"), "utf-8")
        values = [
            f"--variable={name}={escape(value)}" for name, value in asdict(front).items() if isinstance(value, str)
        ]
        arguments = ["-f", "json", "-t", "html5", "--mathml", "-s", f"--template={template}", "--toc", "--toc-depth=2"]
        arguments += [
            "--number-sections",
            f"--metadata=title={front.title}",
            f"--metadata=lang={front.language}",
            *values,
        ]
        page = pandoc(arguments, json.dumps(document(blocks)))
    for wanting, better in _REPAIRS:
        page = wanting.sub(better, page)
    return page
