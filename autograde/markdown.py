"""Markdown as HTML that runs nothing and fetches nothing; formulas become MathML, which browsers show by themselves."""

import functools
import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from xml.etree import ElementTree

from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_TAGS = (
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "u", "ul",
)  # fmt: skip
_ATTRIBUTES = ("alt", "class", "id", "title", "align", "colspan", "rowspan", "start")
#: A heading within a page that has its own.
_LOWER = {f"h{level}": f"h{min(level + 1, 6)}" for level in range(1, 7)}
#: What is no text: comments, styles, declarations; tags, well formed; any other <.
_PIECE = re.compile(
    r"""<!--(?:.*?-->|.*)|<style\b(?:.*?</style\s*>|.*)|<[!?][^>]*+>?
    |<(?P<end>/?)(?P<name>[a-z][a-z0-9-]*+)
      (?P<attributes>(?:\s++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?+)*+)\s*+/?>
    |<""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""\s[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?""")
_VOID = {"br", "hr", "img", "input", "wbr", "meta", "link", "col", "source", "area", "base", "embed", "track"}
#: A parser ends these by itself, and opens these again in whatever follows, until they are ended.
_OPTIONAL = {"p", "li", "td", "th", "tr", "dd", "dt", "tbody", "thead", "tfoot"}
_FORMATTING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
#: Elements within each other, elements in all that a parser may come to, attributes of one.
_DEEPEST, _MOST_ELEMENTS, _MOST_ATTRIBUTES = 100, 50_000, 50
#: Longer texts are shown as they were written.
_LONGEST = 10_000
LONGEST_FORMULA = 2_000
#: Around a formula's number until all else is safe; no text has them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
#: Delimiters, which the converter does not know behind \bigl and the like.
_DELIMITERS = {
    r"\lVert": "‖", r"\rVert": "‖", r"\Vert": "‖", r"\lvert": "|", r"\rvert": "|", r"\vert": "|", r"\lfloor": "⌊",
    r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉", r"\langle": "⟨", r"\rangle": "⟩",
}  # fmt: skip
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS = (
    "math", "menclose", "mfenced", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover", "none",
)  # fmt: skip
_LINKS = ("href", "src", "style", "{")
_COMMAND = re.compile(r"\\[a-zA-Z]+")
_TAG = re.compile(r"\\tag\{([^{}]*)\}")


class Show(Protocol):
    """How formulas are shown: LaTeX as HTML, which has to be inert whoever wrote it."""

    def __call__(self, latex: str, *, display: bool) -> str: ...


def as_html(source: str, attachments: Mapping[str, Any] | None = None, show: Show | None = None) -> str:
    """Markdown as HTML, inert whoever wrote it. attachments: the cell's pictures. show: formulas, as MathML if not said."""
    if attachments or len(source) > _LONGEST:
        return _as_html(source, attachments or {}, show or formula)
    return _known(source, show or formula)


@functools.lru_cache(maxsize=1024)
def _known(source: str, show: Show) -> str:
    """Most cells are the course's, and stand in everybody's notebook."""
    return _as_html(source, {}, show)


def _as_html(source: str, attachments: Mapping[str, Any], show: Show) -> str:
    source = source.replace(_OPEN, "").replace(_CLOSE, "")
    if len(source) > _LONGEST:
        return f"<pre>{html.escape(source)}</pre>"
    renderer = _Renderer(show, escape=False, exclude_anchor_links=True, attachments=dict(attachments))
    safe = inert(MarkdownWithMath(renderer=renderer).render(source))
    return _MARK.sub(lambda mark: renderer.formulas[int(mark[1])], safe)


def inert(text: str) -> str:
    """HTML without scripts, handlers of events, styles, and what a browser would fetch; as it was written when it is too much."""
    try:
        text = _Simple().of(text)
    except ValueError:
        return f"<pre>{html.escape(text)}</pre>"
    cleaner = Cleaner(
        tags=_TAGS, attributes=_may_stay, protocols=("http", "https", "mailto", "data"), strip=True, filters=[_Fitting]
    )
    return cleaner.clean(text).replace("<th></th>", "<td></td>")


class _Simple:
    """HTML of well-formed tags alone, of which a parser makes no more than so much.

    Elements that are not ended are opened again by every paragraph after them, and each looks at all around it: some kilobytes
    would take hours, or all memory.
    """

    def __init__(self) -> None:
        self._open: list[str] = []
        self._elements = 0

    def of(self, text: str) -> str:
        """The HTML. Raises ValueError for too much."""
        return _PIECE.sub(self._piece, text)

    def _piece(self, found: re.Match) -> str:
        name = (found["name"] or "").lower()
        if not name:
            return "&lt;" if found[0] == "<" else ""
        if found["end"]:
            self._close(name)
        elif name not in _VOID:
            self._open.append(name)
        self._elements += 1 + sum(one in _FORMATTING for one in self._open)
        if len(self._open) > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise ValueError("too much HTML")
        many = len(_ATTRIBUTE.findall(found["attributes"])) > _MOST_ATTRIBUTES
        return f"<{found['end']}{name}>" if many else found[0]

    def _close(self, name: str) -> None:
        """What is certainly ended by an end tag."""
        last = len(self._open) - 1
        while name not in _FORMATTING and last >= 0 and self._open[last] != name and self._open[last] in _OPTIONAL:
            last -= 1
        if last >= 0 and self._open[last] == name:
            del self._open[last:]


class _Fitting(Filter):
    """Makes HTML a part of a page: headings below the page's own, tables no wider than it, no picture without description."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            name, kind = token.get("name") or "", token["type"]
            if name in _LOWER:
                yield {**token, "name": _LOWER[name]}
            elif name == "img" and (None, "src") not in token["data"]:
                yield {"type": "Characters", "data": "[picture]"}
            elif name == "img":
                yield {**token, "data": {(None, "alt"): "a picture without a description", **token["data"]}}
            elif name == "table" and kind == "StartTag":
                yield {**token, "name": "div", "data": {(None, "class"): "wide"}}
                yield token
            elif name == "table" and kind == "EndTag":
                yield token
                yield {**token, "name": "div"}
            else:
                yield token


def _may_stay(tag: str, name: str, value: str) -> bool:
    if _OPEN in value:  # a formula's place in an attribute, out of which it would break
        return False
    if (tag, name) == ("img", "src"):
        return value.startswith("data:image/")
    if (tag, name) == ("a", "href"):
        return value.startswith(("https://", "http://", "mailto:", "#"))
    return name in _ATTRIBUTES


@functools.lru_cache(maxsize=4096)
def formula(latex: str, *, display: bool) -> str:
    """A formula as MathML; what cannot be read as one is shown as it was written, and marked."""
    known = _COMMAND.sub(lambda command: _DELIMITERS.get(command[0], command[0]), latex.strip())
    number = "".join(f'<span class="number">({html.escape(tag)})</span>' for tag in _TAG.findall(known)[:1])
    try:
        if len(known) > LONGEST_FORMULA:
            raise ValueError("too long")
        found = _checked(convert(_TAG.sub("", known), display="block" if display else "inline"))
    except Exception:
        name = "formula source" if display else "source"
        return f'<span class="{name}" title="not readable as a formula"><code>{html.escape(latex)}</code></span>'
    return f'<span class="formula">{found}{number}</span>' if display else found + number


def _checked(mathml: str) -> str:
    """MathML written anew: the converter lets elements of other kinds, links and unknown commands through. Raises ValueError."""
    tree = ElementTree.fromstring(mathml)
    for element in tree.iter():
        name = str(element.tag).removeprefix(f"{{{_NAMESPACE}}}")
        if name not in _ELEMENTS or _COMMAND.search(element.text or ""):
            raise ValueError(f"no element for a formula: {name}")
        if any(key.startswith(("on", *_LINKS)) for key in element.attrib):
            raise ValueError(f"{name} would act")
        element.tag = name
    tree.set("xmlns", _NAMESPACE)
    return ElementTree.tostring(tree, encoding="unicode")


class _Renderer(IPythonRenderer):
    """Puts formulas aside, by number: they are made safe in another way than all else."""

    def __init__(self, show: Show, **options: Any) -> None:
        super().__init__(**options)
        self._show = show
        self.formulas: list[str] = []
        self._sources: list[str] = []

    def block_math(self, body: str) -> str:
        return self._set_aside(body, display=True)

    def inline_math(self, body: str) -> str:
        return self._set_aside(body, display=False)

    def latex_environment(self, name: str, body: str) -> str:
        return self._set_aside(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{html.escape(code)}</pre>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        text = _MARK.sub(lambda mark: html.escape(self._sources[int(mark[1])]), text)
        if url.startswith("attachment:") and url.removeprefix("attachment:") not in self.attachments:
            return f"[picture {html.escape(text)} is not in the notebook]"
        return super().image(text, url, title)

    def _set_aside(self, latex: str, *, display: bool) -> str:
        self.formulas.append(self._show(latex, display=display))
        self._sources.append(latex)
        return f"{_OPEN}{len(self.formulas) - 1}{_CLOSE}"
