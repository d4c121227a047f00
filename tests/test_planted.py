"""Every planted submission loses exactly the marks that it declares, and says why."""

import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import pytest

from autograde.build import as_text
from autograde.cells import exercise_id, is_test, is_written
from autograde.course import CourseError
from autograde.examine import BY_HAND, PASSED, Result, examine
from autograde.planted import answer, patched, read_patch, read_patches, restore_tests, submit
from tests.conftest import ROOT
from tests.quick import PRELOAD, examine_quickly

PATCHES = read_patches(ROOT / "tests" / "submissions")
#: Judged on trained weights, which planted submissions do not hand in; tests/test_weights.py plants those.
ON_WEIGHTS = {"q3b-weights", "q3b-accuracy", "q4c-weights", "q4c-best"}


def examine_patch(built, patch) -> list[Result]:
    """The results of every notebook that a patch touches, the notebooks side by side."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        submit(built, patch, Path(folder))
        for item in built:
            answers = patched(item, patch)
            if answers:
                notebook, found = examine(restore_tests(item, answer(item, answers)), Path(folder), seed=2026)
                Path(folder, item.filename).write_text(as_text(notebook))
                results += found
    return results


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
def examined(built) -> dict[str, list[Result]]:
    """All planted submissions, examined on every core: right ones, which do unusual things, as at grading, wrong ones quickly."""
    assert all(item.release for item in built)  # made once, here
    right = [patch for patch in PATCHES if not patch.loses]
    quick = examine_all_quickly(built, [patch for patch in PATCHES if patch.loses])
    # Spawned, since kernels leave threads behind that must not be forked.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        return quick | dict(zip([p.name for p in right], pool.map(examine_patch, repeat(built), right), strict=True))


def test_the_quick_way_agrees_with_grading(built):
    """On a patch of each notebook, reason and message too."""
    names = ("softmax-over-axis-0", "backward-misspelt-name", "train-epoch-rounded-up", "copy-shares-memory")
    patches = [patch for patch in PATCHES if patch.name in names]
    quick = examine_all_quickly(built, patches)
    for patch in patches:
        assert quick[patch.name] == examine_patch(built, patch)


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


def test_the_class_covers_the_classic_mistakes(built):
    exercises = {exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell) or is_written(cell)}
    loses = [identity for patch in PATCHES for identity in patch.loses]
    assert set(loses) <= exercises
    assert len([patch for patch in PATCHES if patch.loses]) >= 25
    assert len([patch for patch in PATCHES if not patch.loses]) >= 10
    for area in ("q1a-", "q1b-", "q2", "mistake-", "q3a-", "q3b-", "q4a-", "q4b-"):
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
