"""docs/seeds.md says where each requirement lives: whatever it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "seeds.md").read_text()
CELLS = {
    name.removesuffix("-test")
    for path in (ROOT / "source").glob("*.py")
    for name in re.findall(r'"grade_id": "([^"]+)"', path.read_text())
}


def test_exercises_and_cells_it_names_are_in_the_notebooks():
    named = set(re.findall(r'[`"](q\d[a-z]?-[\w-]+|mistake-[\w-]+|\d\d-[\w-]+)[`"]', PAGE))
    assert len(named) > 100
    assert named <= CELLS, sorted(named - CELLS)


def test_helpers_it_names_are_there():
    named = re.findall(r"`(helpers/[\w./]+)`", PAGE)
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_equations_it_names_are_in_the_notebooks():
    sources = "".join(path.read_text() for path in (ROOT / "source").glob("*.py"))
    named = set(re.findall(r"\((\d\.\d+)\)", PAGE))
    assert named <= set(re.findall(r"\\tag\{(\d\.\d+)\}", sources))


def test_every_row_of_a_table_has_all_its_cells():
    for line in PAGE.splitlines():
        assert not line.startswith("|") or line.count("|") == 5, line
