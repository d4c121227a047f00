"""Each way to write a notebook wrongly is found, with file, cell and remedy."""

import pytest

from autograde.authoring import check_marks, check_text
from autograde.build import read_course
from autograde.course import Course

META = '{{"grade": {grade}, "grade_id": "{id}", "locked": {locked}, {points}"schema_version": 3, "solution": {solution}, "task": false}}'


def header(kind: str, identity: str, points: str = '"points": 2, ') -> str:
    flags = {
        "solution": {"grade": "false", "locked": "false", "solution": "true", "points": ""},
        "test": {"grade": "true", "locked": "true", "solution": "false", "points": points},
        "question": {"grade": "false", "locked": "true", "solution": "false", "points": ""},
        "written": {"grade": "true", "locked": "false", "solution": "true", "points": points},
    }[kind]
    markdown = " [markdown]" if kind in ("question", "written") else ""
    return f"# %%{markdown} nbgrader={META.format(id=identity, **flags)}\n"


SOLUTION = header("solution", "q1-double") + (
    'def double(x):\n    """Twice x."""\n    ### BEGIN SOLUTION\n    return 2 * x + 0 * x + 0 * x\n    ### END SOLUTION\n'
)
TEST = header("test", "q1-double-test") + (
    '"""Is it doubled?"""\nfrom helpers import check_close, exercise\n\nwith exercise("q1-double"):\n'
    '    check_close(double(2.0), 4.0, "double(2)")\n'
    '### BEGIN HIDDEN TESTS\nwith exercise("q1-double"):\n    check_close(double(3.0), 6.0, "double(3)")\n### END HIDDEN TESTS\n'
)
HEADING = "# %% [markdown]\n# ### Exercise `q1-double` · 2 points\n"
WRITTEN = (
    header("question", "q1-why-question")
    + "# ### Exercise `q1-why` · 2 points\n# Why?\n\n"
    + header("written", "q1-why")
    + "# Because of the reasons that the book gives.\n"
)
GOOD = f"# ---\n# jupyter:\n#   kernelspec:\n#     display_name: Python 3\n#     language: python\n#     name: python3\n# ---\n\n{HEADING}\n{SOLUTION}\n{TEST}\n{WRITTEN}"


@pytest.fixture
def faults(tmp_path, workers):
    def check(text: str, *, run: bool = False) -> list[str]:
        path = tmp_path / "source" / "01_small.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        built = read_course(Course(tmp_path))
        return [str(fault) for fault in (check_marks(built, workers) if run else check_text(built))]

    return check


def test_a_good_notebook_has_no_fault(faults):
    assert faults(GOOD) == []
    assert faults(GOOD, run=True) == []


@pytest.mark.parametrize(
    ("old", "new", "cell", "says"),
    [
        ('"grade_id": "q1-double"', '"grade_id": "cell-8dc50d93bc80e053"', "cell-8dc50d93bc80e053", "not readable"),
        ('"grade_id": "q1-double"', '"grade_id": "Q1 Double"', "Q1 Double", "not readable"),
        ('"grade_id": "q1-double"', '"grade_id": "q1-double-test"', "q1-double-test", "also in 01_small.py"),
        ("q1-double-test", "q1-double-check", "q1-double-check", "does not end in -test"),
        ('"points": 2, "schema_version": 3, "solution": false', '"schema_version": 3, "solution": false', "q1-double-test", "no points"),
        ('"points": 2, "schema_version": 3, "solution": true', '"schema_version": 3, "solution": true', "q1-why", "no points"),
        ('"locked": true, "points"', '"locked": false, "points"', "q1-double-test", "not locked"),
        ("Is it doubled?", "It is doubled.", "q1-double-test", "does not begin with a question"),
        ("### END HIDDEN TESTS\n", "### END HIDDEN TESTS\ndouble(2.0)\n", "q1-double-test", "ends in an expression"),
        ('with exercise("q1-double")', 'with exercise("q1-triple")', "q1-double-test", "do not name its exercise"),
        ("with exercise(", "with exercise((", "q1-double-test", "is not Python"),
        ("`q1-double` · 2 points", "`q1-double` · 3 points", "q1-double", "heading promises [3.0]"),
        ("# ### Exercise `q1-double` · 2 points", "# Text", "q1-double", "heading promises nothing"),
        ("q1-why-question", "q1-other", "q1-why", "question is not in a locked cell"),
        ("    ### BEGIN SOLUTION\n", "", "q1-double", "has no solution"),
        ('"""Twice x."""', '"""Twice x.\n\n    return 2 * x + 0 * x + 0 * x\n    """', "q1-double", "shows this line of its answer"),
        ("# Why?", "# Why? Because of the reasons that the book gives.\n# Because of the reasons that the book gives.", "q1-why", "shows this line"),
        ("### END HIDDEN TESTS\n", "", "q1-double-test", "do not pair up"),
        ('"grade": true, "grade_id"', '"grade": true "grade_id"', "(headers)", "cell headers have nbgrader metadata"),
        ('"""Twice x."""', '"""Twice x, see: return 2 * x + 0 * x + 0 * x."""', "q1-double", "shows this line of its answer"),
        ("    ### END SOLUTION\n", "", "q1-double", "do not pair up"),
        ("# Why?", "# Why? See autograde.", "(student version)", "'autograde'"),
        ('with exercise("q1-double")', 'double = lambda x: 2 * x\nwith exercise("q1-double")', "q1-double-test", "the test defines `double`"),
    ],
)  # fmt: skip
def test_each_mistake_is_found(faults, old, new, cell, says):
    assert old in GOOD
    found = faults(GOOD.replace(old, new))
    assert any(f"01_small.py, cell {cell}: " in fault and says in fault for fault in found), found


def test_borrowed_imports_are_found(faults):
    hidden = "### BEGIN HIDDEN TESTS\n"
    first = TEST.replace(hidden, hidden + "import math\n")
    second = TEST.replace("q1-double", "q1-again").replace("double(3.0), 6.0", "double(3.0), math.fsum([6.0])")
    heading, solution = HEADING.replace("q1-double", "q1-again"), SOLUTION.replace("q1-double", "q1-again")
    found = faults(GOOD.replace(TEST, f"{first}\n{heading}\n{solution}\n{second}"))
    assert any("cell q1-again-test: it uses 'math', which only another test imports" in fault for fault in found), found


def test_a_solution_that_fails_its_own_test_is_found(faults):
    found = faults(GOOD.replace("return 2 * x", "return 3 * x"), run=True)
    assert any("cell q1-double: the solution fails its own test (wrong value)" in fault for fault in found)


def test_a_student_version_that_earns_points_is_found(faults):
    body = GOOD.index("    check_close(double(2.0)")
    lazy = GOOD[:body] + "    pass\n" + GOOD[GOOD.index("### BEGIN HIDDEN") :]
    lazy = lazy[: lazy.index("### BEGIN HIDDEN")] + lazy[lazy.index("### END HIDDEN TESTS\n") + 21 :]
    found = faults(lazy, run=True)
    assert any("an untouched notebook ends in 'passed', with 2 of 2 points" in fault for fault in found), found


def test_the_real_course_has_no_fault(built):
    assert check_text(built) == []
