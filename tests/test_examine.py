"""The seam: a submitted notebook in, results with reasons out, whatever the student's code does."""

import pytest

from autograde.build import as_text
from autograde.examine import BY_HAND, KILLED, NOT_ATTEMPTED, PASSED, fill_in, job_for
from autograde.planted import answer, answers_of, restore_tests


def submit(item, **cells):
    """The notebook, right but for these cells."""
    return answer(item, answers_of(item.full) | {key.replace("_", "-"): source for key, source in cells.items()})


@pytest.fixture
def examine(workers):
    """The notebook with its outputs, and the results."""

    def run(item, notebook, timeout=60):
        job = job_for(item.name, as_text(notebook), as_text(item.full), [], seed=1, timeout=timeout)
        ((_, outcome),) = workers.outcomes([job])
        restored = restore_tests(item, notebook)
        return restored, fill_in(restored, outcome)

    return run


@pytest.fixture
def outcome(built, examine):
    def run(timeout=60, **cells):
        _, results = examine(built[0], submit(built[0], **cells), timeout)
        return {result.exercise: result for result in results}

    return run


def test_the_solution_earns_everything(outcome):
    results = outcome()
    assert {result.reason for result in results.values()} == {PASSED}
    assert sum(result.points for result in results.values()) == 20


@pytest.mark.parametrize(
    ("body", "reason", "says"),
    [
        ('raise NotImplementedError("q1a-relu")', NOT_ATTEMPTED, "q1a-relu"),
        ("return Z", "wrong value", "expected"),
        ("return Z[0]", "wrong shape", "expected"),
        ("return list(Z)", "wrong type", "list"),
        ("return Z / 0", "not finite", "divide by zero"),
        ("return 1 // 0", "raised", "ZeroDivisionError"),
        ("raise MemoryError", "out of memory", ""),
        ("import sys; sys.exit(0)", "raised", "SystemExit"),
        ("raise KeyboardInterrupt", "raised", "KeyboardInterrupt"),
        ("import os; os._exit(0)", KILLED, "ended itself"),
    ],
)
def test_each_failure_has_its_reason(outcome, body, reason, says):
    result = outcome(q1a_relu=f"def relu(Z):\n    {body}")["q1a-relu"]
    assert (result.points, result.reason) == (0, reason)
    assert says in result.message


def test_a_cell_that_only_shows_is_run_when_an_answer_uses_it(built, examine):
    def shown(item, number, **cells):
        notebook, results = examine(item, submit(item, **cells))
        cell = next(cell for cell in notebook.cells if cell.id == number)
        return bool(cell.outputs), {result.exercise: result for result in results}

    assert not shown(built[0], "01-loop-timing")[0]
    uses = "def number_of_parameters(D, H, K):\n    return (D + 1) * H + (H + 1) * K + 0 * len(sizes)"
    ran, results = shown(built[0], "01-loop-timing", q1_warmup=uses)
    assert ran
    assert "sizes" in results["q1-warmup"].message  # it is defined below: as in the student's Jupyter


def test_what_tests_hand_over_is_shown_to_nobody(built, examine):
    keeps = "kept = []\ndef relu(Z):\n    kept.append(Z)\n    return np.maximum(Z, 0)"
    shows = answers_of(built[0].full)["q1a-forward"] + "\nprint('kept:', len(kept))\nprint(kept)"
    notebook, results = examine(built[0], submit(built[0], q1a_relu=keeps, q1a_forward=shows))
    cell = next(cell for cell in notebook.cells if cell.id == "q1a-forward")
    assert cell.outputs[0].text == "kept: 0\n[]\n"
    assert {result.reason for result in results} == {PASSED}


def test_a_missing_definition_says_so(outcome):
    assert outcome(q1a_relu="relu = = 1")["q1a-relu"].reason == "not defined"


def test_an_endless_loop_costs_its_own_exercise_and_those_that_call_it(outcome):
    results = outcome(timeout=10, q1_warmup="def number_of_parameters(D, H, K):\n    while True:\n        pass")
    assert results["q1-warmup"].reason == "timed out"
    assert {result.reason for key, result in results.items() if key != "q1-warmup"} == {PASSED}


def test_a_death_costs_its_own_exercise_alone(outcome):
    results = outcome(q1a_forward="def forward(params, X):\n    import os\n    os._exit(len(X))")
    assert {name for name, result in results.items() if result.reason != PASSED} == {"q1a-forward"}
    assert results["q1a-forward"].reason == KILLED


def test_a_deadly_cell_costs_what_it_would_have_defined(outcome):
    results = outcome(q1a_relu="import os\nos._exit(0)\ndef relu(Z):\n    return np.maximum(Z, 0)")
    assert results["q1a-relu"].reason == "not defined"
    assert results["q1b-cross-entropy"].reason == PASSED


def test_tags_do_not_skip_tests(built, examine):
    notebook = submit(built[0], q1a_relu="def relu(Z):\n    return Z")
    for cell in notebook.cells:
        cell.metadata["tags"] = (
            ["skip-execution", "skip-grading", "raises-exception"] if cell.id.endswith("-test") else []
        )
    _, results = examine(built[0], notebook)
    assert next(result for result in results if result.exercise == "q1a-relu").points == 0


def test_a_test_cell_keeps_its_verdict_and_no_output_of_the_student(built, examine):
    notebook, _ = examine(built[0], submit(built[0], q1a_relu='def relu(Z):\n    print("LEAK", Z)\n    return Z'))
    (cell,) = (cell for cell in notebook.cells if cell.id == "q1a-relu-test")
    assert [output.output_type for output in cell.outputs] == ["error"]
    assert "LEAK" not in str(cell.outputs)
    assert "truth" not in str(cell.outputs)


def test_written_answers_wait_for_a_person_unless_untouched(built, examine):
    _, results = examine(built[1], submit(built[1]))
    written = {result.exercise: result for result in results if result.exercise.endswith("-derivation")}
    assert {(result.points, result.reason) for result in written.values()} == {(None, BY_HAND)}
    _, results = examine(built[1], built[1].release)
    assert {(result.points, result.reason) for result in results} == {(0.0, NOT_ATTEMPTED)}
