"""What one student wrote by hand, as a PDF to be marked on paper: questions, answers, room for marks.

Nothing that a student writes is lost, and nothing stops the others: what cannot be printed stands there as source, in a marked box.
"""

import base64
import re
import time
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from nbformat import NotebookNode
from PIL import Image

from autograde.build import Built
from autograde.cells import grade_id, is_written, marks
from autograde.course import CourseError
from autograde.handout.assembly import Piece
from autograde.handout.document import Pieces, Writer, read
from autograde.handout.front import Front
from autograde.handout.pandoc import STUDENTS_MARKDOWN, ConversionError, Tree, tree
from autograde.handout.pdf import Typst, as_typst, compile_pdf
from autograde.notebook_file import NotANotebook, read_notebook, recognise
from autograde.repair import repair
from autograde.settings import HandoutTexts

#: Neither Latin, Greek nor Cyrillic, nor a sign of mathematics or typography.
_RARE = re.compile(r"[^\u0009-\u052f\u1e00-\u214f\u2190-\u2bff\u27c0-\u2aff\U0001d400-\U0001d7ff]|[\x0b-\x1f\x7f-\x9f]")
#: What is not seen, or turns the text after it around.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f]")
_PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG"}
_MOST_PIXELS = 40_000_000
#: For the search of formulas that Typst refuses.
_SECONDS = 30
_Answer = tuple[NotebookNode, Pieces, Pieces]  # the cell, its question, what is written in it


def print_written(path: Path, built: Iterable[Built], texts: HandoutTexts, student: str) -> bytes:
    """The PDF of the written answers in a notebook. Raises CourseError when it is no notebook of this course, or has none."""
    releases = {item.name: item.release for item in built}
    try:
        submitted = read_notebook(path.read_bytes())
    except NotANotebook as error:
        raise CourseError(f"{path} {error}") from None
    name, _ = recognise(submitted, releases)
    if not name:
        raise CourseError(f"{path} is none of this course's notebooks: no cell of it is known.")
    notebook, _ = repair(submitted, releases[name])
    if not any(map(is_written, notebook.cells)):
        raise CourseError(f"{path} is {name}, in which nothing is written by hand.")
    front = Front(texts.course, f"Written answers, {name}", "", student, texts.language, texts.paper, contents=False)
    return _printed(_parts(notebook, releases[name]), front)


def _parts(notebook: NotebookNode, release: NotebookNode) -> list[tuple[NotebookNode, str]]:
    """Each answer with its question, in order."""
    given = {grade_id(cell): cell.source for cell in release.cells}
    parts = []
    for cell in filter(is_written, notebook.cells):
        name = grade_id(cell)
        if cell.source.strip() == given[name].strip():
            cell = NotebookNode(cell, source="*Nothing is written here.*")
        # Without the heading, which the box has.
        parts.append((cell, re.sub(r"\A#+ .*", "", given.get(f"{name}-question", "")).strip()))
    return parts


def _printed(parts: list[tuple[NotebookNode, str]], front: Front) -> bytes:
    """The PDF; what Typst refuses is found, formulas one by one and then whole answers, and becomes source."""
    texts = [(cell, _read(question, "the question"), _read(cell.source, grade_id(cell))) for cell, question in parts]
    to = Typst.of(Pieces([block for _, *both in texts for pieces in both for block in pieces.blocks], []))
    to.attachments = {name: data for cell, _ in parts for name, data in _attachments(cell)}
    whole = as_typst(_blocks(texts, to), front)
    for text in (whole, spelled(whole)):
        try:
            return compile_pdf(text, to.pictures, all_fonts=True)
        except CourseError:
            continue
    to.formulas = _printable(to.formulas)
    source = [(cell, question, _source(cell.source, grade_id(cell))) for cell, question, _ in texts]
    mixed = [text if _stands(text, to, front) else plain for text, plain in zip(texts, source, strict=True)]
    try:
        return _compiled(mixed, to, front)
    except CourseError:
        return _compiled(source, to, front)


def _compiled(texts: Iterable[_Answer], to: Typst, front: Front) -> bytes:
    return compile_pdf(spelled(as_typst(_blocks(texts, to), front)), to.pictures)


def _stands(text: _Answer, to: Typst, front: Front) -> bool:
    """Whether an answer can be printed when it is alone."""
    try:
        _compiled([text], to, front)
    except CourseError:
        return False
    return True


def spelled(text: str) -> str:
    """Characters for which a font may be missing, by their numbers: so they are seen, and can be looked up."""
    return _RARE.sub(_numbered, text)


def _numbered(match: re.Match) -> str:
    return f"[U+{ord(match[0]):04X}]"


def _read(text: str, where: str) -> Pieces:
    """A student's Markdown; its source, if pandoc cannot read it."""
    text = _HIDDEN.sub(_numbered, text)
    try:
        return read([Piece(text, where)], STUDENTS_MARKDOWN)
    except ConversionError:
        return _source(text, where)


def _source(text: str, where: str) -> Pieces:
    why = tree("Para", [tree("Strong", [tree("Str", "This answer cannot be laid out. Its source:")])])
    return Pieces([why, tree("CodeBlock", [["", [], []], text])], [where])


def _blocks(texts: Iterable[_Answer], to: Typst) -> list[Tree]:
    blocks: list[Tree] = []
    for cell, question, answer in texts:
        points = marks(cell).get("points", 0)
        writer = Writer(to, set(), lenient=True)
        asked, given = writer.write(question), writer.write(answer)
        blocks += [
            *to.box("exercise", {"id": grade_id(cell), "points": f"{points:g}"}, asked),
            *given,
            tree("RawBlock", ["typst", f"#mark({points:g})"]),
        ]
    return blocks


def _printable(formulas: Mapping[str, str]) -> dict[str, str]:
    """The formulas that Typst can show, found by halves; where very many cannot be shown, none of those that are left."""
    shown, waiting, until = {}, [list(formulas.items())], time.monotonic() + _SECONDS
    while waiting and time.monotonic() < until:
        part = waiting.pop()
        if _compiles(body for _, body in part):
            shown |= dict(part)
        elif len(part) > 1:
            waiting += [part[: len(part) // 2], part[len(part) // 2 :]]
    return shown


def _compiles(bodies: Iterable[str]) -> bool:
    text = "\n\n".join(f'#math.equation(alt: "x", ${body}$)' for body in bodies)
    try:
        compile_pdf(f'#import "handout.typ": *\n#set document(title: "x")\n{text}', {})
    except CourseError:
        return False
    return True


def _attachments(cell: NotebookNode) -> Iterable[tuple[str, bytes]]:
    """The pictures attached to a cell that are what they say they are."""
    for name, bundle in cell.get("attachments", {}).items():
        for kind, form in _PICTURES.items():
            try:
                content = base64.b64decode(bundle[kind])
                with Image.open(BytesIO(content), formats=[form]) as picture:
                    if picture.width * picture.height > _MOST_PIXELS:
                        continue
                    picture.load()
            except Exception:  # Pillow has many names for what may be wrong with a file
                continue
            yield name, content
