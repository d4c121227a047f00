"""A few shapes as SVG text: lines, circles, boxes, words. No raster anywhere, and colours that differ for any kind of vision."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

#: From Okabe and Ito's palette. Nothing is told by colour alone.
BLUE, ORANGE, GREEN, GREY, INK = "#0072B2", "#D55E00", "#009E73", "#8a8a8a", "#1a1a1a"
_FONT = "Libertinus Serif, Georgia, serif"


@dataclass(frozen=True)
class Figure:
    """A picture, what it shows in words, and the line below it; floats: whether it may go to the top of a page."""

    svg: str
    alt: str
    caption: str
    floats: bool = False


@dataclass
class Drawing:
    """Shapes on a canvas of this size, in the order in which they are added."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def line(self, points: Iterable[tuple[float, float]], color: str = INK, width: float = 1.0, dash: str = "") -> None:
        """A line through points."""
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<polyline points="{places}" fill="none" stroke="{color}" stroke-width="{width}"{dashed}/>')

    def arrow(self, start: tuple[float, float], end: tuple[float, float], color: str = INK, dash: str = "") -> None:
        """A line with a head at its end."""
        (x0, y0), (x1, y1) = start, end
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        dx, dy = (x1 - x0) / length, (y1 - y0) / length
        neck = (x1 - 7 * dx, y1 - 7 * dy)
        self.line([start, neck], color, 1.3, dash)
        head = [(x1, y1), (neck[0] - 3.2 * dy, neck[1] + 3.2 * dx), (neck[0] + 3.2 * dy, neck[1] - 3.2 * dx)]
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in head)
        self.parts.append(f'<polygon points="{places}" fill="{color}"/>')

    def circle(self, x: float, y: float, radius: float, fill: str, stroke: str = INK) -> None:
        """A disc."""
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}"/>')

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "#ffffff",
        stroke: str = INK,
        round_: float = 4,
    ) -> None:
        """A rectangle around the middle (x, y)."""
        left, top = x - width / 2, y - height / 2
        self.parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width}" height="{height}" rx="{round_}" fill="{fill}" stroke="{stroke}"/>'
        )

    def words(
        self, x: float, y: float, text: str, size: float = 14, anchor: str = "middle", color: str = INK, turn: float = 0
    ) -> None:
        """A line of text. Write ^{..} and _{..} for what stands above and below the line, *..* for a letter in italics."""
        turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-family="{_FONT}" font-size="{size}" text-anchor="{anchor}" fill="{color}"{turned}>'
            f"{_marked(text, size)}</text>"
        )

    def svg(self) -> str:
        """The whole picture."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}">{"".join(self.parts)}</svg>'
        )


def _marked(text: str, size: float) -> str:
    """The marks of `words` as spans. Heights are moved by dy, which every renderer knows."""
    out, place, shift = "", 0, 0.0
    while place < len(text):
        mark = text[place]
        if mark == "*":
            end = text.index("*", place + 1)
            out += f'<tspan font-style="italic"{_moved(-shift)}>{escape(text[place + 1 : end])}</tspan>'
            shift, place = 0.0, end + 1
        elif mark in "^_" and text[place + 1 : place + 2] == "{":
            end = text.index("}", place)
            wanted = (-0.38 if mark == "^" else 0.22) * size
            out += (
                f'<tspan font-size="{0.7 * size:.1f}"{_moved(wanted - shift)}>{escape(text[place + 2 : end])}</tspan>'
            )
            shift, place = wanted, end + 1
        else:
            end = min(
                (found for found in (text.find(sign, place + 1) for sign in "*^_") if found > 0), default=len(text)
            )
            out += f"<tspan{_moved(-shift)}>{escape(text[place:end])}</tspan>"
            shift, place = 0.0, end
    return out


def _moved(shift: float) -> str:
    return f' dy="{shift:.1f}"' if shift else ""
