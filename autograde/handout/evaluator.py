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
    Name,
    Node,
    Number,
    Over,
    free_names,
)
from autograde.handout.worlds import View

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
            value = evaluate(base, view, bound)
            return _part(value, place_of(value, indices, view, bound))
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


def holds(node: Node, view: View, bound: Bound) -> bool:
    """Whether a comparison is true, entry for entry."""
    return bool(np.all(_truth(node, view, bound)))


def _truth(node: Node, view: View, bound: Bound) -> np.ndarray:
    if not isinstance(node, Compare):
        raise EquationError("not a comparison")
    values = [evaluate(side, view, bound) for side in node.sides]
    found = np.asarray(True)
    for operator, (left, right) in zip(node.operators, pairwise(values), strict=True):
        if operator in ("=", "!="):
            same = left.shape == right.shape and bool(np.all(left == right))
            found = found & (same == (operator == "="))
        elif left.shape == right.shape or not right.shape:
            found = found & _COMPARED[operator](left, right)
        else:
            raise EquationError(f"shape {left.shape} cannot be compared with shape {right.shape}")
    return found


def place_of(value: np.ndarray, indices: tuple, view: View, bound: Bound) -> tuple:
    """NumPy's index for what a subscript names. Raises EquationError outside of the array."""
    if value.ndim == 2 and value.shape[0] == 1 and len(indices) == 1:  # a row has one index
        indices = (Number(1.0), *indices)
    if len(indices) > value.ndim:
        raise EquationError(f"{len(indices)} indices for shape {value.shape}")
    place: list = []
    for size, index in zip(value.shape, indices, strict=False):
        if index is None:
            place.append(slice(None))
            continue
        number = evaluate(index, view, bound)
        if number.shape or number != np.round(number) or not 1 <= number <= size:
            raise EquationError(f"no entry {number} in shape {value.shape}")
        place.append(int(number) - 1)
    return tuple(place)


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
    if operator in "+-" or operator == "odot":
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


def _over(node: Over, view: View, bound: Bound) -> np.ndarray:
    ranges = []
    for index in node.indices:
        if node.bounds:
            first, last = (evaluate(end, view, bound) for end in node.bounds)
            if first.shape or last.shape or (first != 1 and node.operator != "sum"):
                raise EquationError("bounds have to be numbers")
            ranges.append(range(int(first), int(last) + 1))
        elif index in view.world.indices:
            ranges.append(range(1, view.world.indices[index] + 1))
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
    if not isinstance(base, Name):
        raise EquationError("a derivative by something that is no quantity")
    used = free_names(node) & set(bound)
    key = (node, tuple(sorted((name, bound[name]) for name in used)))
    if key not in view.computed:
        value = view[base.name]
        where = place_of(value, by.indices, view, bound) if isinstance(by, Item) else ()
        if len(where) == value.ndim - 1 and value.shape[-1] == 1:  # an entry of a column
            where = (*where, 0)
        view.computed[key] = view.derivative(lambda moved: evaluate(of, moved, bound), base.name, where)
    return view.computed[key]
