"""Carry the student's own functions from an earlier notebook into this one."""

import ast
import builtins
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from helpers.problems import toy_problem


class CannotCarry(Exception):
    """An earlier notebook, or a function in it, cannot be used; the message says what to do about it."""

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[0;31m✗ {self}\x1b[0m"]


def carry(notebook: str, *names: str, folder: str | Path = ".") -> list[Callable]:
    """The named functions as the student wrote them in an earlier notebook of the same folder.

    Only imports, functions, classes and constants are taken from it; nothing else in it is run.
    `forward` and `compute_loss` must pass the toy problem first.
    Raises CannotCarry, saying what is missing or wrong, and NotImplementedError for a function that is not done yet.
    """
    path = Path(folder, notebook)
    namespace = _definitions(path)
    for name in names:
        if not callable(namespace.get(name)):
            raise CannotCarry(
                f"{path.name} defines no function `{name}`. Do its exercise there, save, and run this cell again."
            )
        if name in _TOY_CHECKS:
            _try_on_toy(path, name, namespace)
    return [namespace[name] for name in names]


def _definitions(path: Path) -> dict[str, Any]:
    """The notebook's imports, functions, classes and constants, executed in a namespace of their own."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except FileNotFoundError:
        raise CannotCarry(
            f"{path.name} is not in this folder ({path.parent.resolve()}). Put the earlier notebook beside this one."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise CannotCarry(f"{path.name} cannot be read as a notebook. Open and save it in JupyterLab.") from None
    namespace: dict[str, Any] = {"__name__": path.stem, "__builtins__": builtins}
    for source in sources:
        try:
            statements = ast.parse(source).body
        except SyntaxError:  # magics, or a cell that is not finished
            continue
        for statement in filter(_defines, statements):
            code = compile(ast.Module([statement], type_ignores=[]), path.name, "exec")
            try:
                exec(code, namespace)
            except NameError:  # a constant made from something that was not taken
                continue
    return namespace


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return not any(isinstance(node, ast.Call) for node in ast.walk(statement.value))
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def _forward_error(forward: Callable) -> float:
    toy = toy_problem()
    return float(np.abs(forward(toy.params, toy.X)["P"] - toy.cache["P"]).max())


def _loss_error(compute_loss: Callable) -> float:
    toy = toy_problem()
    return abs(float(compute_loss(toy.params, toy.X, toy.y, toy.reg)) - toy.loss)


_TOY_CHECKS = {"forward": _forward_error, "compute_loss": _loss_error}


_MEND = "Mend it there, save, and run this cell again."


def _try_on_toy(path: Path, name: str, namespace: dict[str, Any]) -> None:
    try:
        error = _TOY_CHECKS[name](namespace[name])
    except NotImplementedError as not_done:
        raise NotImplementedError(
            f"`{name}` is needed from {path.name}, where exercise {not_done} is not done yet."
        ) from None
    except Exception as error:
        raise CannotCarry(
            f"Your `{name}` from {path.name} fails on the toy problem ({type(error).__name__}: {error}). {_MEND}"
        ) from None
    if not error < 1e-7:
        raise CannotCarry(f"Your `{name}` from {path.name} is off by {error:.3g} on the toy problem. {_MEND}")
