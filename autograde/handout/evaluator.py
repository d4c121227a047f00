"""The value of a formula in a world, by the strict rules of linear algebra: what does not fit raises instead of broadcasting."""

from collections.abc import Mapping
from itertools import pairwise, product

import numpy as np

from autograde.handout.expressions import (
    Apply,
    Binary,
    Call,
    Cases,
    Compare,
    Derivative,
    EquationError,
    Item,
    Member,
    Name,
    Node,
    Number,
    Over,
    free_names,
)
from autograde.handout.worlds import Axes, View

Bound = Mapping[str, int]
_COMPARED = {"<": np.less, ">": np.greater, "<=": np.less_equal, ">=": np.greater_equal}


def evaluate(node: Node, view: View, bound: Bound) -> np.ndarray:
    """The value of a formula. bound: the values (from 1) of its free indices. Raises EquationError."""
    match node:
        case Number(value):
            return np.asarray(value)
        case Name(name):
            return np.asarray(float(bound[name])) if name in bound else view[name]
        case Item(base, indices):
            value, axes = _whole(base, view, bound)
            place = place_of(value, indices, view, bound, axes)
            return np.asarray(0.0) if place is None else _part(value, place)
        case Member():
            return view[member(node, view, bound)]
        case Call(function, arguments):
            values = [evaluate(argument, view, bound) for argument in arguments]
            try:
                return np.asarray(view.world.functions[function](view, *values), dtype=float)
            except (TypeError, ValueError, IndexError) as error:
                raise EquationError(f"{function} of shapes {[value.shape for value in values]}: {error}") from None
        case Apply(function, argument):
            return _apply(function, argument, view, bound)
        case Binary(operator, left, right):
            return _combined(operator, evaluate(left, view, bound), evaluate(right, view, bound))
        case Over():
            return _over(node, view, bound)
        case Derivative(of, by):
            return _derivative(node, of, by, view, bound)
        case Cases(branches):
            apply = [value for value, condition in branches if condition and holds(condition, view, bound)]
            apply = apply or [value for value, condition in branches if not condition]
            if len(apply) != 1:
                raise EquationError(f"{len(apply)} cases apply")
            return evaluate(apply[0], view, bound)
    raise EquationError("a comparison is no value")


def _whole(base: Node, view: View, bound: Bound) -> tuple[np.ndarray, Axes | None]:
    """What a subscript is attached to. A letter with a subscript is never an index."""
    if isinstance(base, Name) and base.name in view.world.quantities:
        return view[base.name], view.world.axes.get(base.name)
    return evaluate(base, view, bound), view.world.axes.get(base.function) if isinstance(base, Call) else None


def member(node: Member, view: View, bound: Bound) -> str:
    """The name of the quantity that a member of a series is."""
    return f"{node.series}^({float(evaluate(node.number, view, bound)):g})"


def holds(node: Node, view: View, bound: Bound) -> bool:
    """Whether a comparison is true, entry for entry."""
    return bool(np.all(_truth(node, view, bound)))


def _truth(node: Node, view: View, bound: Bound) -> np.ndarray:
    if not isinstance(node, Compare):
        raise EquationError("not a comparison")
    values = [evaluate(side, view, bound) for side in node.sides]
    found = np.asarray(True)
    for operator, (left, right) in zip(node.operators, pairwise(values), strict=True):
        if operator in ("=", "!=", "is"):
            same = left.shape == right.shape and bool(np.all(left == right))
            found = found & (same == (operator != "!="))
        elif left.shape == right.shape or not right.shape:
            found = found & _COMPARED[operator](left, right)
        else:
            raise EquationError(f"shape {left.shape} cannot be compared with shape {right.shape}")
    return found


def place_of(value: np.ndarray, indices: tuple, view: View, bound: Bound, axes: Axes | None = None) -> tuple | None:
    """NumPy's index for what a subscript names; None for an entry outside that is 0. Raises EquationError for any other outside."""
    first = axes.first if axes else (1,) * value.ndim
    if value.ndim == 2 and value.shape[0] == 1 and len(indices) == 1:  # a row has one index
        indices = (Number(1.0), *indices)
    if len(indices) > value.ndim:
        raise EquationError(f"{len(indices)} indices for shape {value.shape}")
    place: list = []
    outside = False
    for size, start, index in zip(value.shape, first, indices, strict=False):
        if index is None:
            place.append(slice(None))
            continue
        if isinstance(index, Name) and start <= bound.get(index.name, start - 1) < start + size:
            place.append(bound[index.name] - start)
            continue
        number = evaluate(index, view, bound)
        whole = not number.shape and number == np.round(number)
        if not whole or not (start <= number < start + size or (axes and axes.zero_outside)):
            raise EquationError(f"no entry {number} in shape {value.shape}")
        outside = outside or not start <= number < start + size
        place.append(int(number) - start)
    return None if outside else tuple(place)


def _part(value: np.ndarray, place: tuple) -> np.ndarray:
    part = value[place]
    if value.ndim == 2 and len(place) == 2 and part.ndim == 1:  # a row stays a row, a column a column
        return part[None, :] if isinstance(place[1], slice) else part[:, None]
    if value.ndim == 2 and part.ndim == 1 and len(part) > 1:
        raise EquationError(f"one index for shape {value.shape}")
    return part.reshape(()) if part.size == 1 and part.ndim == 1 else part


def _combined(operator: str, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    scalar = not left.shape or not right.shape
    if operator == "*" and not scalar and left.ndim == 2 and right.ndim == 3 and left.shape == (len(right), 1):
        return np.tensordot(left[:, 0], right, 1)  # the chain rule through a column
    if operator == "*" and not scalar and left.ndim == right.ndim == 2 and left.shape[1] == right.shape[0]:
        found = left @ right
        return found.reshape(()) if found.size == 1 else found  # an inner product is a number
    if operator in ("*", "odot") and scalar and not (operator == "odot" and left.shape != right.shape):
        return left * right
    if operator == "+-" and left.shape == right.shape == ():
        return np.array([[left - right], [left + right]])
    if operator in ("+", "-", "odot"):
        row = left.ndim == right.ndim == 2 and left.shape[1] == right.shape[1] and right.shape[0] == 1
        if left.shape == right.shape or row:  # a row may be added to every row
            return left + right if operator == "+" else left - right if operator == "-" else left * right
    if operator == "/" and not right.shape:
        if right == 0:
            raise EquationError("division by zero")
        return left / right
    if operator == "^" and scalar and left.shape == right.shape:
        power = (
            float(left) ** float(right) if left > 0 or (right == np.round(right) and (left or right > 0)) else np.nan
        )
        return np.asarray(power)
    raise EquationError(f"shapes {left.shape} and {right.shape} do not fit together in {operator!r}")


def _apply(function: str, argument: Node, view: View, bound: Bound) -> np.ndarray:
    if function == "indicator":
        return _truth(argument, view, bound).astype(float)
    if function in ("mean", "variance"):
        return _moment(function, argument, view, bound)
    value = evaluate(argument, view, bound)
    with np.errstate(all="ignore"):  # what is not finite equals nothing
        match function:
            case "transpose" if value.ndim == 2:
                return value.T
            case "diag" if value.ndim == 2 and value.shape[1] == 1:
                return np.diag(value[:, 0])
            case "tr" if value.ndim == 2 and value.shape[0] == value.shape[1]:
                return np.asarray(np.trace(value))
            case "norm" if value.ndim == 2:
                return np.asarray(np.sqrt(np.sum(value**2)))
            case "exp" | "log" | "sqrt" | "abs" | "floor" | "sign":
                return np.asarray(getattr(np, function)(value))
    raise EquationError(f"no {function} of shape {value.shape}")


def _moment(function: str, argument: Node, view: View, bound: Bound) -> np.ndarray:
    """The mean over all that may happen, or the variance; that of an array whose entries are alike is one number."""
    values = np.array([evaluate(argument, each, bound) for each in view.outcomes()])
    if not len(values):
        raise EquationError("nothing happens by chance here")
    if function == "mean":
        return np.mean(values, axis=0)
    spread = np.var(values, axis=0)
    if not np.allclose(spread, spread.flat[0]):
        raise EquationError("the entries have different variances")
    return np.asarray(spread.flat[0])


def _over(node: Over, view: View, bound: Bound) -> np.ndarray:
    ranges = []
    for index in node.indices:
        if node.bounds:
            first, last = (evaluate(end, view, bound) for end in node.bounds)
            if first.shape or last.shape:
                raise EquationError("bounds have to be numbers")
            ranges.append(range(int(first), int(last) + 1))
        elif index in view.world.indices:
            ranges.append(view.world.indices[index])
        else:
            raise EquationError(f"{index} has no range")
    values = []
    for numbers in product(*ranges):
        inside = {**bound, **dict(zip(node.indices, numbers, strict=True))}
        if node.condition is None or holds(node.condition, view, inside):
            values.append(evaluate(node.body, view, inside))
    if not values:
        raise EquationError(f"an empty {node.operator}")
    return {"sum": np.sum, "max": np.max, "min": np.min}[node.operator](np.array(values), axis=0)


def _derivative(node: Node, of: Node, by: Node, view: View, bound: Bound) -> np.ndarray:
    base = by.base if isinstance(by, Item) else by
    if not isinstance(base, Name | Member):
        raise EquationError("a derivative by something that is no quantity")
    name = member(base, view, bound) if isinstance(base, Member) else base.name
    used = free_names(node) & set(bound)
    key = (node, tuple(sorted((name, bound[name]) for name in used)))
    if key not in view.computed:
        value = view[name]
        where = place_of(value, by.indices, view, bound, view.world.axes.get(name)) if isinstance(by, Item) else ()
        if where is None:
            raise EquationError("a derivative by something outside")
        if len(where) == value.ndim - 1 and value.shape[-1] == 1:  # an entry of a column
            where = (*where, 0)
        view.computed[key] = view.derivative(lambda moved: evaluate(of, moved, bound), name, where)
    return view.computed[key]
