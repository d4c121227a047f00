"""Which mistake is it? What planted mistakes make of the numbers that the tests ask for, as fingerprints to compare with."""

import json
import multiprocessing
import os
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from autograde.build import Built
from autograde.cells import TEST_SUFFIX
from autograde.course import Course
from autograde.forking import end_with
from autograde.job import ATTEMPTS, Job, Outcome
from autograde.planted import Patch, all_patches, digest
from autograde.stage import Stage, apart, each_stage
from autograde.verdict import Verdict
from helpers.exercise import NOT_SHOWN
from helpers.hints import nudges_for
from helpers.verdicts import CheckFailed
from helpers.whole import write_whole

#: exercise → fingerprints, each with what the student is told.
Fingerprints = dict[str, list[tuple[float, str]]]
#: The key under which the file keeps what it was made from.
_MADE_FROM = "made from"


def fingerprints(
    built: list[Built], patches: list[Patch], seed: int | None = None, only: Collection[str] | None = None
) -> Fingerprints:
    """What the planted mistakes that say something make of the visible tests, or with a seed, of the hidden ones.

    only: the notebooks to look at, by name, if not all.
    """
    speaking = [patch for patch in patches if patch.says]
    found: Fingerprints = {}
    with each_stage(built, partial(_on_stage, speaking, seed), only) as forks:
        for fork in forks:
            found |= fork.result()
    return found


def _on_stage(patches: list[Patch], seed: int | None, stage: Stage) -> Fingerprints:
    found: Fingerprints = {}
    for name in stage.tests:
        marks = [
            (apart(partial(_mark, stage, name, patch, seed), None), patch) for patch in patches if name in patch.loses
        ]
        known = sorted({(mark, patch.says) for mark, patch in marks if mark is not None})
        if known:
            found[name] = known
    return found


def _mark(stage: Stage, name: str, patch: Patch, seed: int | None) -> float | None:
    error = stage.fails(name, patch.cells, None if seed is None else [seed])
    return error.mark if isinstance(error, CheckFailed) else None


def keep(course: Course, built: list[Built]) -> int:
    """Write the fingerprints of the visible tests where the students' checks find them; returns how many there are."""
    patches = all_patches(course)
    found = fingerprints(built, patches)
    lines = [f"{json.dumps(name)}: [\n{_as_lines(known)}\n]" for name, known in sorted(found.items())]
    made_from = f"{json.dumps(_MADE_FROM)}: {json.dumps(digest(built, patches))}"
    write_whole(course.fingerprints, "{\n" + ",\n".join([made_from, *lines]) + "\n}\n")
    return sum(map(len, found.values()))


def _as_lines(known: list[tuple[float, str]]) -> str:
    return ",\n".join(f"  {json.dumps([float(f'{mark:.12g}'), says], ensure_ascii=False)}" for mark, says in known)


def is_stale(course: Course, built: list[Built]) -> bool:
    """Whether the notebooks' code or the planted mistakes have changed since the fingerprints were made."""
    patches = all_patches(course)
    if not course.fingerprints.exists():
        return any(patch.says for patch in patches)
    return _read(course).get(_MADE_FROM) != digest(built, patches)


def _read(course: Course) -> dict[str, Any]:
    """What the file says; nothing where it is missing, or half merged, say."""
    try:
        return json.loads(course.fingerprints.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


class PlantedMistakes:
    """Names the mistakes of one course where checks fail, whose workers may know only those of the kit's own.

    The inputs of hidden tests are the class's own, so the numbers for them are worked out when the first such failure comes.
    """

    def __init__(self, course: Course, built: list[Built]) -> None:
        self._built, self._patches = built, all_patches(course)
        self._visible = _read(course)
        self._known: dict[tuple[int, str], Fingerprints] = {}

    def name(self, job: Job, outcome: Outcome) -> Outcome:
        """The outcome, with a nudge in the verdicts whose numbers a planted mistake gives, too."""
        return replace(outcome, verdicts={name: self._named(job, name, one) for name, one in outcome.verdicts.items()})

    def _named(self, job: Job, name: str, verdict: Verdict) -> Verdict:
        if verdict.mark is None:
            return verdict
        lines = verdict.message.split("\n")
        if lines[0].endswith(NOT_SHOWN):
            lines, known = lines[:1], self._on_fresh_inputs(job)
        else:
            lines, known = lines[:3], self._visible  # where, yours, expected
        nudges = nudges_for(verdict.mark, known.get(name.removesuffix(TEST_SUFFIX), ()))
        return replace(verdict, message="\n".join([*lines, " Or: ".join(nudges)])) if nudges else verdict

    def _on_fresh_inputs(self, job: Job) -> Fingerprints:
        key = (job.seed, job.notebook)
        if key not in self._known:
            self._known[key] = self._work_out(*key)
        return self._known[key]

    def _work_out(self, seed: int, notebook: str) -> Fingerprints:
        # In a fresh process, since this one may have threads; once more if something else has ended it.
        fresh = multiprocessing.get_context("spawn")
        for _ in range(ATTEMPTS):
            try:
                with ProcessPoolExecutor(1, fresh, end_with, [os.getpid()]) as pool:
                    return pool.submit(fingerprints, self._built, self._patches, seed, [notebook]).result()
            except Exception:  # whatever it is, there is a mark without a diagnosis, and the run goes on
                continue
        return {}
