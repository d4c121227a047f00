"""Slips in a program, one at a time: a sign, an operator, an axis, a transpose, a constant, a term, a name, a statement."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,), ast.Mod: (ast.FloorDiv,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
}  # fmt: skip
_COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.Lt), ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
}  # fmt: skip
#: Functions that are taken for each other.
_FUNCTIONS = {
    "maximum": "minimum", "minimum": "maximum", "max": "min", "min": "max", "argmax": "argmin", "sum": "mean", "mean": "sum",
    "log": "log2", "exp": "expm1", "zeros": "ones", "zeros_like": "ones_like", "ones": "zeros", "sqrt": "abs", "floor": "ceil",
    "choice": "permutation", "train": "eval", "eval": "train", "normal": "uniform", "var": "std", "std": "var",
}  # fmt: skip
#: Keys of parameters and of what is kept, that are taken for each other.
_KEYS = {
    "W1": "W2", "W2": "W1", "b1": "b2", "b2": "b1", "A1": "X", "A2": "Z2", "Z2": "A2", "Z3": "P", "P": "Z3",
}  # fmt: skip
_AXES = {0: 1, 1: 0, -1: 0}


@dataclass(frozen=True)
class Mutant:
    """A program with one slip: its kind, the line it is in, what was there and what is there now, and the whole text."""

    kind: str
    line: int
    change: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every slip in the code of a cell, but for what is given with a function's name; each text once. Raises SyntaxError."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    given = {part for node in ast.walk(tree) if isinstance(node, ast.arguments) for part in ast.walk(node)}
    for position, node in enumerate(ast.walk(tree)):
        if node in given:
            continue
        for kind, make in _slips(node):
            whole = copy.deepcopy(tree)
            there = _at(whole, position)
            text = ast.unparse(ast.fix_missing_locations(_Replaced(there, make(copy.deepcopy(there))).visit(whole)))
            if text not in seen:
                seen.add(text)
                yield Mutant(kind, getattr(node, "lineno", 0), _told(node, make), text)


def _at(tree: ast.AST, position: int) -> ast.AST:
    return next(node for number, node in enumerate(ast.walk(tree)) if number == position)


class _Replaced(ast.NodeTransformer):
    def __init__(self, there: ast.AST, by: ast.AST | None) -> None:
        self.there, self.by = there, by

    def visit(self, node: ast.AST) -> ast.AST | None:
        return self.by if node is self.there else self.generic_visit(node)


def _told(node: ast.AST, make: Callable[[ast.AST], ast.AST | None]) -> str:
    after = ast.fix_missing_locations(make(copy.deepcopy(node)))
    return f"{_line(node)} → {'(nothing)' if isinstance(after, ast.Pass) else _line(after)}"


def _line(node: ast.AST) -> str:
    text = f"{node.arg}={ast.unparse(node.value)}" if isinstance(node, ast.keyword) else ast.unparse(node)
    return text.partition("\n")[0][:60]


def _with(**changes: object) -> Callable[[ast.AST], ast.AST]:
    """The same node with other fields."""

    def make(node: ast.AST) -> ast.AST:
        for name, value in changes.items():
            setattr(node, name, value)
        return node

    return make


def _slips(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], ast.AST]]]:
    """The slips that this node alone may have."""
    match node:
        case ast.BinOp(op=ast.MatMult()):
            yield "order", lambda it: ast.BinOp(it.right, ast.MatMult(), it.left)
            yield "transpose", lambda it: ast.BinOp(_transposed(it.left), it.op, it.right)
            yield "transpose", lambda it: ast.BinOp(it.left, it.op, _transposed(it.right))
        case ast.BinOp(op=op):
            kind = "sign" if isinstance(op, ast.Add | ast.Sub) else "operator"
            for other in _OPERATORS.get(type(op), ()):
                yield kind, _with(op=other())
            yield "term", lambda it: it.left
            yield "term", lambda it: it.right
            if isinstance(op, ast.Sub | ast.Div):
                yield "order", lambda it: ast.BinOp(it.right, it.op, it.left)
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield "sign", lambda it: it.operand
        case ast.Attribute(attr="T"):
            yield "transpose", lambda it: it.value
        case ast.Compare(ops=[op]):
            for other in _COMPARISONS.get(type(op), ()):
                yield "comparison", _with(ops=[other()])
        case ast.Constant(value=bool(value)):
            yield "constant", _with(value=not value)
        case ast.Constant(value=int(value)):
            yield "constant", _with(value=value + 1)
            if value:
                yield "constant", _with(value=value - 1)
        case ast.Constant(value=float(value)):
            yield "constant", _with(value=2 * value or 1.0)
        case ast.Constant(value=str(value)) if value in _KEYS:
            yield "name", _with(value=_KEYS[value])
        case ast.keyword(arg="axis", value=ast.Constant(value=axis)) if axis in _AXES:
            yield "axis", _with(value=ast.Constant(_AXES[axis]))
        case ast.Call():
            yield from _call_slips(node)
        case ast.AugAssign(op=op):
            for other in _OPERATORS.get(type(op), ()):
                yield "sign", _with(op=other())
            yield "statement", lambda it: ast.Assign([it.target], it.value)
            yield "statement", lambda _: ast.Pass()
        case ast.Expr(value=ast.Call()) | ast.Assign(targets=[ast.Subscript()]):
            yield "statement", lambda _: ast.Pass()
        case ast.If() | ast.IfExp():
            yield "condition", lambda it: _with(test=ast.UnaryOp(ast.Not(), it.test))(it)


def _call_slips(node: ast.Call) -> Iterator[tuple[str, Callable[[ast.AST], ast.AST]]]:
    name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
    if name == "copy" and isinstance(node.func, ast.Attribute) and not node.args:
        yield "copy", lambda it: it.func.value
    if name in _FUNCTIONS:
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        if not (field == "id" and name in ("sum", "max", "min")):
            yield "function", lambda it: _with(func=_with(**{field: _FUNCTIONS[name]})(it.func))(it)
    if name in ("exp", "log", "sqrt", "tanh", "maximum") and node.args:
        yield "function", lambda it: it.args[0]
    for number, keyword in enumerate(node.keywords):
        if keyword.arg in ("axis", "keepdims", "dim", "size"):
            yield "axis", lambda it, number=number: _with(keywords=it.keywords[:number] + it.keywords[number + 1 :])(it)
    if len(node.args) == 2 and not any(isinstance(argument, ast.Constant | ast.Starred) for argument in node.args):
        yield "order", lambda it: _with(args=it.args[::-1])(it)


def _transposed(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())
