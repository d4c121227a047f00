"""Whether what a displayed equation says is true in a world: every side of it is read from the printed LaTeX and evaluated."""

import math
import re
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from autograde.handout.evaluator import evaluate, holds
from autograde.handout.expressions import Compare, EquationError, Name, free_names
from autograde.handout.parser import parse
from autograde.handout.worlds import View, World

_REMARK = re.compile(r"^\s*\\text\{[^{}]*\}")
_SHAPES = re.compile(r"(?:\(\s*[A-Z1]\s*,\s*[A-Z1]?\s*\)\s*)+(?:=\s*\(\s*[A-Z1]\s*,\s*[A-Z1]?\s*\))?")
_RANGE = re.compile(r"([a-z])\s*=\s*(\w+)\s*,\s*\\dots\s*,\s*(.+)", re.DOTALL)
_SHAPE = re.compile(r"\(\s*([A-Z1])\s*,\s*([A-Z1]?)\s*\)")
_ALMOST_ZERO = 1e-9


@dataclass(frozen=True)
class Row:
    """One row of a display: its claims, the conditions on its indices, and the shape stated after each claim ("" where none)."""

    claims: tuple[Compare, ...]
    conditions: tuple[Compare, ...]
    shapes: tuple[str, ...]


def read_row(tex: str, world: World) -> Row:
    """What a row says. Parts stand between \\quad or \\qquad: an equation, a condition such as i \\ne j, a shape, a remark."""
    claims: list[Compare] = []
    conditions: list[Compare] = []
    shapes: list[str] = []
    for part in re.split(r"\\qquad|\\quad", tex):
        text = _REMARK.sub("", part.strip()).strip().rstrip(",.;").strip()
        if not text:
            continue
        if _SHAPES.fullmatch(text):
            if not claims:
                raise EquationError(f"the shape {text} stands after no equation")
            shapes[-1] = text
            continue
        if stated := _RANGE.fullmatch(text):
            _verify_range(*stated.groups(), world)
            continue
        node = parse(text, world.names)
        if not isinstance(node, Compare):
            if "" not in world.quantities:
                raise EquationError(f"{text} says nothing that could be true or false")
            node = Compare(("=",), (node, Name("")))
        about_indices = free_names(node) <= set(world.indices)
        if about_indices and claims:
            conditions.append(node)
        else:
            claims.append(node)
            shapes.append("")
    if not claims:
        raise EquationError(f"no equation in {tex}")
    return Row(tuple(claims), tuple(conditions), tuple(shapes))


def _verify_range(index: str, first: str, last: str, world: World) -> None:
    """l = 1, ..., L - 1 has to be how far the index runs."""
    ends = [float(evaluate(parse(end, world.names), View(world), {})) for end in (first, last)]
    reach = world.indices.get(index, range(0))
    if not reach or ends != [reach[0], reach[-1]]:
        raise EquationError(f"{index} does not run from {first} to {last}")


def verify(tex: str, world: World) -> None:
    """Nothing, when all that a row says holds for all values of its indices. Raises EquationError, saying what differs."""
    row = read_row(tex, world)
    view = View(world)
    for claim, shapes in zip(row.claims, row.shapes, strict=True):
        free = sorted(free_names(claim, subscripted=False) & set(world.indices))
        conditions = [c for c in row.conditions if free_names(c) & set(world.indices) <= set(free)]
        tried = 0
        for numbers in product(*(world.indices[index] for index in free)):
            bound = dict(zip(free, numbers, strict=True))
            if all(holds(condition, view, bound) for condition in conditions):
                _verify_one(claim, view, bound, shapes)
                tried += 1
        if not tried:
            raise EquationError("its condition never holds")


def _verify_one(claim: Compare, view: View, bound: dict[str, int], shapes: str) -> None:
    values = [evaluate(side, view, bound) for side in claim.sides]
    if claim.operators == ("<-",):  # the left side is what comes after the step
        values[0] = evaluate(claim.sides[0], view.next(), bound)
    at = f" for {', '.join(f'{name} = {number}' for name, number in bound.items())}" if bound else ""
    for operator, (left, right) in zip(claim.operators, pairwise(values), strict=True):
        if operator not in ("=", "<-"):
            if not holds(claim, view, bound):
                raise EquationError(f"the relation does not hold{at}")
            continue
        if left.shape != right.shape:
            raise EquationError(f"shape {left.shape} on the left of an equals sign, {right.shape} on the right{at}")
        if not (np.all(np.isfinite(left)) and np.all(np.isfinite(right))):
            raise EquationError(f"a side is not finite{at}")
        scale = max(float(np.max(np.abs(left))), float(np.max(np.abs(right))))
        error = float(np.max(np.abs(left - right)))
        if error > view.world.tolerance * scale + _ALMOST_ZERO:
            place = np.unravel_index(np.argmax(np.abs(left - right)), left.shape)
            raise EquationError(f"{left[place]:.6g} on the left of an equals sign, {right[place]:.6g} on the right{at}")
    if shapes:
        _verify_shapes(shapes, values[-1], view, [len(view.world.indices[index]) for index in bound])


def _verify_shapes(text: str, value: np.ndarray, view: View, entries: list[int]) -> None:
    """(N, K)(K, H) = (N, H): neighbours fit, the result is right, and the equation has it.

    entries: how far the indices run for which the equation is stated; an equation for entry k has the shape (K,).
    """
    left, _, right = text.partition("=")
    factors = [_sizes(match, view) for match in _SHAPE.findall(left)]
    result = (factors[0][0], *factors[-1][1:])
    for first, second in pairwise(factors):
        if first[1:] != second[:1]:
            raise EquationError(f"the shapes in {text} do not fit together")
    if right and _sizes(_SHAPE.findall(right)[0], view) != result:
        raise EquationError(f"the shapes in {text} do not multiply to {right}")
    whole = tuple(entries) + value.shape if entries else value.shape
    if math.prod(result) != math.prod(whole) or (len(result) == 2 and result != whole):
        raise EquationError(f"the shape is {value.shape}, not {text}")


def _sizes(letters: tuple[str, str], view: View) -> tuple[int, ...]:
    return tuple(1 if letter == "1" else int(view[letter]) for letter in letters if letter)
