"""What nbgrader's formgrader shows of a submission: nothing that a student wrote acts there, and formulas need no network."""

import html
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool

from autograde.markdown import LONGEST_FORMULA, as_html, inert

#: Holds the parts of nbgrader's template that are ours.
TEMPLATES = Path(__file__).parent / "templates"
_PICTURES = ("image/png", "image/jpeg")
_TEXTS = ("text/markdown", "text/plain")
#: From nbgrader's tables into the page, as they are; the first is a folder's name.
_FROM_OUTSIDE = ("student", "last_name", "first_name", "notebook_path")


def latex(source: str, *, display: bool) -> str:
    """A formula as text between the delimiters that MathJax looks for, and for its own class only."""
    if len(source) > LONGEST_FORMULA:
        return f"<code>{html.escape(source)}</code>"
    text = f"\\[{source}\\]" if display else f"\\({source}\\)"
    return f'<span class="mathjax">{html.escape(text)}</span>'


@pass_context
def markdown(context: Context, source: str) -> str:
    """A cell's Markdown, inert, for a template of nbconvert's."""
    return as_html(source, (context.get("cell") or {}).get("attachments"), latex)


class InertNotebook(Preprocessor):
    """Takes from a notebook what would act in a page: HTML of outputs is cleaned, and of metadata only nbgrader's stays."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        nb.metadata = NotebookNode({"language_info": {"name": "python"}})
        for cell in nb.cells:
            kept = cell.metadata.get("nbgrader")
            cell.metadata = NotebookNode({"nbgrader": kept} if kept else {})
            for output in cell.get("outputs", []):
                if "data" in output:
                    output.metadata = NotebookNode()
                    output.data = NotebookNode(_inert(output.data))
        return nb, resources


class MarkingExporter(HTMLExporter):
    """formgrader's page of a submission, with MathJax from the same server."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: ResourcesDict | None = None, **options: Any
    ) -> tuple[str, ResourcesDict]:
        shown = self._init_resources(resources)
        for name in _FROM_OUTSIDE:
            shown[name] = str(escape(shown.get(name) or ""))
        return super().from_notebook_node(nb, shown, **options)


def _inert(data: NotebookNode) -> dict[str, str]:
    """The best of what an output offers."""
    for mime in _PICTURES:
        if mime in data:
            return {mime: data[mime]}
    if "text/html" in data:
        return {"text/html": inert(data["text/html"])}
    if "text/latex" in data:
        return {"text/html": latex(data["text/latex"].strip().strip("$"), display=True)}
    return {mime: data[mime] for mime in _TEXTS if mime in data} or {"text/plain": "[cannot be shown]"}
