"""Pandoc, as a converter of text and of formulas: sandboxed, with bounded memory and time."""

import json
import subprocess
from typing import Any

import pypandoc

from autograde.course import CourseError

#: The handout's own Markdown: JupyterLab's, and divisions and attributes for boxes. Raw Typst or HTML does not get through.
MARKDOWN = "commonmark_x-raw_attribute-implicit_header_references-implicit_figures"
#: What students write: JupyterLab's Markdown, and nothing by which a text could tell Typst anything.
STUDENTS_MARKDOWN = "commonmark+pipe_tables+strikeout+autolink_bare_uris+tex_math_dollars"
_SECONDS, _MEMORY = 60, "1g"
#: Levels of pandoc's tree, of which a list in a list takes four; whoever goes through a tree goes into each.
_DEEPEST = 100

Tree = dict[str, Any]


class ConversionError(CourseError):
    """Pandoc refused, or took too much time or memory."""


def pandoc(arguments: list[str], text: str) -> str:
    """What pandoc writes. Raises ConversionError for a failure and for any warning: it warns of what it drops."""
    written, told = _run(arguments, text)
    if told:
        raise ConversionError(told)
    return written


def pandoc_tells(arguments: list[str], blocks: list[Tree], seconds: float = _SECONDS) -> str:
    """What pandoc writes of a tree; the caller looks for what it could not convert. Raises ConversionError for a failure."""
    return _run(arguments, json.dumps(document(blocks)), seconds)[0]


def read_markdown(text: str, markdown: str = MARKDOWN) -> list[Tree]:
    """The blocks of a Markdown text, as pandoc's tree. Raises ConversionError for lists or quotations nested beyond reason."""
    written = pandoc(["-f", markdown, "-t", "json"], text)
    try:
        blocks = json.loads(written)["blocks"]
    except RecursionError:
        raise ConversionError("the text is nested too deeply") from None
    level: list = blocks
    for _ in range(_DEEPEST):
        level = [part for node in level for part in (node.values() if isinstance(node, dict) else node)]
        level = [part for part in level if isinstance(part, (dict, list))]
    if level:
        raise ConversionError("the text is nested too deeply")
    return blocks


def document(blocks: list[Tree]) -> Tree:
    """Blocks as a whole document in pandoc's JSON."""
    return {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}


def tree(kind: str, content: Any = None) -> Tree:
    """One node of pandoc's tree."""
    return {"t": kind} if content is None else {"t": kind, "c": content}


def _run(arguments: list[str], text: str, seconds: float = _SECONDS) -> tuple[str, str]:
    """What pandoc writes, and what it says about it."""
    command = [pypandoc.get_pandoc_path(), "+RTS", f"-M{_MEMORY}", "-RTS", "--sandbox", "--wrap=none", *arguments]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise ConversionError(f"pandoc was not done after {seconds} s") from None
    except OSError as error:
        raise CourseError(f"pandoc does not start: {error}. Run: make handout") from None
    told = done.stderr.decode(errors="replace").strip()
    if done.returncode:
        raise ConversionError(told or f"pandoc ended with {done.returncode}")
    return done.stdout.decode(), told
