"""What the documentation claims is what was measured, and what was measured is what was asked for."""

import importlib
import inspect
import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from autograde.cells import exercise_id, is_solution, is_test
from autograde.course import CourseError
from benchmarks import convnets, otter, pages, report, solution, startup
from benchmarks.__main__ import PARTS, measure
from benchmarks.grading import different
from benchmarks.tables import TABLES, accuracy_table, comparison
from benchmarks.turns import NotHere, Part, Side, in_turns
from helpers.data import ImageSet
from helpers.synthetic import CLASSES, synthetic_images
from tests.conftest import ROOT
from tests.run_cell import run_cell

REAL, SYNTHETIC = "accuracy-cifar10-jpeg", "accuracy-synthetic"
DEFAULTS, TUNED, DEEP, CONV = (
    "NumPy, 2 layers, the sheet's defaults",
    "NumPy, 2 layers, tuned (notebook 03)",
    "PyTorch, 3 layers (notebook 04)",
    "PyTorch, small ConvNet",
)


def runs(name: str, network: str) -> pd.DataFrame:
    table = pd.DataFrame(report.read(name)["runs"])
    chosen = table[table["network"] == network]
    assert list(chosen["seed"]) == [0, 1, 2]
    return chosen


@pytest.mark.parametrize("page", [pages.OWN, pages.README])
def test_pages_say_what_the_results_say(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert pages.refreshed(page, text) == text, "Run: python -m benchmarks.pages"


def test_the_readme_has_the_table_of_accuracies():
    assert accuracy_table(report.read(REAL)) in (ROOT / "README.md").read_text()


def test_graders_give_equal_marks():
    for graded in (report.read(name) for name in ("grading", "grading-four") if report.kept(name)):
        assert graded["marks"]
        assert graded["differences"] == []


def test_the_solutions_reach_their_marks_on_photographs():
    assert runs(REAL, DEFAULTS)["validation"].between(0.25, 0.35).all()
    assert (runs(REAL, TUNED)["validation"] >= 0.53).all()
    assert (runs(REAL, DEEP)["test"] >= 0.58).all()


def test_the_lessons_hold_on_the_synthetic_set():
    assert runs(SYNTHETIC, DEFAULTS)["validation"].between(0.25, 0.35).all()
    assert (runs(SYNTHETIC, TUNED)["validation"] >= 0.48).all()
    best = max(runs(SYNTHETIC, network)["test"].max() for network in (TUNED, DEEP))
    assert (runs(SYNTHETIC, CONV)["test"] >= best + 0.08).all()


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "least"),
    [
        ("step", "NumPy", "PyTorch", 1 / 1.3),
        ("loading", "the course's cache", "torchvision", 10),
        ("handout", "course handout", "nbconvert, XeLaTeX", 5),
        ("grading-four", "course grade", "nbgrader autograde", 5),
    ],
)
def test_speed_is_what_is_claimed(name, ours, theirs, least):
    sides = report.read(name)["sides"]
    assert statistics.median(sides[theirs]["wall"]) / statistics.median(sides[ours]["wall"]) >= least


def test_notebooks_take_minutes_without_a_network():
    taken = report.read("notebooks-offline")["notebooks"]
    assert len(taken) == 8
    assert all(found["wall"] <= 180 for found in taken.values())


@pytest.fixture(scope="module")
def few_images() -> ImageSet:
    X, y = synthetic_images(600, np.random.default_rng(0))
    return ImageSet("few", CLASSES, X[:400], y[:400], X[400:500], y[400:500], X[500:], y[500:])


def test_the_benchmark_trains_what_the_notebooks_define(few_images):
    course = solution.functions()
    raw, scaled = solution.prepared(few_images, 1.0), solution.prepared(few_images)
    for measured in (
        solution.two_layer(course, raw, 0, defaults=True),
        solution.two_layer(course, scaled, 0),
        solution.perceptron(course, scaled, 0, mirror=True),
        solution.convnet(course, scaled, 0),
    ):
        assert set(measured) == {"training", "validation", "test"}
        assert measured["training"] > 0.1


def test_the_convnet_of_notebook_08_is_trained_as_there(few_images):
    epochs = convnets.convnet_run(few_images, [4, 8], 1, 2, 0.1, 0)
    assert [found["epoch"] for found in epochs] == [1, 2]
    assert epochs[1]["loss"] < epochs[0]["loss"]
    assert 0 <= epochs[1]["test"] <= 1


@pytest.mark.parametrize(("plan", "least"), [("minutes", 0.70), ("hour", 0.81)])
def test_the_convnets_are_what_is_claimed(plan, least):
    assert report.read(f"convnet-{plan}-cifar10-jpeg")["epochs"][-1]["test"] >= least


def test_everything_together_takes_a_quarter_of_an_hour():
    assert sum(part.seconds for part in PARTS if not part.asked) < 14.5 * 60  # and half a minute to set up
    assert {part.name for part in PARTS} <= TABLES.keys()
    assert all(side.turns >= 3 or side.seconds >= 30 for part in PARTS for side in part.sides)


@pytest.mark.parametrize("name", ["accuracy", "notebooks"])
def test_what_is_measured_by_its_own_command_can_be_imported(name):
    assert importlib.import_module(f"benchmarks.{name}").main


def test_sides_are_measured_in_turns_and_one_that_is_missing_is_left_out():
    order = []

    def run(name: str) -> dict[str, float]:
        order.append(name)
        return {"wall": len(order)}

    runs = {name: partial(run, name) for name in "ab"}
    found = in_turns([Side("a", 3, 1), Side("b", 2, 1), Side("c", 3, 1)], runs)
    assert order == ["a", "b", "a", "b", "a"]
    assert found == {"a": {"wall": [1, 3, 5]}, "b": {"wall": [2, 4]}}


def test_the_coordinator_of_grading_does_without_pytorch():
    """It takes seconds to import, and only workers need it."""
    program = f"{startup.IMPORTS}\nimport sys\nassert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def part(name: str, *sides: Side, fails: BaseException | None = None) -> Part:
    """A part whose sides take no time, or which fails at its end."""

    def measure(sides, progress):
        found = in_turns(sides, {side.name: lambda: {"wall": 1.0} for side in sides}, progress)
        if fails:
            raise fails
        return {"sides": found}

    return Part(name, sides or (Side("one", 2, 1),), measure)


@pytest.fixture
def results(monkeypatch, tmp_path) -> Path:
    """Where results go in this test."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    return tmp_path


def test_a_part_that_fails_stops_no_other_and_one_without_its_rival_keeps_earlier_results(results, capsys):
    (results / "b.json").write_text('{"earlier": true}')
    parts = [part("a", fails=CourseError("no room")), part("b", fails=NotHere("no XeLaTeX: apt install it")), part("c")]
    done, failed, stopped = measure(parts, keep=True)
    assert list(done) == ["c"]
    assert failed == {"a": "CourseError: no room"}
    assert not stopped
    assert report.read("b") == {"earlier": True}
    assert report.read("c")["sides"] == {"one": {"wall": [1.0, 1.0]}}
    assert {"measured", "machine"} <= report.read("c").keys()
    assert "b: not measured: no XeLaTeX: apt install it. Earlier results stay." in capsys.readouterr().err


def test_ctrl_c_keeps_the_parts_that_are_done(results):
    done, failed, stopped = measure([part("a"), part("b", fails=KeyboardInterrupt()), part("c")], keep=True)
    assert (list(done), failed, stopped) == (["a"], {}, True)
    assert [path.name for path in results.iterdir()] == ["a.json"]


def test_a_table_has_medians_quartiles_and_ratios_turn_by_turn():
    sides = {"ours": {"wall": [1.0, 2.0, 4.0]}, "theirs": {"wall": [3.0, 4.0, 16.0]}}
    assert comparison({"sides": sides, "missing": {"other": "not installed: pip install it"}}).splitlines() == [
        "| | wall, s | quartiles | turns | times ours |",
        "|---|---|---|---|---|",
        "| ours | 2.0 | 1.0 to 4.0 | 3 | |",
        "| theirs | 4.0 | 3.0 to 16.0 | 3 | 3.0 (2.0 to 4.0) |",
        "| other | not measured: not installed: pip install it | | | |",
    ]


def test_marks_that_differ_or_are_missing_are_told():
    marks = {
        "course grade": {"ada": {"q1": 2.0, "q2": 0.0, "written": 0.0}},
        "other": {"ada": {"q1": 1.0, "written": 3.0}},
    }
    assert different("other", marks, {"q1", "q2"}) == ["other ada q1 1.0 2.0", "other ada q2 None 0.0"]
    assert different("other", marks | {"other": marks["course grade"]}, {"q1", "q2"}) == []


def test_a_quoted_number_is_corrected_and_a_sentence_that_is_gone_is_told():
    quote = pages.Quote("README.md", "It takes {} s; theirs takes {} s", lambda: ["2.5", "21"])
    text = "Before 3. It takes 7 s; theirs\ntakes 20.9 s. After."
    assert pages.quoted(text, quote) == "Before 3. It takes 2.5 s; theirs\ntakes 21 s. After."
    for changed in ("Ours takes 7 s; theirs takes 20.9 s", text + text):
        with pytest.raises(pages.Stale, match=r"README\.md has this sentence [02] times"):
            pages.quoted(changed, quote)


def test_the_course_is_told_to_otter_as_its_users_write_it(built):
    """Its test files decide as our test cells do: right answers pass, a mistake costs its exercise."""
    item = built[1]
    files = otter.test_files(item)
    assert sorted(files) == sorted(exercise_id(cell) for cell in item.full.cells if is_test(cell))
    given = next(cell.source for cell in item.full.cells if cell.id == "02-setup")
    mistake = {"q2c-bias": "def bias_gradient(dZ):\n    return dZ.mean(axis=0)\n"}
    for cells, lost in (({}, set()), (mistake, {"q2c-bias"})):
        env: dict[str, object] = {}
        run_cell(given, "given", env)
        for cell in item.full.cells:
            if is_solution(cell) and cell.cell_type == "code":
                run_cell(cells.get(cell.id, cell.source), cell.id, env)
        assert {exercise for exercise, text in files.items() if not passes(text, env)} == lost


def passes(text: str, env: dict[str, object]) -> bool:
    """Whether a test file's one test passes, called as otter calls it."""
    tests = []
    module = {"test_case": lambda **_: tests.append}
    exec(text.replace("from otter.test_files import test_case\n", ""), module)
    (test,) = tests
    names = inspect.signature(test).parameters
    try:
        test(**{name: env if name == "env" else env.get(name) for name in names})
    except Exception:
        return False
    return True
