"""The table of guards is about the code that there is; whether fuzzing sees them go, `python -m tests.fuzz.guards` tells."""

import ast
import re
from pathlib import Path

import pytest

from tests.fuzz.guards import GUARDS, Guard, broken

_TARGETS = Path(__file__).parent


def test_each_guard_stands_where_the_table_says_and_can_be_taken_out():
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
    for guard in GUARDS:
        ast.parse(broken(guard))


def test_each_guard_has_its_target_and_each_family_of_targets_a_guard():
    there = {
        f"{path.name}::{name}"
        for path in _TARGETS.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    targets = {guard.target for guard in GUARDS}
    assert targets <= there
    families = {path.name for path in _TARGETS.glob("test_*.py") if "\n@fuzz(" in path.read_text(encoding="utf-8")}
    assert {target.partition("::")[0] for target in targets} - {"test_found.py"} == families


@pytest.mark.parametrize(("content", "times"), [("a b", 0), ("x = 1; x = 1", 2)])
def test_a_guard_that_does_not_stand_there_once_is_told(tmp_path, content, times):
    (tmp_path / "a.py").write_text(content)
    with pytest.raises(ValueError, match=f"stands {times} times in a.py"):
        broken(Guard("a", "a.py", "x = 1", "", ""), tmp_path)
