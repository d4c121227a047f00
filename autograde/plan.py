"""Which cells of a notebook run where: student code in one process, tests in another, what is given in both.

Decided on the instructor's notebook alone, by the names that its cells bind and use.
"""

import ast
import contextlib
import functools
import re
import symtable
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograde.cells import SKIP_TAG, is_solution, is_test, marks
from helpers.syntax import global_names

#: Calls that bring in what the student wrote in another notebook.
_CARRYING = "carry"
#: What finds names that the text around it does not show.
_FINDS_NAMES = re.compile(
    r"\b(?:globals|locals|vars|eval|exec|compile|get_ipython|__main__|inspect|sys|pickle)\b|^\s*[%!?]|\?\s*$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Plan:
    """What tests build on: by a test's cell id the names that it takes from the student; the ids of given cells it needs."""

    from_student: dict[str, list[str]]
    given: tuple[str, ...]


@functools.lru_cache(4096)
def python_of(source: str) -> str:
    """A cell as plain Python, with IPython's own syntax translated; as it is when even IPython can make nothing of it."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        with warnings.catch_warnings(), contextlib.suppress(Exception):  # students write it: it is nobody's but theirs
            warnings.simplefilter("ignore")
            return TransformerManager().transform_cell(source)
    return source


def bound(source: str) -> set[str]:
    """The names that a cell defines."""
    return {
        symbol.get_name()
        for symbol in _table(source).get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }


def used(source: str) -> set[str]:
    """The names that a cell, or a function in it, takes from other cells or from Python."""
    top = _table(source)
    return global_names(top) - bound(source)


@functools.lru_cache(4096)
def _table(source: str) -> symtable.SymbolTable:
    return symtable.symtable(python_of(source), "<cell>", "exec")


def plan(full: NotebookNode) -> Plan:
    """Where the cells of an instructor's notebook run. Raises SyntaxError for a cell that is not Python."""
    code = [
        cell
        for cell in full.cells
        if cell.cell_type == "code" and cell.source.strip() and SKIP_TAG not in cell.metadata.get("tags", [])
    ]
    student = {_CARRYING}
    given = []
    for cell in code:
        if is_test(cell):
            continue
        if is_solution(cell) or not marks(cell).get("locked") or used(cell.source) & student:
            student |= bound(cell.source)
        else:
            given.append(cell)
    tests = [cell for cell in code if is_test(cell)]
    own = set().union(*(bound(cell.source) for cell in tests))
    needed = set().union(*(used(cell.source) for cell in tests))
    kept = []
    for cell in reversed(given):
        if bound(cell.source) & needed:
            needed |= used(cell.source)
            kept.insert(0, cell.id)
    trusted = own.union(*(bound(cell.source) for cell in given if cell.id in kept))
    names = student - trusted - {_CARRYING}
    return Plan({cell.id: sorted(used(cell.source) & names) for cell in tests}, tuple(kept))


def idle(sources: Mapping[int, str], showing: Collection[int], needed: Collection[str]) -> set[int]:
    """Which of the cells that only show something need not run, since nothing else uses what they define.

    sources: all cells that would run, by number; showing: the numbers of those; needed: names that tests take from them.
    None is idle when the text of another cell does not tell what it uses.
    """
    found, names = set(showing), set(needed)
    for number, source in sources.items():
        if number in found:
            continue
        try:
            names |= global_names(_table(source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return set()
        if _FINDS_NAMES.search(source):
            return set()
    while used_ones := {number for number in found if bound(sources[number]) & names}:
        found -= used_ones
        names = names.union(*(used(sources[number]) for number in used_ones))
    return found
