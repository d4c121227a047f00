"""Pages made of what students wrote and their cells showed: they stay inert, by a parser that did not make them."""

import base64
import io
import re
import struct
import zlib
from html.parser import HTMLParser

import nbformat
from hypothesis import strategies as st
from PIL import Image

from autograde.feedback import Facts, Score, page
from autograde.markdown import as_html, formula, inert
from autograde.redraw import redrawn
from autograde.shown import LARGEST, checked
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.mutations import letters, mutated_bytes, mutated_json, one_of, texts

_ELEMENTS = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "link",
    "meta",
    "base",
    "svg",
    "video",
    "audio",
    "source",
    "template",
    "noscript",
    "frame",
    "frameset",
    "textarea",
    "select",
    "applet",
    "marquee",
    "title",
}
#: Elements and attributes that the page itself has, with what may stand there.
_FETCHING = {
    "src",
    "srcset",
    "data",
    "action",
    "formaction",
    "poster",
    "background",
    "ping",
    "manifest",
    "cite",
    "longdesc",
    "xlink:href",
    "code",
    "codebase",
    "classid",
    "dynsrc",
    "lowsrc",
    "profile",
    "usemap",
}


class Acts(HTMLParser):
    """Collects what in some HTML would run or fetch something."""

    def __init__(self, allowed: frozenset[str] = frozenset()) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._allowed = allowed

    def handle_starttag(self, tag, attrs):
        if tag in _ELEMENTS - self._allowed:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            value = "".join((value or "").split()).lower()
            if (
                name.startswith("on")
                or (name == "style" and "style" not in self._allowed)
                or name in ("srcdoc", "http-equiv")
            ):
                self.found.append(f"{tag} {name}={value}")
            if name in _FETCHING and not (tag == "img" and name == "src" and value.startswith("data:image/")):
                self.found.append(f"{tag} {name}={value}")
            if name == "href" and not value.startswith(("https://", "http://", "mailto:", "#")):
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag

    def unknown_decl(self, data):
        self.found.append(f"<![{data}")


def acts(text: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    parser = Acts(allowed)
    parser.feed(text)
    parser.close()
    return parser.found


_BITS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "![x](http://e.x/p.png)",
    "![a](attachment:a.png)",
    "<style>*{background:url(http://e.x)}</style>",
    "<math><mtext></p><style><img src=x onerror=alert(1)>",
    "$x^2$",
    "$$\\href{javascript:alert(1)}{x}$$",
    "\\begin{align}a\\end{align}",
    "<b title='$x$'>",
    '<b title="$<img src=x onerror=alert(1)>$">',
    "`$x$`",
    "```python\nx\n```",
    "```mermaid\nx\n```",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<",
    ">",
    "&lt;script&gt;",
    "&#x6a;avascript:",
    "<div><b><p>",
    "<table><tr><td>",
    "</table>",
    "<a\nhref=data:text/html,x>",
    "<base href=//e.x>",
    "<form action=//e.x><input name=a>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<xmp>",
    "<plaintext>",
    "<textarea>",
    "<title>",
    "<select><option>",
    "<iframe srcdoc='<script>'>",
    "<p>" * 200,
    "<b id=1>" * 200,
    "<div>" * 300,
    "</b>" * 50,
    "> " * 300,
    "- " * 200,
    "* a\n" * 200,
    "[" * 300,
    "|a|b|\n|-|-|\n|c|d|\n",
    "\ue0000\ue001",
    "\ue00099\ue001",
    "<style" * 300,
    "<!--" * 300,
    "<a " + "b " * 500 + ">",
    "<a x='" * 200,
    "# a\n",
    "$" * 200,
    "\\\\(" * 100,
    "\u202e",
    "\x00",
    '<a href="http://a b">',
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<IMG SRC=`javascript:alert(1)`>",
    "<a href=' javascript:x'>",
    "\t",
    "\n\n",
    " ",
)
_markdown = st.one_of(
    st.lists(st.one_of(st.sampled_from(_BITS), st.text(letters, max_size=6)), max_size=8).map("".join),
    one_of(*(bit.encode() for bit in _BITS), mutate=mutated_bytes).map(
        lambda content: content.decode(errors="replace")
    ),
    texts,
)
markdown = _markdown.map(lambda text: "".join(letter for letter in text if not "\ud800" <= letter <= "\udfff"))


@fuzz(markdown, examples=120)
def test_markdown_and_html_of_students_stay_inert(source):
    attached = {"a.png": {"image/png": "aaaa"}, "$": {"text/html": "<script>"}}
    for made in (as_html(source), as_html(source, attached), inert(source)):
        assert acts(made) == []


_LATEX = (
    "\\frac{a}{b}",
    "x_1^2",
    "\\sqrt{x}",
    "\\begin{matrix}a&b\\\\c&d\\end{matrix}",
    "\\left(",
    "\\right)",
    "\\text{<script>}",
    "\\href{javascript:x}{y}",
    "\\class{a}{b}",
    "\\style{color:red}{x}",
    "\\tag{2.5}",
    "\\tag{<b>}",
    "\\unicode{x3c}",
    "{",
    "}",
    "&",
    "\\\\",
    "<",
    ">",
    "\\color{red}",
    "\\mathbb{R}",
    "\\overline{x}",
    "\\lVert",
    "^",
    "_",
    "%",
    "#",
    "\\",
    "'",
    '"',
    "\\def\\a{b}",
    "\\url{http://e.x}",
    "\\hspace{99cm}",
    "\ue0000\ue001",
)


@fuzz(
    st.lists(st.one_of(st.sampled_from(_LATEX), st.text(letters, max_size=3)), max_size=15).map("".join),
    st.booleans(),
    examples=100,
)
def test_formulas_stay_inert(latex, display):
    made = formula(latex, display=display)
    assert acts(made, frozenset({"style"})) == []
    # What the converter does not know it leaves as it is, in the midst of the formula.
    assert not re.search(r"\\[a-zA-Z]", made.partition("<math")[2].partition("</math>")[0])


_SHOWN = [
    {"output_type": "stream", "name": "stdout", "text": "a\rb\x1b[31m<script>"},
    {"output_type": "error", "ename": "<script>", "evalue": "<b>", "traceback": ["<img src=x onerror=alert(1)>"]},
    {"output_type": "display_data", "data": {"text/plain": "1", "image/png": "aaaa\n"}},
    {"output_type": "display_data", "data": {"text/plain": "1", "text/html": "<b onclick=x>", "text/latex": "$x$"}},
    {"output_type": "execute_result", "data": {"text/markdown": "# a"}},
]


@fuzz(
    markdown,
    markdown,
    mutated_json(_SHOWN),
    st.sampled_from(["text/html", "text/markdown", "text/latex", "image/png", "text/plain"]),
)
def test_a_page_runs_and_fetches_nothing(written, shown, items, kind):
    outputs, _ = checked(
        [*items, {"output_type": "display_data", "data": {kind: shown}}] if isinstance(items, list) else items, LARGEST
    )
    cells = [
        nbformat.v4.new_markdown_cell(written, attachments={"a.png": {"image/png": written[:20]}}),
        nbformat.v4.new_code_cell(written, outputs=outputs),
    ]
    made = page(nbformat.v4.new_notebook(cells=cells), Facts("<script>", "01", Score(1.0, 2.0)))
    assert acts(made, frozenset({"style", "meta", "title"})) == acts(_EMPTY, frozenset({"style", "meta", "title"}))
    assert made.count("<style") == _EMPTY.count("<style")


_EMPTY = page(nbformat.v4.new_notebook(), Facts("ada", "01", Score(1.0, 2.0)))


# --- pictures


def _picture(kind: str, mode: str) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (9, 7)).save(file, kind, **({"comment": b"secret"} if kind == "JPEG" else {}))
    return file.getvalue()


_PICTURES = [("image/png", _picture("PNG", mode)) for mode in ("RGB", "RGBA", "P", "L", "1", "I;16")]
_PICTURES += [("image/jpeg", _picture("JPEG", mode)) for mode in ("RGB", "L", "CMYK")]


def _large(side: int) -> bytes:
    """A white square as PNG, of one bit for each pixel in the file and a byte in memory."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * (side // 8)) * side, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@fuzz(
    st.one_of(
        st.sampled_from(range(len(_PICTURES))).flatmap(
            lambda index: st.tuples(st.sampled_from(["image/png", "image/jpeg"]), mutated_bytes(_PICTURES[index][1]))
        ),
        st.sampled_from([80, 800, 9200]).map(lambda side: ("image/png", _large(side))),
    ),
    examples=80,
    memory=60,
)
def test_a_picture_is_drawn_anew_or_not_at_all(told):
    kind, content = told
    try:
        drawn = redrawn(kind, content)
    except Exception:
        return
    with Image.open(io.BytesIO(drawn)) as picture:
        picture.load()
        assert picture.format == kind.removeprefix("image/").upper()
        assert max(picture.size) <= 2400
        assert not set(picture.info) & {"comment", "exif", "icc_profile", "xmp", "Raw profile type exif"}
    assert base64.b64encode(drawn).isascii()
