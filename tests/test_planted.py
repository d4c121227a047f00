"""Every planted submission loses exactly the marks that it declares, and says why."""

import multiprocessing
import os
import tempfile
from itertools import groupby, islice
from pathlib import Path

import pytest

from autograde.build import as_text
from autograde.cells import exercise_id, is_test, is_written
from autograde.course import CourseError
from autograde.examine import BY_HAND, PASSED, Result, fill_in, job_for
from autograde.planted import (
    answer,
    patched,
    read_families,
    read_family,
    read_patch,
    read_patches,
    restore_tests,
    submit,
)
from tests.conftest import ROOT
from tests.quick import PRELOAD, examine_quickly

PATCHES = read_patches(ROOT / "tests" / "submissions")
#: Two mistakes for each set of exercises that they lose: what both ways of running tests are compared on.
COMPARED = [
    patch for _, same in groupby(sorted(PATCHES, key=lambda patch: sorted(patch.loses)), key=lambda patch: patch.loses)
    for patch in islice(same, 2) if patch.loses
]  # fmt: skip
#: Judged on trained weights, which planted submissions do not hand in; tests/test_weights.py plants those.
ON_WEIGHTS = {"q3b-weights", "q3b-accuracy", "q4c-weights", "q4c-best"}


def examine_all(built, patches, workers) -> dict[str, list[Result]]:
    """As at grading: each patch's results of every notebook that it touches, the notebooks side by side."""
    jobs, found = {}, {}
    for patch in patches:
        with tempfile.TemporaryDirectory() as folder:
            submit(built, patch, Path(folder))
            files = sorted(Path(folder).iterdir())
            for item in built:
                if answers := patched(item, patch):
                    notebook = answer(item, answers)
                    job = job_for(item.name, as_text(notebook), as_text(item.full), files, seed=2026)
                    jobs.setdefault(job.key, job)
                    found.setdefault(patch.name, []).append((job.key, restore_tests(item, notebook)))
    outcomes = {job.key: outcome for job, outcome in workers.outcomes(jobs.values())}
    return {
        name: [result for key, notebook in parts for result in fill_in(notebook, outcomes[key])]
        for name, parts in found.items()
    }


def examine_all_quickly(built, patches) -> dict[str, list[Result]]:
    """Each in a process of its own, forked from one that has imported everything."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(PRELOAD)
    jobs = [(built, patch) for patch in patches]
    pool = server.Pool(os.cpu_count(), maxtasksperchild=1)
    results = pool.starmap(examine_quickly, jobs, chunksize=1)
    pool.close()
    pool.join()
    return dict(zip([p.name for p in patches], results, strict=True))


@pytest.fixture(scope="module")
def examined(built, workers) -> dict[str, list[Result]]:
    """All planted submissions, examined as at grading."""
    assert all(item.release for item in built)  # made once, here
    return examine_all(built, PATCHES, workers)


@pytest.fixture(scope="module")
def in_one_process(built) -> dict[str, list[Result]]:
    """With tests and student code in one process, as in Jupyter. (Right ones may use what only IPython has.)"""
    return examine_all_quickly(built, COMPARED)


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_it_loses_exactly_its_marks(examined, patch):
    judged = [r for r in examined[patch.name] if r.reason != BY_HAND and r.exercise not in ON_WEIGHTS]
    lost = {result.exercise: result for result in judged if result.points != result.max_points}
    assert judged
    assert set(lost) == patch.loses, {key: result.message for key, result in lost.items()}
    for result in lost.values():
        assert result.points == 0
        assert result.reason != PASSED
        assert result.message
        assert len(result.message.splitlines()) <= 4


@pytest.mark.parametrize("patch", COMPARED, ids=lambda patch: patch.name)
def test_two_processes_judge_as_one_does(examined, in_one_process, patch):
    def verdicts(results):
        return {r.exercise: (r.points, r.reason) for r in results if r.exercise not in ON_WEIGHTS}

    assert verdicts(examined[patch.name]) == verdicts(in_one_process[patch.name])


def test_the_class_covers_the_classic_mistakes(built):
    exercises = {exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell) or is_written(cell)}
    loses = [identity for patch in PATCHES for identity in patch.loses]
    assert set(loses) <= exercises
    assert len([patch for patch in PATCHES if patch.loses]) >= 25
    assert len([patch for patch in PATCHES if not patch.loses]) >= 10
    for area in (
        "q1a-",
        "q1b-",
        "q2",
        "mistake-",
        "q3a-",
        "q3b-",
        "q4a-",
        "q4b-",
        "q5a-",
        "q5b-",
        "q5e-",
        "q6a-",
        "q6b-",
        "q7a-",
        "q7b-",
        "q7c-",
        "q8a-",
        "q8b-",
        "q8c-",
    ):
        assert sum(identity.startswith(area) for identity in loses) >= 5, area


def test_every_automatic_exercise_has_a_planted_mistake(built):
    tested = {exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell)}
    assert tested == ON_WEIGHTS | {identity for patch in PATCHES for identity in patch.loses}


def test_a_patch_must_say_what_it_loses_and_name_real_cells(built, tmp_path):
    path = tmp_path / "p.py"
    path.write_text('"""No declaration."""\n\n# %% q1a-relu\nx = 1\n')
    with pytest.raises(CourseError, match="is no patch"):
        read_patch(path)
    path.write_text('"""Declared.\n\nloses: nothing\n"""\n\n# %% q9-nowhere\nx = 1\n')
    with pytest.raises(CourseError, match="names no solution cell of the course: q9-nowhere"):
        submit(built, read_patch(path), tmp_path / "s")


FAMILY = '''"""Mistakes of the ReLU.

loses: q1a-relu
"""


# %% q1a-relu · step
# Returns 1 where an entry
# is positive.
# says: Which value
# is passed on?
def relu(Z):
    # its derivative
    return Z > 0


# %% q1a-relu · half
# loses: nothing
# Halves a sum.
def relu(Z):
    return (Z + np.abs(Z)) / 2
'''


def test_a_family_holds_many(tmp_path):
    (tmp_path / "relu.py").write_text(FAMILY, encoding="utf-8")
    step, half = read_families(tmp_path)
    assert (step.name, step.does) == ("relu/step", "Returns 1 where an entry is positive.")
    assert (step.says, step.loses) == ("Which value is passed on?", {"q1a-relu"})
    assert step.cells == {"q1a-relu": "def relu(Z):\n    # its derivative\n    return Z > 0"}
    assert (half.name, half.does, half.says, half.loses) == ("relu/half", "Halves a sum.", "", frozenset())


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("loses: q1a-relu\n", "", "'step' must be a name of its own, with a line"),
        ("· half", "· step", "'step' must be a name of its own"),
        ("# %% q1a-relu ·", "# %% q1a-relu,", "is no family"),
    ],
)
def test_a_family_must_name_its_members_and_what_they_lose(tmp_path, was, now, told):
    path = tmp_path / "relu.py"
    path.write_text(FAMILY.replace(was, now), encoding="utf-8")
    with pytest.raises(CourseError, match=told):
        read_family(path)


def test_families_name_real_cells(built, course):
    known = {exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell)}
    for patch in read_families(course.mistakes):
        assert patch.loses | set(patch.cells) <= known, patch.name
