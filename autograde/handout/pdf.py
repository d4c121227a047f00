"""The handout as a tagged PDF, by pandoc and Typst. Fonts come with Typst, and nothing is fetched."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from autograde.course import CourseError
from autograde.handout.displays import Display, read_display
from autograde.handout.document import Pieces
from autograde.handout.figures import FIGURES
from autograde.handout.formulas import display_in_typst, inline_in_typst, label, quoted, to_typst
from autograde.handout.front import TITLES, Front
from autograde.handout.pandoc import Tree, pandoc_tells, tree

_TEMPLATE = "handout.typ"
#: What a lecturer's printer and a screen reader ask for.
STANDARD = "ua-1"
_SECONDS = 30


@dataclass
class Typst:
    """Typst as a `document.Format`."""

    formulas: Mapping[str, str]
    pictures: dict[str, bytes] = field(default_factory=dict)
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, pieces: Pieces, attachments: Mapping[str, bytes] | None = None) -> "Typst":
        """The format with all formulas of a text converted, in one call of pandoc."""
        wanted = [read_display(tex).tex if displayed else tex for tex, displayed in pieces.formulas]
        return cls(to_typst(wanted), attachments=attachments or {})

    def display(self, display: Display) -> list[Tree] | None:
        body = self.formulas.get(display.tex)
        if body is None:
            return None
        return [_raw(display_in_typst(display, body))]

    def inline(self, tex: str) -> list[Tree] | None:
        body = self.formulas.get(tex)
        return None if body is None else [_raw(inline_in_typst(tex, body))]

    def link(self, number: str) -> list[Tree]:
        return [_raw(f"#link(label({quoted(label(number))}))[({number})]")]

    def box(self, kind: str, options: Mapping[str, str], blocks: list[Tree]) -> list[Tree]:
        if kind == "room":
            return [_raw_block(f"#room({float(options['cm'])}cm)")]
        if kind == "figure":
            figure = FIGURES[options["name"]]()
            self.pictures[f"{options['name']}.svg"] = figure.svg.encode()
            picture = f"image({quoted(options['name'] + '.svg')}, alt: {quoted(figure.alt)})"
            return [
                _raw_block(
                    f"#figure(placement: {'auto' if figure.floats else 'none'}, {picture}, caption: {quoted(figure.caption)})"
                )
            ]
        points = f" · {options['points']} points" if "points" in options else ""
        name = f", name: {quoted(options['id'])}, points: {quoted(points)}" if options["id"] else ""
        return [_raw_block(f"#aside({quoted(kind)}, {quoted(TITLES[kind])}{name})["), *blocks, _raw_block("]")]

    def source(self, text: str, why: str) -> list[Tree]:
        return [_raw(f"#unprinted({quoted(text)}, {quoted(why)})")]

    def image(self, address: str, alt: str) -> list[Tree] | None:
        name = address.removeprefix("attachment:")
        if name not in self.attachments:
            return None
        file = f"attachment-{len(self.pictures)}"
        self.pictures[file] = self.attachments[name]
        return [_raw(f"#picture({quoted(file)}, {quoted(alt or 'a picture')})")]

    def leading(self, paragraph: Tree) -> list[Tree]:
        return [_raw_block("#block(sticky: true, width: 100%)["), paragraph, _raw_block("]")]


def _raw(text: str) -> Tree:
    return tree("RawInline", ["typst", text])


def _raw_block(text: str) -> Tree:
    return tree("RawBlock", ["typst", text])


def as_typst(blocks: list[Tree], front: Front) -> str:
    """The whole document in Typst."""
    body = pandoc_tells(["-f", "json", "-t", "typst"], blocks)
    options = ", ".join(
        f"{name}: {quoted(getattr(front, name))}"
        for name in ("course", "title", "version", "reader", "language", "paper")
    )
    return (
        f'#import "{_TEMPLATE}": *\n#show: handout.with({options}, contents: {str(front.contents).lower()})\n\n{body}'
    )


def compile_pdf(text: str, pictures: Mapping[str, bytes], all_fonts: bool = False) -> bytes:
    """The PDF. Raises CourseError with what Typst says, or when it takes too long. It runs in a process of its own.

    all_fonts: also those of this machine, for scripts that Typst's own fonts do not have.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.typ").write_text(text, encoding="utf-8")
        template = resources.files("autograde").joinpath("templates", _TEMPLATE)
        (folder / _TEMPLATE).write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        for picture, content in pictures.items():
            (folder / picture).write_bytes(content)
        command = [sys.executable, "-I", "-c", _COMPILE, str(folder), STANDARD, "" if all_fonts else "ignore"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise CourseError(f"Typst was not done after {_SECONDS} s.") from None
        if done.returncode:
            raise CourseError(f"Typst: {done.stderr.decode(errors='replace').strip()}")
        return (folder / "main.pdf").read_bytes()


_COMPILE = """
import sys, typst
folder, standard, ignore = sys.argv[1:]
try:
    typst.compile(f"{folder}/main.typ", output=f"{folder}/main.pdf", root=folder, ignore_system_fonts=bool(ignore),
                  pdf_standards=[standard])
except typst.TypstError as error:
    sys.exit("\\n".join([error.message, *error.hints, *error.trace]))
"""
