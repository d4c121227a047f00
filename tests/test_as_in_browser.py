"""Notebooks 01 to 03 need nothing that a browser lacks: no process, no thread, no package that Pyodide does not have.

What is proven here is proven without a browser; tests/test_site.py opens one.
"""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograde.build import as_text
from autograde.planted import answer, answers_of
from autograde.pyodide import FOR_HELPERS, lock
from autograde.site import NOTEBOOKS
from tests.as_in_browser import MISSING

ROOT = Path(__file__).parents[1]
#: What `helpers` imports only in functions that notebooks 01 to 03 do not call there.
ELSEWHERE = {"filelock", "safetensors", "torch", "torchvision"}
#: So few images, and so few steps, do not train a network.
NOT_TRAINED = {"q3b-accuracy-test"}


@pytest.fixture(scope="module")
def notebooks(built):
    return [item for item in built if item.name in NOTEBOOKS]


def names() -> set[str]:
    """What can be imported in a browser, but for the standard library."""
    return {name for package in lock()["packages"].values() for name in package["imports"]}


def modules_of(statement: ast.AST) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        return [statement.module, *(f"{statement.module}.{alias.name}" for alias in statement.names)]
    return []


def imports(tree: ast.AST) -> tuple[set[str], set[str]]:
    """What a module or a cell imports: when it is run, and later or only for types."""
    later = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    later += [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    found = {name for node in ast.walk(tree) for name in modules_of(node)}
    deferred = {name for part in later for node in ast.walk(part) for name in modules_of(node)}
    return found - deferred, deferred


def reached(cells: list[str]) -> tuple[set[str], set[str]]:
    """All modules that cells import, and that the parts of `helpers` import which they import."""
    now, later, todo = set(), set(), {"helpers"}
    for source in cells:
        todo |= imports(ast.parse(source))[0]
    while todo:
        name = todo.pop()
        now.add(name)
        path = ROOT / (name.replace(".", "/") + ("/__init__" if name == "helpers" else "") + ".py")
        if name.split(".")[0] == "helpers" and path.is_file():
            first, deferred = imports(ast.parse(path.read_text()))
            todo |= first - now
            later |= deferred
    return {name.split(".")[0] for name in now}, {name.split(".")[0] for name in later}


def test_every_import_of_the_notebooks_is_in_pyodides_lock(notebooks):
    cells = [cell.source for item in notebooks for cell in item.release.cells if cell.cell_type == "code"]
    now, later = reached(cells)
    there = sys.stdlib_module_names - MISSING | names() | {"helpers"}
    assert {"numpy", "pandas", "joblib", "PIL", "IPython", "timeit"} <= now
    assert now <= there
    assert later - there <= ELSEWHERE
    wanted = {name for package in FOR_HELPERS for name in lock()["packages"][package]["imports"]}
    assert now - sys.stdlib_module_names - {"helpers"} <= wanted  # each comes with `helpers` itself
    assert not ELSEWHERE & names()


def test_the_part_of_the_lock_is_whole():
    packages = lock()["packages"]
    for package in packages.values():
        assert {name.replace("_", "-") for name in package["depends"]} <= packages.keys()
        assert package["file_name"].endswith((lock()["info"]["abi_version"] + "_wasm32.whl", "-none-any.whl"))
        assert len(package["sha256"]) == 64


def quick(source: str) -> str:
    """The cell, with five steps for each training of a search."""
    return re.sub(r"(\biterations=\[?)\d+", r"\g<1>5", source)


def test_right_answers_run_as_in_a_browser(notebooks, tmp_path):
    changed = 0
    for item in notebooks:
        done = answer(item, answers_of(item.full))
        for cell in done.cells:
            if cell.id in ("03-grid", "q3b-search"):
                changed += cell.source != quick(cell.source)
                cell.source = quick(cell.source)
        (tmp_path / item.filename).write_text(as_text(done))
    assert changed == 2
    ran = subprocess.run(
        [sys.executable, ROOT / "tests" / "as_in_browser.py", *(item.filename for item in notebooks)],
        input=json.dumps(sorted(names())),
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    failed = json.loads((tmp_path / "failed.json").read_text())
    assert failed.keys() <= NOT_TRAINED, failed
    assert (
        "CIFAR-10 cannot be downloaded (a browser does not let notebooks do that): these are the built-in" in ran.stdout
    )
    for test in (cell.id for item in notebooks for cell in item.release.cells if cell.id.endswith("-test")):
        assert test in failed or f"✓ {test.removesuffix('-test')}: passed" in ran.stdout, test
    assert "TqdmMonitorWarning" not in ran.stderr
    assert (tmp_path / "best_two_layer.npz").exists()
