"""The handout's text as pandoc's tree, made ready for one format: formulas, links to equations, boxes, room, figures.

What cannot be converted is a `Problem` with its place, never left out. A format says how its parts look, by `Format`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from autograde.handout.assembly import Piece
from autograde.handout.displays import Display, one_line, read_display
from autograde.handout.front import TITLES
from autograde.handout.pandoc import MARKDOWN, ConversionError, Tree, read_markdown, tree

#: (1.2) or (H.3), wherever it stands in the text.
REFERENCE = re.compile(r"\(((?:\d{1,2}|H)\.\d{1,3})\)")
_BETWEEN = "handout-piece-"


@dataclass(frozen=True)
class Problem:
    """Something that cannot be printed, and where it stands."""

    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Format(Protocol):
    """How a format writes what pandoc does not know; every method returns nodes of pandoc's tree."""

    def display(self, display: Display) -> list[Tree] | None:
        """A displayed formula with its numbers; None for one that cannot be printed."""

    def inline(self, tex: str) -> list[Tree] | None:
        """A formula in running text; None for one that cannot be printed."""

    def link(self, number: str) -> list[Tree]:
        """A reference to the equation with this number."""

    def box(self, kind: str, options: Mapping[str, str], blocks: list[Tree]) -> list[Tree]:
        """A box with one of front.TITLES over it, or room to write, or a figure."""

    def source(self, text: str, why: str) -> list[Tree]:
        """What cannot be printed, as its source, and why."""

    def image(self, address: str, alt: str) -> list[Tree] | None:
        """A picture; None for one that is not there."""

    def leading(self, paragraph: Tree) -> list[Tree]:
        """A paragraph that leads up to a display, and should stand on the same page."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of Markdown as one tree, in which a paragraph of its own names each piece where it begins."""

    blocks: list[Tree]
    places: list[str]

    @property
    def formulas(self) -> list[tuple[str, bool]]:
        """Every formula, and whether it is displayed."""
        return [
            (node["c"][1], node["c"][0]["t"] == "DisplayMath") for node in _nodes(self.blocks) if node["t"] == "Math"
        ]


def read(pieces: Iterable[Piece], markdown: str = MARKDOWN) -> Pieces:
    """All pieces, in one call of pandoc. Raises ConversionError when one of them swallows the next."""
    pieces = list(pieces)
    text = "\n\n".join(f"{_BETWEEN}{number}\n\n{one_line(piece.text)}" for number, piece in enumerate(pieces))
    found = Pieces(read_markdown(text, markdown), [piece.where for piece in pieces])
    begun = {_begins(node) for node in _nodes(found.blocks)}
    for number in range(len(pieces)):
        if number not in begun:
            raise ConversionError(f"{pieces[number - 1].where}: a block in it is not closed.")
    return found


def _begins(node: Tree) -> int | None:
    """The number of the piece that begins at this node."""
    if node["t"] != "Para" or len(node["c"]) != 1 or not str(node["c"][0].get("c", "")).startswith(_BETWEEN):
        return None
    return int(node["c"][0]["c"].removeprefix(_BETWEEN))


def _nodes(node: object) -> Iterable[Tree]:
    """All nodes of a tree, from the top."""
    if isinstance(node, dict):
        if "t" in node:
            yield node
        yield from _nodes(node.get("c"))
    elif isinstance(node, list):
        for item in node:
            yield from _nodes(item)


def _is_display(node: Tree) -> bool:
    """Whether a paragraph is a displayed formula and nothing else."""
    return node.get("t") in ("Para", "Plain") and len(node["c"]) == 1 and _displayed(node["c"][0])


def _displayed(node: Tree) -> bool:
    return node.get("t") == "Math" and node["c"][0]["t"] == "DisplayMath"


def _apart(nodes: list) -> list:
    """The same blocks, with displayed formulas in paragraphs of their own."""
    apart: list = []
    for node in nodes:
        if not (isinstance(node, dict) and node.get("t") in ("Para", "Plain") and any(map(_displayed, node["c"]))):
            apart.append(node)
            continue
        parts: list[list[Tree]] = [[]]
        for inline in node["c"]:
            if _displayed(inline):
                parts += [[inline], []]
            else:
                parts[-1].append(inline)
        for part in parts:
            while part and part[0]["t"] in ("SoftBreak", "Space"):
                part = part[1:]
            while part and part[-1]["t"] in ("SoftBreak", "Space"):
                part = part[:-1]
            if part:
                apart.append(tree(node["t"], part))
    return apart


def _left(align: Tree) -> Tree:
    return tree("AlignLeft") if align["t"] == "AlignDefault" else align


class Writer:
    """Makes blocks ready for a format. lenient: what cannot be printed becomes its source in a box, else a problem.

    numbers: the equations that a reference may lead to.
    """

    def __init__(self, to: Format, numbers: set[str], lenient: bool = False) -> None:
        self.to, self.numbers, self.lenient = to, numbers, lenient
        self.problems: list[Problem] = []
        self.where, self.places = "", []

    def write(self, pieces: Pieces) -> list[Tree]:
        """All blocks, ready; what went wrong is in problems."""
        self.places = pieces.places
        return self._all(pieces.blocks)

    def _all(self, nodes: list) -> list:
        ready: list = []
        for node in _apart(nodes):
            if isinstance(node, dict) and _is_display(node) and ready and ready[-1].get("t") in ("Para", "Plain"):
                ready[-1:] = self.to.leading(ready[-1])
            if isinstance(node, dict) and "t" in node:
                ready += self._one(node)
            else:
                ready.append(self._inside(node))
        return ready

    def _inside(self, node: object) -> object:
        return self._all(node) if isinstance(node, list) else node

    def _one(self, node: Tree) -> list[Tree]:
        match node["t"]:
            case "Para" if (number := _begins(node)) is not None:
                self.where = self.places[number]
                return []
            case "Math":
                return self._formula(node["c"][1], node["c"][0]["t"] == "DisplayMath")
            case "Str":
                return self._references(node["c"])
            case "Div" if (kind := self._kind(node)) in (*TITLES, "room", "figure"):
                options = {**dict(node["c"][0][2]), "id": node["c"][0][0]}
                return self.to.box(kind, options, self._all(node["c"][1]))
            case "RawBlock" | "RawInline":
                return self._refused(node["c"][1], "HTML cannot be printed", block=node["t"] == "RawBlock")
            case "Image":
                return self._image(node)
            case "Header" if self.lenient:
                return [tree("Para", [tree("Strong", self._all(node["c"][2]))])]
            case "Link" if self.lenient and node["c"][2][0].startswith("#"):
                return self._all(node["c"][1])
            case "Link":
                return [tree("Link", [node["c"][0], self._all(node["c"][1]), node["c"][2]])]
            case "Table":
                return [self._table(node)]
        return [node | {"c": self._inside(node["c"])} if "c" in node else node]

    @staticmethod
    def _kind(node: Tree) -> str:
        classes = node["c"][0][1]
        return classes[0] if classes else ""

    def _formula(self, tex: str, displayed: bool) -> list[Tree]:
        ready = self.to.display(read_display(tex)) if displayed else self.to.inline(tex)
        return self._refused(tex, "the formula cannot be printed") if ready is None else ready

    def _refused(self, source: str, why: str, block: bool = False) -> list[Tree]:
        if not self.lenient:
            self.problems.append(Problem(f"{why}: {source}", self.where))
            return []
        nodes = self.to.source(source, why)
        return [tree("Para", nodes)] if block else nodes

    def _references(self, text: str) -> list[Tree]:
        ready, last = [], 0
        for match in REFERENCE.finditer(text):
            if match[1] in self.numbers:
                ready += [tree("Str", text[last : match.start()]), *self.to.link(match[1])]
                last = match.end()
            elif not self.lenient:
                self.problems.append(Problem(f"{match[0]} refers to no equation of this handout.", self.where))
        return [*ready, tree("Str", text[last:])] if last else [tree("Str", text)]

    def _image(self, node: Tree) -> list[Tree]:
        alt = "".join(part.get("c", " ") for part in node["c"][1] if part["t"] in ("Str", "Space"))
        ready = self.to.image(node["c"][2][0], alt)
        return (
            self._refused(f"![{alt}]({node['c'][2][0][:200]})", "the picture is not in the notebook")
            if ready is None
            else ready
        )

    def _table(self, node: Tree) -> Tree:
        """A table whose columns are as wide as what stands in them."""
        attributes, caption, columns, *rest = node["c"]
        return tree(
            "Table",
            [
                attributes,
                caption,
                [[_left(align), tree("ColWidthDefault")] for align, _ in columns],
                *map(self._inside, rest),
            ],
        )
