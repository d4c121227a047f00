"""Is a planted mistake named when a student makes it, on visible and on fresh inputs, and nothing else?"""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from autograde.cli import main
from autograde.course import Course, CourseError
from autograde.diagnosis import PlantedMistakes, fingerprints, is_stale, keep
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.job import Job, Outcome
from autograde.mistakes import common_mistakes
from autograde.planted import read_patches
from autograde.verdict import Verdict
from helpers import check_close, exercise, hints
from helpers.exercise import NOT_SHOWN
from helpers.hints import fingerprint, known_mistakes, nudges_for
from helpers.verdicts import WrongValue
from tests.small_course import RIGHT, hand_in, write_course
from tests.test_authoring import GOOD, TEST

#: Visible: positive numbers alone. Hidden: any.
FRESH = TEST.replace('double(2.0), 4.0, "double(2)"', 'double(np.array([0.1, 0.7])), np.array([0.2, 1.4]), "double"')
FRESH = FRESH.replace("from helpers import", "import numpy as np\nfrom helpers import")
FRESH = FRESH.replace(
    'with exercise("q1-double"):\n    check_close(double(3.0), 6.0, "double(3)")',
    'from helpers import fresh_inputs\n\nwith fresh_inputs("q1-double") as rng:\n    x = rng.normal(size=9)\n'
    '    check_close(double(x), 2 * x, "double(x)")',
)
COURSE = GOOD.replace(TEST, FRESH)
SQUARES, SIZES = "return x**2", "return 2 * abs(x)"


def planted(does: str, says: str, line: str) -> str:
    return f'"""{does}\n\nloses: q1-double\n{says}"""\n\n\n# %% q1-double\ndef double(x):\n    {line}\n'


SQUARED = planted("Squares.", "\nsays: Is twice a number\nits square?\n", SQUARES)
SIGNLESS = planted("Forgets signs.", "\nsays: What of negative numbers?\n", SIZES)
MUTE = planted("Triples.", "", "return 3 * x + 0.01")


@pytest.fixture
def course(tmp_path):
    write_course(tmp_path, COURSE)
    course = Course(tmp_path)
    course.planted.mkdir(parents=True)
    (course.root / "helpers").mkdir()  # as in the kit, whose own course has it
    for name, text in (("squared", SQUARED), ("signless", SIGNLESS), ("mute", MUTE)):
        (course.planted / f"{name}.py").write_text(text)
    return course


@pytest.fixture
def built(course):
    return write_course(course.root, COURSE)


@pytest.fixture
def known(course, built, monkeypatch):
    """The course's fingerprints in the place of this kit's."""
    keep(course, built)
    hints._fingerprints.cache_clear()
    monkeypatch.setattr(hints, "FINGERPRINTS", course.fingerprints)
    yield
    hints._fingerprints.cache_clear()


def test_a_planted_mistake_is_named(known):
    with pytest.raises(WrongValue) as raised, exercise("q1-double"):
        check_close(np.array([0.1, 0.7]) ** 2, np.array([0.2, 1.4]), "double")
    assert raised.value.details[-1] == "Is twice a number its square?"


@pytest.mark.parametrize("values", [[0.1, 0.49], [0.01, 0.48999], [0.2, -1.4]])
def test_nothing_else_is_named(known, values):
    with pytest.raises(WrongValue) as raised, exercise("q1-double"):
        check_close(np.array(values), np.array([0.2, 1.4]), "double")
    assert "square" not in str(raised.value)
    with pytest.raises(WrongValue) as raised, exercise("q1-half"):
        check_close(np.array([0.01, 0.49]), np.array([0.2, 1.4]), "half")
    assert "square" not in str(raised.value)


def test_two_mistakes_that_cannot_be_told_apart_are_both_named(course, built, known):
    (course.planted / "powered.py").write_text(SQUARED.replace("Is twice a number\nits square?", "A power?"))
    assert is_stale(course, built)
    keep(course, built)
    hints._fingerprints.cache_clear()
    assert not is_stale(course, built)
    with pytest.raises(WrongValue) as raised, exercise("q1-double"):
        check_close(np.array([0.1, 0.7]) ** 2, np.array([0.2, 1.4]), "double")
    assert raised.value.details[-1] in (
        "Is twice a number its square? Or: A power?",
        "A power? Or: Is twice a number its square?",
    )


def test_what_has_no_nudge_or_passes_the_visible_test_has_no_fingerprint(course, built):
    assert keep(course, built) == 1
    told = json.loads(course.fingerprints.read_text())
    assert [says for _, says in told["q1-double"]] == ["Is twice a number its square?"]
    assert "x**2" not in course.fingerprints.read_text()


def test_what_another_array_could_easily_have_is_no_fingerprint():
    for values in (0.0, 3, [0.0, 0.0], [1, 2], [1.0, np.nan], ["a"], [True, False]):
        assert fingerprint(values) is None
    assert fingerprint([0.5, 1.0]) != fingerprint([1.0, 0.5])
    assert fingerprint(np.arange(9)) is not None
    assert len({fingerprint(np.full(shape, 0.3)) for shape in ((2, 3), (3, 2), 6)}) == 3
    assert known_mistakes("q1b-loss", None) == []


def test_numbers_that_no_sum_can_hold_have_no_fingerprint():
    assert fingerprint(np.full(9, 1.7e308)) is None  # as inf, it would equal every other such mark
    assert fingerprint(np.broadcast_to(0.5, (1_000, 1_001))) is None
    assert fingerprint(np.broadcast_to(0.5, (1_000, 1_000))) is not None


@pytest.mark.parametrize("seed", range(50))
def test_rounding_does_not_hide_a_mistake(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(30, 40))
    mark = fingerprint(values)
    assert nudges_for(fingerprint(values * (1 + rng.normal(size=values.shape) * 1e-15)), [(mark, "that")]) == ["that"]
    assert nudges_for(fingerprint(values + rng.normal(size=values.shape) * 1e-6), [(mark, "that")]) == []


def test_a_mistake_that_hidden_inputs_alone_show_is_named(course, built):
    patches = read_patches(course.planted)
    hidden = fingerprints(built, patches, seed=5)["q1-double"]
    assert sorted(says for _, says in hidden) == ["Is twice a number its square?", "What of negative numbers?"]
    mark = next(mark for mark, says in hidden if says.startswith("What"))
    seen = f"q1-double: wrong value on fresh random inputs; {NOT_SHOWN}"
    outcome = Outcome(
        {"q1-double-test": Verdict("WrongValue", seen, mark), "q1-other-test": Verdict("WrongValue", "x", mark)}
    )
    named = PlantedMistakes(course, built).name(Job("01_small", "", "", {}, seed=5), outcome)
    assert named.verdicts["q1-double-test"].message == f"{seen}\nWhat of negative numbers?"
    assert named.verdicts["q1-other-test"] == outcome.verdicts["q1-other-test"]
    other = PlantedMistakes(course, built).name(Job("01_small", "", "", {}, seed=6), outcome)
    assert other == outcome
    assert Outcome.from_json(named.as_json()) == named


@pytest.mark.usefixtures("needs_room")
def test_a_class_learns_how_often_each_mistake_was_made(course, built, known, tmp_path):
    for student, line in (
        ("ada", ""),
        ("ben", SIZES),
        ("carla", SIZES),
        ("dora", "return 7 * x - 1"),
        ("emi", "return"),
    ):
        hand_in(tmp_path / "in", student, built, RIGHT.replace("return 2 * x", line) if line else RIGHT)
    graded = grade(
        built,
        tmp_path / "in",
        tmp_path / "marks",
        CourseFolder(tmp_path / "gradebook"),
        diagnose=PlantedMistakes(course, built).name,
    )
    assert [(m.exercise, m.said, m.count, m.tried) for m in common_mistakes(graded)] == [
        ("q1-double", "What of negative numbers?", 2, 5),
        ("q1-double", "Does the function end with `return ...`?", 1, 5),
    ]
    report = (tmp_path / "marks" / "report.html").read_text()
    assert "2 of 5" in report
    assert "What of negative numbers?" in report
    page = (tmp_path / "marks" / "feedback" / "ben" / "index.html").read_text()
    assert "What of negative numbers?" in page


def test_commands_keep_fingerprints_and_ask_for_new_ones(course, built, monkeypatch):
    monkeypatch.chdir(course.root)
    done = CliRunner().invoke(main, ["mistakes"])
    assert (done.exit_code, done.output) == (0, "1 mistakes are known by their numbers: helpers/fingerprints.json\n")
    assert not is_stale(course, built)
    (course.planted / "mute.py").unlink()
    assert is_stale(course, built)


def test_what_was_half_merged_is_stale(course, built):
    keep(course, built)
    course.fingerprints.write_text("<<<<<<< HEAD")
    assert is_stale(course, built)


def test_without_a_diagnosis_there_is_still_a_mark(course, built):
    outcome = Outcome({"q1-double-test": Verdict("WrongValue", f"on fresh random inputs; {NOT_SHOWN}", 0.5)})
    unreadable = [replace(built[0], full=None)]
    assert PlantedMistakes(course, unreadable).name(Job("01_small", "", "", {}, seed=5), outcome) == outcome


def test_a_course_whose_own_answer_fails_its_test_is_told_so(course):
    wrong = write_course(course.root, COURSE.replace("return 2 * x + 0 * x + 0 * x", "return 3 * x"))
    with pytest.raises(CourseError, match=r"01_small\.py: the course's own answer fails q1-double-test"):
        fingerprints(wrong, read_patches(course.planted))
