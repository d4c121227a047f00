"""No hostile submission raises its mark, learns what is hidden, harms others, or stops the run."""

import os
import re
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from autograde.build import as_text
from autograde.cells import is_test
from autograde.examine import PASSED, fill_in, job_for
from autograde.job import ATTEMPTS, PATIENCE
from autograde.jobs import Workers
from autograde.planted import answer, answers_of, restore_tests
from tests.redteam.attack import Attack, read_attacks

ATTACKS = read_attacks()
EXACT = [attack for attack in ATTACKS if attack.exact]
#: After so many hostile ones comes an honest submission.
_EVERY = 8
SECRET_SEED = 8_675_309_421


@pytest.fixture(scope="module")
def examined(built, needs_room):
    """Each attack's notebook and results and time, and those of the honest submissions between them, in one run."""
    item, seeds, jobs = built[0], count(1), {}
    right = answers_of(item.full)

    def plan(name, cells, timeout, seed):
        notebook = answer(item, right | cells)
        job = job_for(item.name, as_text(notebook), as_text(item.full), [], seed=seed, timeout=timeout)
        jobs[job.key] = name, job, restore_tests(item, notebook)

    for number, attack in enumerate(ATTACKS):
        plan(attack.name, attack.cells, attack.timeout, SECRET_SEED)
        if number % _EVERY == 0:
            plan(f"honest-{number}", {}, 60.0, next(seeds))
    found = {}
    with Workers(2 * os.cpu_count()) as workers:  # most of the time they wait for something that hangs
        for job, outcome in workers.outcomes(job for _, job, _ in jobs.values()):
            name, _, notebook = jobs[job.key]
            found[name] = notebook, fill_in(notebook, outcome), outcome
    assert len(found) == len(jobs)
    return found


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_gets_no_marks_for_what_is_wrong(examined, attack: Attack):
    _, results, outcome = examined[attack.name]
    marks = {result.exercise: (result.points, result.reason, result.message) for result in results}
    assert not outcome.failed
    for exercise, reason in attack.loses.items():
        assert marks[exercise][0] == 0, marks[exercise]
        assert reason in ("", marks[exercise][1]), marks[exercise]
    assert all(points is not None and reason for points, reason, _ in marks.values()), marks
    for points, reason, _ in marks.values():
        assert (reason == PASSED) == (points > 0)


@pytest.mark.parametrize("attack", EXACT, ids=lambda attack: attack.name)
def test_it_keeps_what_it_deserves(examined, attack: Attack):
    _, results, _ = examined[attack.name]
    lost = {result.exercise: result.message for result in results if result.reason != PASSED}
    # Whoever plays tricks in a function seldom does without loops and with its arguments, as q1c wants it.
    assert set(lost) | {"q1c-vectorised"} == set(attack.loses) | {"q1c-vectorised"}, lost


def test_honest_submissions_between_them_keep_all_marks(examined):
    honest = {name: results for name, (_, results, _) in examined.items() if name.startswith("honest-")}
    assert len(honest) > 10
    for name, results in honest.items():
        assert {result.reason for result in results} == {PASSED}, (name, results)
        assert sum(result.points for result in results) == 20


def test_each_ends_in_the_time_of_a_notebook(examined):
    late = {
        attack.name: outcome.seconds
        for attack in ATTACKS
        for outcome in [examined[attack.name][2]]
        if outcome.seconds > ATTEMPTS * PATIENCE * attack.timeout
    }
    assert not late


def test_verdicts_show_nothing_of_the_students_or_the_courses(examined):
    for name, (notebook, _, _) in examined.items():
        for cell in notebook.cells:
            shown = str(cell.get("outputs", ""))
            assert str(SECRET_SEED) not in shown, name
            if is_test(cell):
                assert len(cell.outputs) == 1, name
                assert "\x1b" not in cell.outputs[0].get("evalue", ""), name
                if "cannot be told from this notebook's text" in shown:
                    continue  # it quotes the student's own line
                for secret in ("truth.", "autograde", "fresh_inputs", "LEAK"):
                    assert secret not in shown, (name, shown)


def test_no_message_about_fresh_inputs_holds_a_number_made_from_them(examined):
    told = [
        result.message
        for _, results, _ in examined.values()
        for result in results
        if "on fresh random inputs" in result.message
    ]
    assert len(told) > 8
    for message in told:
        assert not re.search(r"\d\.\d", re.sub(r"\(\d+\.\d+\)", "", message)), message  # (1.6) is an equation


def test_nothing_is_left_on_this_machine(examined, course):
    places = [Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), course.root, Path("/")]
    assert not [place for place in places if (place / "LEAK").exists()]


def test_every_kind_of_attack_is_tried():
    families = Counter(attack.family for attack in ATTACKS)
    assert len(ATTACKS) >= 60
    assert all(number >= 4 for number in families.values()), families
