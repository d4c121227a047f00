"""Carry the student's own functions from an earlier notebook into this one."""

import ast
import builtins
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from IPython.core.inputtransformer2 import TransformerManager

from helpers.gradients import norm_error
from helpers.problems import toy_problem


class CannotCarry(Exception):
    """An earlier notebook, or a function in it, cannot be used; the message says what to do about it."""

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[0;31m✗ {self}\x1b[0m"]


_MEND = "Mend it there, save, and run this cell again."


def carry(notebook: str, *names: str, folder: str | Path = ".", tried: bool = True) -> list[Callable]:
    """The named functions as the student wrote them in an earlier notebook of the same folder.

    Imports, functions, classes and what they are made of are taken from it; nothing else in it is run.
    `forward`, `cross_entropy`, `compute_loss` and `backward` must pass the toy problem first, unless tried is False.
    Raises CannotCarry, saying what is missing or wrong, and NotImplementedError for a function that is not done yet.
    """
    path = Path(folder, notebook)
    namespace, failed = _definitions(path, names)
    for name in names:
        if not callable(namespace.get(name)):
            why = f" ({failed[name]})" if name in failed else ""
            raise CannotCarry(
                f"{path.name} defines no function `{name}`{why}. Do its exercise there, save, and run this cell again."
            )
        if tried and name in _TOY_CHECKS:
            _try_on_toy(path, name, namespace, failed)
    return [namespace[name] for name in names]


def _definitions(path: Path, names: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the notebook defines, executed in a namespace of its own, and why some of it could not be."""
    statements = _statements(path)
    wanted = _needed(statements, set(names))
    namespace: dict[str, Any] = {"__name__": path.stem, "__builtins__": builtins}
    failed: dict[str, str] = {}
    for statement in statements:
        bound = _bound_names(statement)
        if not bound & wanted:
            continue
        try:
            exec(compile(ast.Module([statement], type_ignores=[]), path.name, "exec"), namespace)
        except Exception as error:
            failed |= dict.fromkeys(bound, f"{type(error).__name__}: {error}")
    return namespace, failed


def _statements(path: Path) -> list[ast.stmt]:
    """The top-level statements of the notebook's code cells; a cell that is not Python yet is left out."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except FileNotFoundError:
        raise CannotCarry(
            f"{path.name} is not in this folder ({path.parent.resolve()}). Put the earlier notebook beside this one."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise CannotCarry(f"{path.name} cannot be read as a notebook. Open and save it in JupyterLab.") from None
    statements: list[ast.stmt] = []
    for source in sources:
        lines = source.splitlines(keepends=True)
        if lines and lines[0].startswith("%%time"):  # what it times is the student's all the same
            lines = lines[1:]
        try:
            statements += ast.parse(TransformerManager().transform_cell("".join(lines))).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # no Python, or too deeply nested for Python
            continue
    return statements


def _bound_names(statement: ast.stmt) -> set[str]:
    """What a statement defines: imports, functions, classes, and names given a value; nothing for all other statements."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return set()


def _needed(statements: list[ast.stmt], names: set[str]) -> set[str]:
    """The names, and every name that what defines them uses, directly or not."""
    needed, todo = set(), names
    while todo:
        needed |= todo
        defining = [statement for statement in statements if _bound_names(statement) & todo]
        used = {node.id for statement in defining for node in ast.walk(statement) if isinstance(node, ast.Name)}
        todo = used - needed
    return needed


def _forward_error(forward: Callable) -> float:
    toy = toy_problem()
    return float(np.abs(forward(toy.params, toy.X)["P"] - toy.cache["P"]).max())


def _loss_error(compute_loss: Callable) -> float:
    toy = toy_problem()
    return abs(float(compute_loss(toy.params, toy.X, toy.y, toy.reg)) - toy.loss)


def _cross_entropy_error(cross_entropy: Callable) -> float:
    toy = toy_problem()
    return abs(float(cross_entropy(toy.cache["Z3"], toy.y)) - toy.data_loss)


def _backward_error(backward: Callable) -> float:
    toy = toy_problem()
    grads = backward(toy.params, toy.cache, toy.y, toy.reg)
    return max(norm_error(np.asarray(grads[name]), exact) for name, exact in toy.grads.items())


_TOY_CHECKS = {
    "forward": _forward_error,
    "cross_entropy": _cross_entropy_error,
    "compute_loss": _loss_error,
    "backward": _backward_error,
}


def _try_on_toy(path: Path, name: str, namespace: dict[str, Any], failed: dict[str, str]) -> None:
    try:
        error = _TOY_CHECKS[name](namespace[name])
    except NotImplementedError as not_done:
        raise NotImplementedError(
            f"`{name}` needs exercise {not_done} of {path.name}, which is not done yet."
        ) from None
    except Exception as error:
        missing = getattr(error, "name", None)
        cause = f"`{missing}`: {failed[missing]}" if missing in failed else f"{type(error).__name__}: {error}"
        raise CannotCarry(f"Your `{name}` from {path.name} fails on the toy problem ({cause}). {_MEND}") from None
    if not error < 1e-7:
        raise CannotCarry(f"Your `{name}` from {path.name} is off by {error:.3g} on the toy problem. {_MEND}")
