"""Every displayed equation and its check. A code cell of a handout source checks the cell above it:

    holds(world)            everything displayed there is true in this world
    holds(world, "2.2")     the equation with this number is
    holds(world, 1)         the first equation displayed there is
    wrong(world)            everything displayed there is not (a mistake, shown as one)

It finds `rng`, `np`, `special` (scipy.special) and the worlds of `networks`, `training`, `stacks` and `images` there already.
Cells of one file share their names.
"""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from scipy import special

from autograde.course import CourseError
from autograde.handout import images, networks, stacks, training, worlds
from autograde.handout.assembly import Piece, Section, section_displays
from autograde.handout.claims import verify
from autograde.handout.displays import Display
from autograde.handout.expressions import EquationError
from autograde.handout.worlds import World


@dataclass(frozen=True)
class Equation:
    """A displayed equation where it stands; worlds: in which it is checked; true: what is claimed of it there."""

    display: Display
    piece: Piece
    worlds: tuple[World, ...] = ()
    true: bool = True

    @property
    def name(self) -> str:
        """Its number, or its beginning."""
        numbers = ", ".join(f"({number})" for number in self.display.numbers)
        return numbers or self.display.tex[:60]

    @property
    def key(self) -> tuple[str, str]:
        """Its cell and its LaTeX, which are the same in both versions of the handout."""
        return self.piece.where, self.display.tex


@dataclass(frozen=True)
class Failure:
    """An equation that is not what the handout claims it to be, or that nobody checks."""

    equation: Equation
    problem: str

    def __str__(self) -> str:
        return f"{self.equation.piece.where}: {self.equation.name} {self.problem}"


def equations(sections: Iterable[Section], seed: int = 0) -> list[Equation]:
    """Every displayed equation with its check. Raises CourseError for a cell of checks that fails or names nothing."""
    found: list[Equation] = []
    namespace: dict[str, Any] = {}
    source, start = "", 0
    for section in sections:
        if section.pieces:
            start = len(found)
            found += [Equation(display, piece) for display, piece in section_displays(section)]
            continue
        if (here := section.cell.where.partition(",")[0]) != source:
            source, namespace = here, _namespace(seed)
        checked = _Checked(found, start)
        # A copy: what a world computes later must see the names as they are now.
        namespace = namespace | {"holds": checked.holds, "wrong": checked.wrong}
        try:
            exec(compile(section.code, section.cell.where, "exec"), namespace)
        except Exception as error:
            raise CourseError(f"{section.cell.where}: {type(error).__name__}: {error}. Mend it.") from error
    return found


def _namespace(seed: int) -> dict[str, Any]:
    tools = {name: getattr(worlds, name) for name in ("World", "column", "row", "family")}
    made = {name: getattr(module, name) for module in (networks, training, stacks, images) for name in module.WORLDS}
    return {"rng": np.random.default_rng(seed), "np": np, "special": special, **tools, **made}


class _Checked:
    """Gives worlds to the equations of the cell above, found[start:]."""

    def __init__(self, found: list[Equation], start: int) -> None:
        self.found, self.start = found, start

    def holds(self, world: World, *which: str | int, true: bool = True) -> None:
        """Claim that the equations above with these numbers or places, or all that have no check yet, hold in the world.

        Several claims on one equation have to hold all.
        """
        chosen = [place for place in range(self.start, len(self.found)) if self._meant(place, which)]
        if not chosen:
            raise CourseError(f"no equation {' '.join(map(str, which))} in the cell above this check")
        for place in chosen:
            equation = self.found[place]
            self.found[place] = replace(equation, worlds=(*equation.worlds, world), true=true)

    def _meant(self, place: int, which: tuple[str | int, ...]) -> bool:
        equation = self.found[place]
        return bool({*equation.display.numbers, place - self.start + 1} & set(which)) or (
            not which and not equation.worlds
        )

    def wrong(self, world: World, *which: str | int) -> None:
        """Claim that they do not."""
        self.holds(world, *which, true=False)


def failures(found: Iterable[Equation], checked: Container[tuple[str, str]] = ()) -> list[Failure]:
    """What is wrong with the equations: no check, a check that fails, a number used twice.

    checked: the keys of those that were evaluated already, in the other version; they need a check here, too, but no second run.
    """
    found = list(found)
    problems = []
    for equation in found:
        try:
            if equation.key not in checked or not equation.worlds:
                check(equation)
        except EquationError as error:
            problems.append(Failure(equation, str(error)))
    used = Counter(number for equation in found for number in equation.display.numbers)
    for number, times in used.items():
        if times > 1:
            last = [equation for equation in found if number in equation.display.numbers][-1]
            problems.append(Failure(last, f"is a number used {times} times."))
    return problems


def check(equation: Equation) -> None:
    """Nothing, if an equation is what it is claimed to be. Raises EquationError."""
    if not equation.worlds:
        raise EquationError("has no check. Write one in a code cell below it.")
    refuted = []
    for world, row in product(equation.worlds, equation.display.rows):
        try:
            verify(row.tex, world)
        except EquationError as error:
            if equation.true:
                which = f" in ({row.number})" if len(equation.display.numbers) > 1 else ""
                raise EquationError(f"does not hold{which}: {error}") from None
            refuted.append(error)
    if not equation.true and not refuted:
        raise EquationError("is shown as a mistake, and holds.")
