"""Checks of source text: what a function may not contain, found on its syntax tree."""

import ast
import inspect
import textwrap
import types
from collections.abc import Callable

from helpers.verdicts import NotAllowed, WrongType

_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_HIDDEN_LOOPS = (
    "map",
    "vectorize",
    "apply_along_axis",
    "apply_over_axes",
    "frompyfunc",
    "fromiter",
    "nditer",
    "ndenumerate",
)


def check_no_loops(*functions: Callable) -> None:
    """Check on the syntax tree that functions, and the notebook's functions they call, hold no Python loop (question 1c).

    Comprehensions, `map` and `np.vectorize` are loops too. Raises NotAllowed, naming the function and its line.
    """
    for function, tree in _called_from(functions):
        for node in ast.walk(tree):
            if isinstance(node, _LOOPS) or _calls(node) in _HIDDEN_LOOPS:
                raise NotAllowed(
                    f"`{function.__name__}` has a Python loop in its line {node.lineno}.",
                    f"yours     {ast.unparse(node).splitlines()[0][:70]}",
                    "expected  one array operation for the whole batch",
                )


def check_calls_none_of(function: Callable, forbidden: tuple[str, ...]) -> None:
    """Check on the syntax tree that a function and those it calls use none of the forbidden names or modules.

    Raises NotAllowed, naming what is used and where.
    """
    for called, tree in _called_from((function,)):
        for node in ast.walk(tree):
            names = {getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "module", None)}
            names |= {alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)}
            used = sorted(
                name for name in forbidden if any(n and n.split(".")[0] == name for n in names if isinstance(n, str))
            )
            if used:
                raise NotAllowed(
                    f"`{called.__name__}` uses `{used[0]}` in its line {node.lineno}.",
                    "expected  your own formula, in NumPy",
                )


def _called_from(functions: tuple[Callable, ...]) -> list[tuple[Callable, ast.AST]]:
    """Each function with its syntax tree, and those defined beside it that it calls, directly or not."""
    found: dict[Callable, ast.AST] = {}
    todo = list(functions)
    while todo:
        function = todo.pop(0)
        if function in found:
            continue
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, TypeError, SyntaxError):
            name = getattr(function, "__name__", repr(function))
            raise WrongType(
                f"The source of `{name}` cannot be read.", "expected  a function defined with `def`"
            ) from None
        found[function] = tree
        beside = getattr(function, "__globals__", {})
        called = {_calls(node) for node in ast.walk(tree)}
        todo += [
            value
            for name in sorted(called - {None})
            if isinstance(value := beside.get(name), types.FunctionType) and value.__module__ == function.__module__
        ]
    return list(found.items())


def _calls(node: ast.AST) -> str | None:
    """The name that a node calls: f for f(...) and for np.f(...)."""
    if not isinstance(node, ast.Call):
        return None
    return getattr(node.func, "id", None) or getattr(node.func, "attr", None)
