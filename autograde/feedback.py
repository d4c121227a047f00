"""A graded notebook as a page for the student: one file, no script, nothing from a network, whoever wrote what is in it."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import default

from autograde.cells import (
    SHOW_TAG,
    SKIP_TAG,
    exercise_id,
    is_solution,
    is_test,
    is_written,
    marks,
    without_hidden_regions,
)
from autograde.findings import printable
from autograde.markdown import as_html, formula, inert
from autograde.pages import environment

#: Characters of Markdown and HTML that a page shows as such; the rest is shown as it was written.
_MOST_MARKDOWN = 1_000_000
_LIGHT, _DARK = (HtmlFormatter(nowrap=True, style=style) for style in ("xcode", "github-dark"))
_COLOR = re.compile(r"\x1b\[[0-9;]*m")
#: The best of what an output offers, first.
_SHOWN = ("image/png", "image/jpeg", "text/html", "text/markdown", "text/latex", "text/plain")

_PARSED = ("text/html", "text/markdown", "text/latex")


@dataclass(frozen=True)
class Score:
    """A graded cell's points; None while they are open."""

    points: float | None
    maximum: float

    @property
    def state(self) -> str:
        """How it went: passed, lost or open."""
        if self.points is None:
            return "open"
        return "passed" if self.points >= self.maximum else "lost"


@dataclass(frozen=True)
class _View:
    """One cell as the page shows it."""

    role: str  # given, answer, test or written
    name: str
    source: Markup
    is_code: bool
    outputs: list[Markup]
    left_out: bool
    score: Score | None = None
    comment: Markup = field(default_factory=Markup)


@dataclass(frozen=True)
class Facts:
    """What a page says besides the notebook: names, the notebook's points so far, and those lost for being late."""

    student: str
    notebook: str
    score: Score
    penalty: float = 0.0


def page(notebook: NotebookNode, facts: Facts) -> str:
    """The page. Graded cells carry `score`, `points` and `comment` in nbgrader's metadata, as its GetGrades leaves them."""
    return environment().get_template("notebook.html").render(
        facts=facts, cells=list(_views(notebook)), light=_LIGHT.get_style_defs("pre"), dark=_DARK.get_style_defs("pre")
    )  # fmt: skip


class FeedbackExporter(Exporter):
    """The same page for nbgrader's own command, `nbgrader generate_feedback`."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: ResourcesDict | None = None, **options: Any
    ) -> tuple[str, ResourcesDict]:
        nb, resources = super().from_notebook_node(nb, resources, **options)
        about = resources["nbgrader"]
        score = Score(about["score"], about["max_score"])
        return page(nb, Facts(about["student"], about["notebook"], score, about["late_penalty"])), resources


def _views(notebook: NotebookNode) -> Iterator[_View]:
    left = _MOST_MARKDOWN
    for cell in notebook.cells:
        graded = is_test(cell) or is_written(cell)
        role = "test" if is_test(cell) else "written" if graded else "answer" if is_solution(cell) else "given"
        score = Score(marks(cell).get("score"), float(marks(cell)["points"])) if graded else None
        comment = Markup(as_html(marks(cell).get("comment") or ""))
        is_code = cell.cell_type == "code"
        if is_code:
            source = _code(without_hidden_regions(cell.source))
        else:
            left -= len(cell.source)
            source = Markup(as_html(cell.source, cell.get("attachments"))) if left > 0 else _text(cell.source, "source")
        outputs = []
        for output in cell.get("outputs", []):
            left -= sum(len(output.get("data", {}).get(mime, "")) for mime in _PARSED)
            outputs += filter(None, [_output(output, parsed=left > 0)])
        left_out = is_code and not outputs and bool({SHOW_TAG, SKIP_TAG} & set(cell.metadata.get("tags", [])))
        yield _View(role, exercise_id(cell), source, is_code, outputs, left_out, score, comment)


@functools.lru_cache(maxsize=2048)
def _code(source: str) -> Markup:
    """Most cells are the course's, and stand in everybody's notebook."""
    return Markup(highlight(source, PythonLexer(), _LIGHT))


def _output(output: NotebookNode, *, parsed: bool) -> Markup:
    """An output as HTML. parsed: whether Markdown and HTML are shown as such."""
    if output.output_type == "stream":
        return _text(output.text, output.name)
    if output.output_type == "error":
        return _text("\n".join(output.traceback) or f"{output.ename}: {output.evalue}", "error")
    mime = next((mime for mime in _SHOWN if mime in output.data), "")
    content = output.data.get(mime, "")
    if mime.startswith("image/"):
        said = output.data.get("text/plain", "")
        described = said if said and not said.startswith("<") else "a figure without a description"
        return Markup('<img src="data:{};base64,{}" alt="{}">').format(mime, content.strip(), _printable(described))
    if mime in _PARSED and not parsed:
        return _text(content, "value")
    if mime == "text/html":
        return Markup(inert(content))
    if mime == "text/markdown":
        return Markup(as_html(content))
    if mime == "text/latex":
        return Markup(formula(content.strip().strip("$"), display=True))
    return _text(content, "value") if mime else Markup()


def _text(text: str, kind: str) -> Markup:
    return Markup('<pre class="{}">{}</pre>').format(kind, _printable(text))


def _printable(text: str) -> str:
    """Lines as a terminal would leave them: a progress bar's last state, no colors."""
    lines = (line.rstrip("\r").rsplit("\r", 1)[-1].expandtabs() for line in _COLOR.sub("", text).split("\n"))
    return "\n".join(map(printable, lines))
