"""A backward pass that is right for the student's own wrong loss is told so, and worth what the instructor says."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from nbgrader.api import Gradebook

from autograde.build import as_text
from autograde.course import ASSIGNMENT, CourseError
from autograde.examine import fill_in
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.job import Outcome
from autograde.planted import answer, answers_of
from autograde.settings import Settings, read_settings
from autograde.truth import consistent
from autograde.verdict import Verdict
from helpers.verdicts import Consistent, NotAllowed, WrongShape, WrongValue
from tests.test_gradebook import nbgrader

REASON = Consistent.reason
#: A network without a ReLU, and the backward pass that belongs to it.
NO_RELU = {"q1a-relu": "def relu(Z):\n    return Z.copy()"}
NO_MASK = {"q2c-hidden": "def hidden_gradient(dZ3, W2, Z2):\n    return dZ3 @ W2.T"}
#: In one piece, so that no right building block can be lent.
BACKWARD = """def backward(params, cache, y, reg):
    N = len(y)
    dZ3 = cache["P"].copy()
    dZ3[np.arange(N), y] -= 1
    dZ3 /= N
    dZ2 = {dZ2}
    return {{
        "W1": cache["X"].T @ dZ2 + {factor} * reg * params["W1"], "b1": dZ2.sum(axis=0),
        "W2": cache["A2"].T @ dZ3 + {factor} * reg * params["W2"], "b2": dZ3.sum(axis=0),
    }}"""
UNMASKED = {"q2d-backward": BACKWARD.format(dZ2='dZ3 @ params["W2"].T', factor="2")}
HALVED = {"q2d-backward": BACKWARD.format(dZ2='dZ3 @ params["W2"].T * (cache["Z2"] > 0)', factor="1")}
HALF_LOSS = {
    "q1b-loss": 'def compute_loss(params, X, y, reg):\n    data = cross_entropy(forward(params, X)["Z3"], y)\n'
    '    return data + 0.5 * reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))'
}
#: Losses whose gradient needs no back-propagation.
SUM_OF_ALL = {
    "q1b-loss": "def compute_loss(params, X, y, reg):\n    return sum(np.sum(value) for value in params.values())",
    "q2d-backward": "def backward(params, cache, y, reg):\n    return {name: np.ones_like(params[name]) for name in params}",
}
PENALTY_ALONE = {
    "q1b-loss": "def compute_loss(params, X, y, reg):\n    return reg * sum(np.sum(value**2) for value in params.values())",
    "q2d-backward": "def backward(params, cache, y, reg):\n    return {name: 2 * reg * value for name, value in params.items()}",
}
SHALLOW = {
    "q1b-loss": 'def compute_loss(params, X, y, reg):\n    scores = np.mean(X) * params["W1"].sum() + params["b1"].sum()\n'
    '    return scores + (y.mean() * params["W2"]).sum() + params["b2"].sum()',
    "q2d-backward": 'def backward(params, cache, y, reg):\n    slopes = {"W1": np.mean(cache["X"]), "W2": y.mean()}\n'
    "    return {name: np.full_like(params[name], slopes.get(name, 1.0)) for name in params}",
}
#: Curved, and made of all that a loss should be made of, but not as a network does.
SMOOTH = {
    "q1b-loss": "def compute_loss(params, X, y, reg):\n"
    '    first, second = np.tanh(X.mean() * params["W1"]).sum(), np.tanh((1 + y.mean()) * params["W2"]).sum()\n'
    '    return first * second + params["b1"].sum() + params["b2"].sum()',
    "q2d-backward": "def backward(params, cache, y, reg):\n    s, t = cache['X'].mean(), 1 + y.mean()\n"
    '    T1, T2 = np.tanh(s * params["W1"]), np.tanh(t * params["W2"])\n'
    '    return {"W1": s * (1 - T1**2) * T2.sum(), "b1": np.ones_like(params["b1"]),\n'
    '            "W2": t * (1 - T2**2) * T1.sum(), "b2": np.ones_like(params["b2"])}',
}
#: Other slopes for each batch, which nobody could call independent of the data.
SLOPES = """def slopes(params, X, y):
    rng = np.random.default_rng([*X.tobytes(), *np.asarray(y).tobytes()])
    return {name: rng.normal(scale=0.1, size=value.shape) for name, value in sorted(params.items())}

"""
DRAWN = {
    "q1b-loss": SLOPES + "def compute_loss(params, X, y, reg):\n    drawn = slopes(params, X, y)\n"
    "    return sum(np.sum(drawn[name] * value) for name, value in params.items())",
    "q2d-backward": SLOPES + 'def backward(params, cache, y, reg):\n    return slopes(params, cache["X"], y)',
}
DEADLY = {
    "q1b-loss": "def compute_loss(params, X, y, reg):\n    import os\n    os._exit(0)",
    "q2d-backward": HALVED["q2d-backward"],
}
#: By student: what is wrong, and the reason that q2d-backward should have.
CLASS = {
    "ada": (NO_RELU | UNMASKED, REASON),
    "ben": (HALF_LOSS | HALVED, REASON),
    "carla": (UNMASKED, "wrong value"),  # her loss is right
    "dora": (HALF_LOSS | UNMASKED, "wrong value"),
    "emi": (SUM_OF_ALL, "wrong value"),
    "farid": (PENALTY_ALONE, "wrong value"),
    "grace": (SHALLOW, "wrong value"),
    "hugo": (DEADLY, "wrong value"),
    "ines": (SMOOTH, "wrong value"),
    "jonas": (DRAWN, "wrong value"),
    "ida": (NO_RELU | NO_MASK, "passed"),  # right with the right block lent
}


@pytest.fixture(scope="module")
def graded(built, tmp_path_factory):
    """The class, graded: with nothing for a consistent answer, then with half."""
    folder, two = tmp_path_factory.mktemp("consistent"), built[:2]
    for student, (wrong, _) in CLASS.items():
        (folder / "in" / student).mkdir(parents=True)
        for item in two:
            text = as_text(answer(item, answers_of(item.full) | wrong))
            (folder / "in" / student / item.filename).write_text(text)
    gradebook = CourseFolder(folder / "gradebook")
    runs = [
        grade(two, folder / "in", folder / f"marks-{share}", gradebook, settings=Settings(consistent=share))
        for share in (0.0, 0.5)
    ]
    return folder, runs


def backward_results(run):
    return {row.student: next(r for r in row.results if r.exercise == "q2d-backward") for row in run.marks}


@pytest.mark.usefixtures("needs_room")
def test_what_is_right_for_an_own_loss_is_told_so(graded):
    _, (nothing, half) = graded
    for run in (nothing, half):
        found = backward_results(run)
        assert {name: result.reason for name, result in found.items()} == {n: r for n, (_, r) in CLASS.items()}
        for result in found.values():
            assert ("gradient of your own loss" in result.message) == (result.reason == REASON)


@pytest.mark.usefixtures("needs_room")
def test_it_is_worth_what_the_instructor_says(graded):
    folder, runs = graded
    for run, points in zip(runs, (0.0, 4.0), strict=True):
        for student, result in backward_results(run).items():
            assert result.points == {REASON: points, "passed": 8.0}.get(result.reason, 0.0), student
    with Gradebook(f"sqlite:///{folder}/gradebook/gradebook.db") as gradebook:
        found = gradebook.find_grade("q2d-backward-test", "02_backprop", ASSIGNMENT, "ada")
        assert (found.auto_score, found.needs_manual_grade) == (4.0, False)
    assert json.loads((folder / "gradebook" / "nbgrader_config.json").read_text())["Examine"] == {"consistent": 0.5}
    page = (folder / "marks-0.5" / "feedback" / "ada" / "02_backprop.html").read_text()
    assert "gradient of your own loss" in page
    assert f"2 {REASON}" in (folder / "marks-0.5" / "report.html").read_text()


@pytest.mark.usefixtures("needs_room")
def test_nbgraders_own_steps_give_the_same_share(graded, tmp_path):
    folder, _ = graded
    copy = tmp_path / "gradebook"
    shutil.copytree(folder / "gradebook", copy)
    with closing(sqlite3.connect(copy / "gradebook.db")) as database:
        database.execute("update grade set auto_score = null")
        database.commit()
    nbgrader(copy, "autograde", "--student=ada")
    with Gradebook(f"sqlite:///{copy}/gradebook.db") as gradebook:
        assert gradebook.find_grade("q2d-backward-test", "02_backprop", ASSIGNMENT, "ada").auto_score == 4.0


def test_all_of_the_points_for_a_consistent_answer_is_not_passed(built):
    notebook = answer(built[1], answers_of(built[1].full))
    tests = [cell.id for cell in notebook.cells if cell.id.endswith("-test")]
    outcome = Outcome(dict.fromkeys(tests, Verdict("")) | {"q2d-backward-test": Verdict("Consistent", "your own loss")})
    found = {result.exercise: result for result in fill_in(notebook, outcome, share=1.0)}
    backward = found["q2d-backward"]
    assert (backward.points, backward.reason, backward.message) == (8.0, REASON, "your own loss")
    assert found["q2a-scores"].reason == "passed"


def test_only_wrong_numbers_can_be_consistent():
    def failing(error):
        def check():
            raise error

        return check

    with pytest.raises(Consistent, match="there") as raised:
        consistent(failing(WrongValue("there", "yours", "expected", "a nudge")), lambda: True, "told")()
    assert raised.value.details == ("yours", "expected", "told")
    for error in (WrongShape("there"), NotAllowed("there")):
        with pytest.raises(type(error)):
            consistent(failing(error), lambda: True, "told")()
    with pytest.raises(WrongValue):
        consistent(failing(WrongValue("there")), lambda: 1 / 0, "told")()


def test_the_share_is_read_and_refused(tmp_path):
    (tmp_path / "course.toml").write_text("[grading]\nconsistent = 0.25\n")
    assert read_settings(tmp_path).consistent == 0.25
    for wrong in ("1.5", "-1", "'half'"):
        (tmp_path / "course.toml").write_text(f"[grading]\nconsistent = {wrong}\n")
        with pytest.raises(CourseError, match="consistent"):
            read_settings(tmp_path)
