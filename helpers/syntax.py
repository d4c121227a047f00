"""Checks of source text: what a function may not contain, found on its syntax tree."""

import ast
import copy
import functools
import inspect
import symtable
import textwrap
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from helpers.verdicts import NotAllowed, WrongType

_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
#: Calls that loop in Python, however they are imported.
_LOOPING_CALLS = {
    "map",
    "vectorize",
    "apply_along_axis",
    "apply_over_axes",
    "frompyfunc",
    "fromiter",
    "nditer",
    "ndenumerate",
}


class Written:
    """A function or class, or what a name was set to, known by its text alone: it runs in another process, or not at all.

    parts: the nodes that define it, several where the text alone does not tell which one counts. namespace: what the names
    beside it stand for, other Written ones among them.
    """

    def __init__(self, name: str, parts: Sequence[ast.AST], namespace: Mapping[str, Any]) -> None:
        self.__name__, self.parts, self.__globals__ = name, parts, namespace

    @functools.cached_property
    def tree(self) -> ast.AST:
        """The syntax tree, its first line 1."""
        node = self.parts[0]
        first = min([node.lineno, *(line.lineno for line in getattr(node, "decorator_list", []))])
        whole = copy.deepcopy(node if len(self.parts) == 1 else ast.Module(list(self.parts), []))
        return ast.increment_lineno(whole, 1 - first)


def check_no_loops(*functions: Callable) -> None:
    """Check on the syntax tree that functions, and the notebook's functions they call, hold no Python loop (question 1c).

    Comprehensions, `map`, `functools.reduce` and `np.vectorize` are loops too. A function must use an argument: one that
    does nothing has no loop either. Raises NotAllowed, naming the function and its line, and NotImplementedError for a stub.
    """
    functions = tuple(map(_here, functions))
    for function in functions:
        _check_is_written(function)
    for function, tree in _reached_from(functions):
        for node in ast.walk(tree):
            if isinstance(node, _LOOPS) or _is_looping_call(node):
                raise NotAllowed(
                    f"`{_name(function)}` has a Python loop in its line {node.lineno}.",
                    f"yours     {ast.unparse(node).splitlines()[0][:70]}",
                    "expected  one array operation for the whole batch",
                )


def check_calls_none_of(function: Callable, forbidden: tuple[str, ...]) -> None:
    """Check that a function, and those it calls, use none of the forbidden functions or modules, under whatever name.

    Raises NotAllowed, naming what is used and where.
    """
    for called, tree in _reached_from((_here(function),)):
        for node in ast.walk(tree):
            used = _names_behind(node, getattr(called, "__globals__", {})) & set(forbidden)
            if used:
                raise NotAllowed(
                    f"`{_name(called)}` uses `{min(used)}` in its line {node.lineno}.",
                    "expected  your own formula, in NumPy",
                )


def _check_is_written(function: Callable) -> None:
    """Raise what a stub raises, and NotAllowed when no argument is used."""
    tree = _tree(function)
    if tree is None:
        return
    definition = next((node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)), None)
    if definition is None:
        return
    for node in ast.walk(definition):
        if (
            isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and _called_name(node.exc) == "NotImplementedError"
        ):
            raise NotImplementedError(
                *(argument.value for argument in node.exc.args if isinstance(argument, ast.Constant))
            )
    used = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)}
    arguments = {argument.arg for argument in definition.args.args}
    if arguments and not arguments & used:
        raise NotAllowed(f"`{_name(function)}` uses none of its arguments.")


def _is_looping_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    # np.add.reduce is compiled, functools.reduce is not.
    is_reduce = ast.unparse(node.func) in ("reduce", "functools.reduce")
    return is_reduce or _called_name(node) in _LOOPING_CALLS


def _called_name(node: ast.Call) -> str:
    """f for both f(...) and np.f(...)."""
    return getattr(node.func, "id", None) or getattr(node.func, "attr", "")


def _names_behind(node: ast.AST, beside: dict[str, Any]) -> set[str]:
    """What a node names: the word itself, an imported module, and the module or function that a global name stands for."""
    words = {getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "module", None)}
    words |= {alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)}
    value = beside.get(getattr(node, "id", ""))
    words |= {getattr(value, "__name__", None), getattr(value, "__module__", None)}
    return {word.split(".")[0] for word in words if isinstance(word, str)}


def _reached_from(functions: tuple[Callable, ...]) -> list[tuple[Callable, ast.AST]]:
    """Each Python function with its syntax tree, and those of the notebook that it reaches, directly or not."""
    found: dict[Callable, ast.AST] = {}
    todo = list(functions)
    while todo:
        function = todo.pop(0)
        if function in found:
            continue
        tree = _tree(function)
        if tree is not None:
            _check_is_here(function, tree)
            found[function] = tree
            todo += _used_by(function, tree)
    return list(found.items())


def _check_is_here(function: Callable, tree: ast.AST) -> None:
    """Raise NotAllowed when what a name stands for is the text of another notebook, which is not judged here."""
    if isinstance(function, Written) and any(
        isinstance(n, ast.Call) and _called_name(n) == "carry" for n in ast.walk(tree)
    ):
        raise NotAllowed(
            f"`{_name(function)}` comes from another notebook.", "expected  a function defined in this one"
        )


def _here(function: Callable) -> Callable | Written:
    """The function; for a stand-in of one that runs in another process, its text."""
    text = getattr(type(function), "text", None)
    return function if text is None else text(function)


def _unbound(function: Callable) -> Callable:
    """The function itself, without the arguments that functools.partial bound."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _name(function: Callable) -> str:
    return getattr(_unbound(function), "__name__", "the function")


def _tree(function: Callable) -> ast.AST | None:
    """The syntax tree of a function; None for one that is not written in Python, such as np.maximum."""
    function = _unbound(function)
    if isinstance(function, Written):
        return function.tree
    if not isinstance(function, types.FunctionType | types.MethodType):
        return None
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        raise WrongType(
            f"The source of `{function.__name__}` cannot be read.", "expected  a function defined with `def`"
        ) from None


def global_names(table: symtable.SymbolTable) -> set[str]:
    """The names that a piece of code takes from its namespace, or may take."""
    top = table.get_type() in ("module", "class")  # what a class body assigns it may have read before, as a global name
    names = {s.get_name() for s in table.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return names.union(*map(global_names, table.get_children()))


def _used_by(function: Callable, tree: ast.AST) -> Iterator[Callable]:
    """The notebook's functions that a function names, wraps, or reaches through a class."""
    function = _unbound(function)
    if isinstance(function, Written):
        names = global_names(symtable.symtable(ast.unparse(tree), "<text>", "exec"))
        beside = (function.__globals__.get(name) for name in sorted(names))
        yield from (value for value in beside if isinstance(value, Written))
        return
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    values = [function.__globals__[name] for name in sorted(names & function.__globals__.keys())]
    values += [cell.cell_contents for cell in function.__closure__ or ()]
    for value in values:
        if getattr(value, "__module__", None) != function.__module__:
            continue
        if isinstance(value, types.FunctionType):
            yield value
        elif not isinstance(value, types.ModuleType):
            kind = value if isinstance(value, type) else type(value)
            if kind.__module__ == function.__module__:
                yield from (member for member in vars(kind).values() if isinstance(member, types.FunctionType))
