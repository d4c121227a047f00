"""What a submission's text defines, as far as the text tells, without running it.

The process that runs the text may lie about what a name stands for there. What binds a name in ways that cannot be told from the
text makes all of it unclear, so that no rule about source text can be passed by showing one function and running another.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from autograde.plan import python_of
from helpers.syntax import Written
from helpers.verdicts import NotAllowed

#: What is said where the text does not tell; in Jupyter, functions are looked at instead.
UNCLEAR = "What a name stands for cannot be told from this notebook's text."
#: With these, code binds names, or puts one function's code into another, unseen.
_UNSEEN_NAMES = {
    "globals", "locals", "vars", "eval", "exec", "compile", "setattr", "delattr", "__import__", "__builtins__",
    "get_ipython",
}  # fmt: skip
_UNSEEN_ATTRIBUTES = {
    "__globals__", "__dict__", "__code__", "__closure__", "__defaults__", "__kwdefaults__", "__builtins__",
    "__import__", "__setattr__", "__setitem__", "__subclasses__", "__self__", "__loader__", "__spec__", "sys",
    "user_ns", "f_globals", "f_locals", "__getattribute__", "attrgetter", "methodcaller",
}  # fmt: skip
#: Modules with which it does so, and what of them is harmless.
_UNSEEN_MODULES: dict[str, set[str]] = {
    "__main__": set(), "builtins": set(), "ctypes": set(), "code": set(), "codeop": set(), "runpy": set(),
    "pickle": set(), "marshal": set(), "unittest": set(), "inspect": {"getsource", "signature"},
    "IPython": {"display"}, "importlib": {"reload"}, "gc": {"collect"},
    "sys": {"stdout", "stderr", "version", "version_info", "path", "argv", "platform", "maxsize", "float_info", "getsizeof"},
}  # fmt: skip
_COMMANDS = {"get_ipython().run_line_magic", "get_ipython().run_cell_magic"}
#: IPython's own commands that bind nothing, and those that time a statement which they are given.
_HARMLESS = {
    "matplotlib", "config", "who", "whos", "who_ls", "precision", "pip", "lsmagic",
    "pinfo", "pinfo2",
}  # fmt: skip
_TIMED = {"time", "timeit", "prun"}
#: A name that is bound so often under conditions is bound to mislead.
_MOST_ALTERNATIVES = 50


def definitions(sources: Iterable[str]) -> dict[str, Any]:
    """What each name may stand for after some cells, the last definition counting: `Written`, or a stand-in for what is imported.

    A name that is bound under a condition, in a loop, or from within a function stands for all that it may be.
    Raises NotAllowed when the text does not tell.
    """
    statements = list(_statements(sources))
    try:
        cause = _unclear(statements)
    except RecursionError:  # thousands of terms in one expression
        cause = "an expression that is nested too deeply"
    if cause:
        raise NotAllowed(
            UNCLEAR,
            f"yours     {cause[:70]}",
            "expected  functions defined with `def`, and a notebook without that",
        )
    namespace: dict[str, Any] = {}
    for statement in statements:
        plain = _plainly(statement, namespace)
        for name in _bound(statement) - plain.keys():
            before = namespace.get(name)
            parts = [*(before.parts if isinstance(before, Written) else []), statement]
            plain[name] = Written(name, parts, namespace)
        namespace |= plain
    return namespace


def _unclear(statements: list[ast.stmt]) -> str:
    """What keeps the text from telling what names stand for; "" when nothing does."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    imported, unseen = set(), {}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            if not _is_harmless(node):
                return ast.unparse(node)
            imported |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            unseen |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in _UNSEEN_MODULES}
        if isinstance(node, ast.Attribute) and node.attr in _UNSEEN_ATTRIBUTES:
            return f".{node.attr}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr" and _names_unseen(node.args[1:2]):
            return ast.unparse(node)
    harmless = {
        node.value
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in _UNSEEN_MODULES.get(unseen.get(_first_name(node), ""), ())
    }
    harmless |= {name for node in nodes for name in _own_names_returned(node)}
    for node in nodes:
        if isinstance(node, ast.Name) and node not in harmless and (node.id in _UNSEEN_NAMES or node.id in unseen):
            return node.id
        # np.exp = ...
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) and _first_name(node) in imported:
            return f"{ast.unparse(node)} = ..."
    often = Counter(name for statement in statements for name in _bound(statement) - _plainly(statement, {}).keys())
    return next((f"{name}, set in {times} places" for name, times in often.items() if times > _MOST_ALTERNATIVES), "")


def _own_names_returned(node: ast.AST) -> Iterator[ast.Name]:
    """The `locals` of a function that ends in `return locals()`: names that its text binds, and none of the notebook's."""
    match node:
        case ast.FunctionDef(body=[*_, ast.Return(ast.Call(ast.Name("locals") as name, [], []))]):
            yield name


def _names_unseen(name: list[ast.expr]) -> bool:
    """Whether getattr may be asked for what is not to be used: its name is computed, or one of those."""
    return not (name and isinstance(name[0], ast.Constant) and name[0].value not in _UNSEEN_ATTRIBUTES)


def _is_harmless(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import brings nothing but what may be used here; of whole modules that is seen where they are used."""
    names = {alias.name for alias in node.names}
    if isinstance(node, ast.Import):
        # IPython.display: what is bound is IPython, whole.
        return not any("." in name and name.split(".")[0] in _UNSEEN_MODULES for name in names - {"IPython.display"})
    first, *rest = (node.module or "").split(".")
    if "*" in names or names & (_UNSEEN_MODULES.keys() | _UNSEEN_ATTRIBUTES):
        return False
    return first not in _UNSEEN_MODULES or (names if not rest else {rest[0]}) <= _UNSEEN_MODULES[first]


def _first_name(node: ast.expr) -> str:
    """np of np.linalg.norm."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _statements(sources: Iterable[str]) -> Iterator[ast.stmt]:
    """The statements of the cells that are Python, IPython's commands replaced by what they time."""
    for source in sources:
        try:
            tree = ast.parse(python_of(source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in tree.body:
            timed = _timed(statement)
            yield from [statement] if timed is None else _statements([timed])


def _timed(statement: ast.stmt) -> str | None:
    """The code that a command of IPython's runs, "" for none; None for what is no such command, or may do anything."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) not in _COMMANDS or call.keywords:
        return None
    if not call.args or not all(isinstance(argument, ast.Constant) for argument in call.args):
        return None
    command, *code = [str(argument.value) for argument in call.args]
    if command in _HARMLESS:
        return ""
    if command not in _TIMED:
        return None
    words = "\n".join(code).split()
    while words and words[0].startswith("-"):  # its options
        del words[0 : 1 if len(words[0]) > 2 or words[0] in ("-q", "-o", "-c") else 2]
    line = "\n".join(code)
    return line[line.find(words[0]) :] if words else ""


def _plainly(statement: ast.stmt, namespace: dict[str, Any]) -> dict[str, Any]:
    """What a definition, an import or a plain assignment at the top of a cell binds."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name: Written(statement.name, [statement], namespace)}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        module = getattr(statement, "module", None)
        return {
            (alias.asname or alias.name).split(".")[0]: SimpleNamespace(
                __name__=alias.name, __module__=module or alias.name
            )
            for alias in statement.names
        }
    if not isinstance(statement, ast.Assign):
        return {}
    value = statement.value
    if isinstance(value, ast.Name) and all(isinstance(target, ast.Name) for target in statement.targets):
        return {target.id: namespace.get(value.id) for target in statement.targets}
    names = {node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return {name: None if isinstance(value, ast.Constant) else Written(name, [value], namespace) for name in names}


class _Bound(ast.NodeVisitor):
    """The names that a statement may bind in the notebook's namespace."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.names.add(node.id)

    def _visit_scope(self, node: ast.AST) -> None:
        """Names of its own, but for those that it declares global."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.names.add(node.name)
        self.names.update(name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _visit_scope

    def _visit_comprehension(self, node: ast.AST) -> None:
        """Names of its own, but for those that := binds."""
        self.names.update(part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def visit_alias(self, node: ast.alias) -> None:
        self.names.add((node.asname or node.name).split(".")[0])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.names.update({node.name} - {None})
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.names.update({node.name} - {None})
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.names.update({node.rest} - {None})
        self.generic_visit(node)


def _bound(statement: ast.stmt) -> set[str]:
    found = _Bound()
    found.visit(statement)
    return found.names
