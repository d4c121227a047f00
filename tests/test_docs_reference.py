"""What the pages of docs/ list is what the code has: settings, modules, imports between parts, names in files."""

import ast
import importlib.util
import json
import re
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest

from autograde.due import Due
from autograde.settings import _KNOWN, LatePolicy, Settings, read_settings
from tests.pages_of_docs import DOCS, ROOT, blocks

_DEFAULTS = Settings()


def rows(page: str, columns: int) -> list[list[str]]:
    """The rows of a page's tables with so many columns, as texts."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [row for row in cells if len(row) == columns]


def test_every_setting_is_told_with_its_default():
    late = LatePolicy(Due(datetime(2026, 1, 1)))
    defaults = {
        f"{table}.{key}": getattr(late if table == "late" else getattr(_DEFAULTS, table, _DEFAULTS), key)
        for table, keys in _KNOWN.items()
        for key in keys
        if key not in ("due", "patterns")
    } | {"late.due": None, "intake.patterns": []}
    told = {row[0].strip("`"): row[1].strip("`") for row in rows("config.md", 3) if "." in row[0]}
    told = {key: value for key, value in told.items() if key.split(".")[0] in _KNOWN}
    assert told == {key: "none" if value is None else json.dumps(value) for key, value in defaults.items()}


def test_the_example_of_course_toml_has_every_key(tmp_path):
    example, *_ = [block for block in blocks(DOCS / "config.md") if block.language == "toml"]
    (tmp_path / "course.toml").write_text(example.text, encoding="utf-8")
    assert read_settings(tmp_path) != _DEFAULTS
    assert all(re.search(rf"^{key} = ", example.text, re.MULTILINE) for keys in _KNOWN.values() for key in keys)


def test_examples_of_course_toml_on_other_pages_can_be_read(tmp_path):
    for page in ("config.md", "intake.md", "handout.md"):
        for block in blocks(DOCS / page):
            if block.language == "toml":
                (tmp_path / "course.toml").write_text(block.text, encoding="utf-8")
                assert read_settings(tmp_path) != _DEFAULTS, block.where


def test_environment_variables_are_told_with_who_reads_them():
    told = {row[0].strip("`"): re.findall(r"`([^`]+)`", row[1]) for row in rows("config.md", 3) if row[0].isupper()}
    read = {
        name for path in (ROOT / "helpers").glob("*.py") for name in re.findall(r'"(COURSE_[A-Z]+)"', path.read_text())
    }
    assert read <= told.keys()
    for name, files in told.items():
        assert files
        assert all(name in (ROOT / file).read_text() for file in files), name


def test_the_page_of_helpers_has_what_notebooks_import():
    imported = set()
    for source in (ROOT / "source").glob("*.py"):
        imported |= set(re.findall(r"^ *from (helpers[\w.]*) import", source.read_text(), re.MULTILINE))
    told = set(re.findall(r"automodule:: (\S+)", (DOCS / "helpers.md").read_text()))
    assert told == imported


@pytest.fixture(scope="module")
def architecture() -> ModuleType:
    specification = importlib.util.spec_from_file_location("architecture", DOCS / "architecture.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_picture_is_drawn_from_todays_imports(architecture):
    picture = architecture.PICTURE.read_text(encoding="utf-8")
    assert picture == architecture.drawn(architecture.imports(ROOT)), "run: make docs"


def test_every_module_is_in_one_part_and_every_part_in_the_table(architecture):
    files = architecture.module_files(ROOT)
    assert len(files) > 100
    for module in files:
        assert architecture.part_of(module)
    named = {own for part in architecture.PARTS.values() for own in part.modules if not own.endswith(".")}
    assert named <= files.keys(), "a part names a module that is gone"
    told = [row[0] for row in rows("architecture.md", 2) if row[0] != "part"]
    assert told == list(architecture.PARTS)


def test_no_part_imports_one_that_imports_it_and_no_arrow_leads_up(architecture):
    found = architecture.imports(ROOT)
    parts = architecture.PARTS
    assert [part for part in parts if part in architecture.reachable(part, found)] == []
    assert "candidate" not in {after for _, after in found}, "the examiner knows it by the pipe alone"
    assert [arrow for arrow in architecture.arrows(found) if parts[arrow[0]].row >= parts[arrow[1]].row] == []


def test_arrows_are_imports_and_imports_are_paths(architecture):
    found = architecture.imports(ROOT)
    shown = set(re.findall(r"<title>(\w+) imports (\w+)</title>", architecture.PICTURE.read_text(encoding="utf-8")))
    assert shown <= found
    assert all(after in architecture.reachable(before, shown) for before, after in found)


def test_imports_are_found_wherever_they_stand(architecture, tmp_path):
    for package in ("autograde", "helpers"):
        (tmp_path / package).mkdir()
    (tmp_path / "helpers" / "data.py").touch()
    (tmp_path / "autograde" / "pipe.py").touch()
    (tmp_path / "autograde" / "cells.py").write_text(
        "def late():\n    from autograde import pipe\n    import helpers.data\n"
    )
    assert architecture.imports(tmp_path) == {("base", "pipe"), ("base", "helpers")}


def test_what_is_to_be_changed_is_where_the_table_says():
    table = [row for row in rows("where-to-change.md", 3) if "`" in row[1]]
    assert len(table) > 30
    for what, where, look_for in table:
        files = [ROOT / path for path in re.findall(r"`([^`]+)`", where)]
        assert files, what
        assert [str(path) for path in files if not path.is_file()] == [], what
        for name in re.findall(r"`([^`]+)`", look_for):
            assert any(_has(path, name) for path in files if path.is_file()), f"{what}: {name}"


def _has(path: Path, name: str) -> bool:
    """Whether a module defines this name at its top or in a class, or a text holds these words."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py" or not name.isidentifier():
        return name in text
    tops = ast.parse(text).body
    inner = [node for top in tops if isinstance(top, ast.ClassDef) for node in top.body]
    defined = {node.name for node in tops if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in (*tops, *inner):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        defined |= {leaf.id for target in targets if target for leaf in ast.walk(target) if isinstance(leaf, ast.Name)}
    return name in defined
