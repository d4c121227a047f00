"""Worlds: quantities with values, in which a formula is true or false.

A quantity is a scalar, a column (n, 1), a row (1, n), a matrix (p, q), or a family of columns (N, n, 1), one for each sample.
It is given as an array, or as a function of the other quantities. Moving one quantity moves what is computed from it, and
nothing else: that is what a partial derivative on a computational graph means.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograde.handout.expressions import EquationError
from autograde.handout.reader import Names
from autograde.handout.tokens import name_of

#: Differences over four points; for quantities of size 1 they are exact to about 1e-12.
STEP = 1e-4
_POINTS = {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12}
Quantity = np.ndarray | float | Callable[["View"], Any]


@dataclass(frozen=True)
class Axes:
    """How the entries of an array are counted: from which number on each axis, and whether those outside of it are 0."""

    first: tuple[int, ...]
    zero_outside: bool = False


class World:
    """Named quantities and functions, and how far each index runs: a number of values from 1, or a range.

    functions get the view and the values of their arguments. A quantity named "" is what a display that claims nothing
    has to be worth. axes: arrays whose entries are not counted from 1. after: what a quantity becomes in a step with an arrow.
    outcomes: all that may happen by chance, equally likely; each gives some quantities other values.
    """

    def __init__(
        self,
        quantities: Mapping[str, Quantity],
        functions: Mapping[str, Callable[..., Any]] | None = None,
        indices: Mapping[str, int | range] | None = None,
        tolerance: float = 1e-6,
        axes: Mapping[str, Axes] | None = None,
        after: Mapping[str, Quantity] | None = None,
        outcomes: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.quantities = {name_of(name): value for name, value in quantities.items()}
        self.functions = {name_of(name): function for name, function in (functions or {}).items()}
        self.indices = {
            name_of(name): range(1, reach + 1) if isinstance(reach, int) else reach
            for name, reach in (indices or {}).items()
        }
        self.tolerance = tolerance
        self.axes = {name_of(name): counted for name, counted in (axes or {}).items()}
        self.after = {name_of(name): value for name, value in (after or {}).items()}
        self.outcomes = [{name_of(name): value for name, value in outcome.items()} for outcome in outcomes]
        #: What a view computed in which nothing was moved: quantities by name, derivatives by formula and indices.
        self.remembered: dict[Any, Any] = {}

    @cached_property
    def names(self) -> Names:
        """What a formula may speak of."""
        return Names(frozenset(self.quantities) | frozenset(self.indices), frozenset(self.functions))

    def with_(self, **changes: Any) -> "World":
        """The same world with other indices or another tolerance, or with more quantities or functions."""
        return World(
            self.quantities | {name_of(name): value for name, value in changes.get("quantities", {}).items()},
            self.functions | {name_of(name): value for name, value in changes.get("functions", {}).items()},
            changes.get("indices", self.indices),
            changes.get("tolerance", self.tolerance),
            changes.get("axes", self.axes),
            changes.get("after", self.after),
            changes.get("outcomes", self.outcomes),
        )


class View:
    """A world in which some quantities may have been moved; values are computed when they are asked for."""

    def __init__(self, world: World, moved: Mapping[str, Any] | None = None) -> None:
        self.world, self.moved = world, dict(moved or {})
        self.computed: dict[Any, Any] = {} if self.moved else world.remembered

    def __getitem__(self, name: str) -> Any:
        name = name_of(name)
        if name in self.moved:
            return self.moved[name]
        if name not in self.computed:
            if name not in self.world.quantities:
                raise EquationError(f"{name} has no value here")
            value = self.world.quantities[name]
            value = value(self) if callable(value) else value
            self.computed[name] = np.asarray(value, dtype=float)
        return self.computed[name]

    def but(self, name: str, value: np.ndarray) -> "View":
        """The same view, with one more quantity moved."""
        return View(self.world, self.moved | {name: value})

    def outcomes(self) -> list["View"]:
        """This view in each of the things that may happen."""
        if "outcomes" not in self.computed:
            views = [View(self.world, self.moved | outcome) for outcome in self.world.outcomes]
            self.computed["outcomes"] = views
        return self.computed["outcomes"]

    def next(self) -> "View":
        """This view after a step. Values are those that the world says, computed from the ones before."""
        values = {name: value(self) if callable(value) else value for name, value in self.world.after.items()}
        return View(self.world, self.moved | {name: np.asarray(value, dtype=float) for name, value in values.items()})

    def derivative(self, function: Callable[["View"], np.ndarray], name: str, where: tuple) -> np.ndarray:
        """The derivative of function by the part `where` of a quantity, by differences.

        Its shape is that of the part for a scalar function, and (n, part) for a column of n.
        """
        name = name_of(name)
        base = self[name]
        part = np.zeros_like(base, dtype=bool)
        part[where] = True
        places = np.argwhere(part)
        slopes = []
        for place in map(tuple, places):
            slope = 0.0
            for steps, weight in _POINTS.items():
                value = base.copy()
                value[place] += steps * STEP
                slope = slope + weight / STEP * np.asarray(function(self.but(name, value)), dtype=float)
            slopes.append(slope)
        return _arranged(np.array(slopes), base[where].shape)


def _arranged(slopes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Slopes (places, shape of the function's value) in the shape of a derivative."""
    value_shape = slopes.shape[1:]
    if not value_shape:
        return slopes.reshape(shape)
    if len(value_shape) == 2 and value_shape[1] == 1:  # a column
        rows = slopes[:, :, 0].T  # (n, places)
        if not shape:
            return rows
        return rows if shape[-1] == 1 and len(shape) == 2 else rows.reshape(len(rows), *shape)
    if not shape and len(value_shape) == 2:
        return slopes[0]
    raise EquationError(f"no meaning for the derivative of shape {value_shape} by shape {shape}")


def column(values: Any) -> np.ndarray:
    """A vector as a column (n, 1)."""
    return np.asarray(values, dtype=float).reshape(-1, 1)


def row(values: Any) -> np.ndarray:
    """A vector as a row (1, n)."""
    return np.asarray(values, dtype=float).reshape(1, -1)


def family(rows: Any) -> np.ndarray:
    """The rows (N, n) of a matrix as columns (N, n, 1), one for each sample."""
    return np.asarray(rows, dtype=float)[:, :, None]
