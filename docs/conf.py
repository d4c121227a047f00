"""How these pages become a site: `make docs`. Nothing in them is loaded from a network."""

import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils.nodes import SkipNode
from latex2mathml.converter import convert
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # autodoc reads the code beside these pages, whatever is installed

project = "A neural network from scratch"
release = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_click"]
exclude_patterns = ["_build"]  # what `make docs` writes

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

autodoc_typehints = "signature"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = project
html_static_path, html_css_files = ["_static"], ["tables.css"]
html_copy_source = False
html_show_sphinx = html_show_copyright = False


def _math(display: str) -> Callable[[Any, Any], None]:
    def visit(writer: Any, node: Any) -> None:
        writer.body.append(convert(node.astext(), display=display))
        raise SkipNode

    return visit


def _plain(_app: Sphinx, *arguments: Any) -> None:
    """Docstrings and helps are plain text: what reStructuredText would take for markup stands as it is."""
    lines = arguments[-1]
    parts = "\n".join(lines).split("`")
    parts[::2] = [re.sub(r"([*|\\]|_\b)", r"\\\1", part) for part in parts[::2]]
    lines[:] = "``".join(parts).split("\n")


def _leave_out_links(_app: Sphinx, _name: str, source: list[str]) -> None:
    """What lies outside docs/ is no page of the site: there the link's text, a path, stays alone."""
    source[0] = re.sub(r"\[([^\]]+)\]\(\.\./[^)]+\)", r"\1", source[0])


def setup(app: Sphinx) -> None:
    """Formulas as MathML, which browsers show without a script; plain texts as they are."""
    app.add_html_math_renderer("mathml", (_math("inline"), None), (_math("block"), None))
    app.connect("source-read", _leave_out_links)
    app.connect("autodoc-process-docstring", _plain)
    app.connect("sphinx-click-process-description", _plain)
