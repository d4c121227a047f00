"""Does `course audit` find the holes in a course's tests, and only those?"""

import ast
import json

import pytest
from click.testing import CliRunner

from autograde import stage
from autograde.audit import audit
from autograde.audited import refuse_unaudited
from autograde.cli import main
from autograde.course import Course, CourseError
from autograde.mutation import mutants
from autograde.planted import all_patches
from tests.small_course import AFTER, BEFORE, NEARLY, RIGHT, WRONG, write_course
from tests.test_authoring import GOOD

SHARP = GOOD.replace("2 * x + 0 * x + 0 * x", "2 * x  # twice what x is")
#: 2 + 2 is 2 * 2: a test at 2 alone does not tell them apart.
BLIND = SHARP.replace("double(3.0), 6.0", "double(2.0), 4.0").replace("double(5.0), 10.0", "double(2.0), 4.0")


def audited(root, text=SHARP, **options):
    built = write_course(root, text)
    (found,) = audit(Course(root), built, **options)
    return found


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("a @ b", ["b @ a", "a.T @ b", "a @ b.T"]),
        ("a.T @ b", ["a @ b", "b @ a.T", "a.T @ b.T"]),
        ("a - b", ["a + b", "a", "b", "b - a"]),
        ("-a", ["a"]),
        ("f(a, b)", ["f(b, a)"]),
        ("np.sum(a, axis=1)", ["np.mean(a, axis=1)", "np.sum(a)", "np.sum(a, axis=0)", "np.sum(a, axis=2)"]),
        ("a > 0", ["a >= 0", "a < 0", "a > 1"]),
        ("a['W1']", ["a['W2']"]),
        ("a.copy()", ["a"]),
        ("a[k] = 1", ["pass", "a[k] = 2", "a[k] = 0"]),
        ("a += b", ["a -= b", "a = b", "pass"]),
        ("def f(a=1):\n    return a", []),  # what is given with the name
    ],
)
def test_slips_are_those_that_happen(source, changes):
    found = [mutant.source for mutant in mutants(source)]
    assert {ast.unparse(ast.parse(text)) for text in found} >= {ast.unparse(ast.parse(text)) for text in changes}
    assert len(found) == len(set(found))
    assert ast.unparse(ast.parse(source)) not in found
    assert bool(found) == bool(changes)


def test_every_slip_says_where_and_what():
    (slip,) = [mutant for mutant in mutants("def f(x):\n    return x + 1") if mutant.kind == "sign"]
    assert (slip.line, slip.change) == (2, "x + 1 → x - 1")


def test_good_tests_notice_every_slip(tmp_path):
    found = audited(tmp_path)
    assert len(found.slips) >= 4
    assert found.problems == []


def test_a_slip_that_keeps_its_marks_is_named(tmp_path):
    found = audited(tmp_path, BLIND)
    assert "2 * x → 2 + x" in {mutant.change for mutant in found.kept}
    assert "q1-double, line 3: 2 * x → 2 + x keeps its marks" in found.problems


def test_what_is_declared_no_mistake_may_be_kept_and_must_be(tmp_path):
    write_course(tmp_path, BLIND)
    kept = {mutant.change for mutant in audited(tmp_path, BLIND).kept}
    lines = "\n".join(f'"{change}" = "a reason"' for change in kept)
    (tmp_path / "source" / "audit.toml").write_text(f"[q1-double]\n{lines}\n")
    assert audited(tmp_path, BLIND).problems == []
    assert all("which is not kept" in problem for problem in audited(tmp_path).problems)
    (tmp_path / "source" / "audit.toml").write_text("[q1-double\n")
    with pytest.raises(CourseError, match=r"audit\.toml"):
        audited(tmp_path)


def plant(root, name, loses, source):
    folder = root / "tests" / "submissions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(f'"""A patch.\n\nloses: {loses}\n"""\n\n\n# %% q1-double\n{source}')


def test_planted_mistakes_are_noticed_and_right_variants_keep_their_marks(tmp_path):
    plant(tmp_path, "double-forgotten", "q1-double", WRONG)
    plant(tmp_path, "correct-as-sum", "nothing", RIGHT.replace("2 * x", "x + x"))
    found = audited(tmp_path)
    assert found.planted["double-forgotten"].all
    assert not found.right["correct-as-sum"].all
    assert found.problems == []
    plant(tmp_path, "nearly", "q1-double", NEARLY)
    plant(tmp_path, "not-so-right", "nothing", WRONG)
    problems = "\n".join(audited(tmp_path, SHARP.replace(AFTER, BEFORE)).problems)
    assert "nearly keeps its marks" in problems
    assert "not-so-right is right, and loses: q1-double" in problems


def test_a_misspelt_definition_is_noticed(tmp_path):
    plant(tmp_path, "double-misspelt", "q1-double", RIGHT.replace("double", "duoble"))
    assert "`double` is not defined" in audited(tmp_path).planted["double-misspelt"].said


def test_a_slip_that_never_ends_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(stage, "_PATIENCE", 1)
    plant(tmp_path, "endless", "q1-double", "def double(x):\n    while True:\n        pass\n")
    assert audited(tmp_path).planted["endless"].all


def test_a_process_that_dies_is_told():
    with pytest.raises(EOFError):
        stage.Fork(lambda: stage.os._exit(3)).result()


def test_the_command_fails_for_a_hole(tmp_path, monkeypatch):
    write_course(tmp_path, BLIND)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["audit", "--seeds", "1"])
    assert done.exit_code == 1
    assert "course: q1-double, line 3: 2 * x → 2 + x keeps its marks" in done.output
    write_course(tmp_path, SHARP)
    done = CliRunner().invoke(main, ["audit", "--seeds", "1"])
    assert done.exit_code == 0
    assert "No mistake keeps its marks" in done.output


def test_a_release_asks_for_an_audit_of_the_tests_as_they_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        return CliRunner().invoke(main, arguments)

    def refused(built, says):
        with pytest.raises(CourseError, match=says):
            refuse_unaudited(Course(tmp_path), built, [])

    blind = write_course(tmp_path, BLIND)
    refused(blind, r"not tried as they are now\. Run: course audit 01_small")
    assert run("audit", "01_small").exit_code == 1
    refused(blind, "a mistake keeps its marks")
    sharp = write_course(tmp_path, SHARP)
    refused(sharp, "not tried as they are now")
    assert run("audit").exit_code == 0
    refuse_unaudited(Course(tmp_path), sharp, [])
    refused(write_course(tmp_path, SHARP.replace("double(3.0), 6.0", "double(4.0), 8.0")), "not tried as they are now")
    refuse_unaudited(Course(tmp_path), write_course(tmp_path, SHARP.replace("# Why?", "# Why so?")), [])
    (tmp_path / "source" / "audit.json").write_text("<<<<<<<")
    refused(sharp, "not tried as they are now")
    assert run("audit", "02_none").exit_code == 2


def test_the_courses_own_tests_were_audited_as_they_are(course, built):
    refuse_unaudited(course, built, all_patches(course))


def test_nine_of_ten_mistakes_that_are_noticed_are_named(course):
    notes = json.loads((course.root / "source" / "audit.json").read_text())
    counts = [counts for note in notes.values() for counts in note["exercises"].values()]
    total = {key: sum(one[key] for one in counts) for key in counts[0]}
    assert total["slips"] > 1000
    assert total["noticed"] == total["mistakes"] > 600
    assert total["named"] >= 0.9 * total["noticed"]
    assert total["pass"] == total["right"] > 150


def test_the_audit_kept_is_what_an_audit_finds(course, built):
    kept = json.loads((course.root / "source" / "audit.json").read_text())["01_feedforward"]["exercises"]
    assert {one.exercise: one.counts for one in audit(course, built, only=["01_feedforward"])} == kept
