"""Which mistake is it? What planted mistakes make of the numbers that the tests ask for, as fingerprints to compare with."""

import json
import multiprocessing
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

from autograde.build import Built
from autograde.cells import TEST_SUFFIX
from autograde.course import Course
from autograde.job import Job, Outcome
from autograde.planted import Patch, all_patches, digest
from autograde.stage import Stage, apart, each_stage
from autograde.verdict import Verdict
from autograde.whole import write_whole
from helpers.exercise import NOT_SHOWN
from helpers.hints import nudges_for
from helpers.verdicts import CheckFailed

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
    try:
        return json.loads(course.fingerprints.read_text(encoding="utf-8")).get(_MADE_FROM) != digest(built, patches)
    except ValueError:  # half merged, say
        return True


class HiddenMistakes:
    """Names mistakes that hidden tests alone notice.

    Their inputs are the class's own, so the planted mistakes' numbers are worked out when the first such failure comes.
    """

    def __init__(self, built: list[Built], patches: list[Patch]) -> None:
        self._built, self._patches = built, patches
        self._known: dict[tuple[int, str], Fingerprints] = {}

    def name(self, job: Job, outcome: Outcome) -> Outcome:
        """The outcome, with a nudge in the verdicts whose numbers a planted mistake gives, too."""
        return replace(outcome, verdicts={name: self._named(job, name, one) for name, one in outcome.verdicts.items()})

    def _named(self, job: Job, name: str, verdict: Verdict) -> Verdict:
        first = verdict.message.partition("\n")[0]
        if verdict.mark is None or not first.endswith(NOT_SHOWN):
            return verdict
        key = (job.seed, job.notebook)
        if key not in self._known:
            self._known[key] = self._work_out(*key)
        nudges = nudges_for(verdict.mark, self._known[key].get(name.removesuffix(TEST_SUFFIX), ()))
        return replace(verdict, message=f"{first}\n{' Or: '.join(nudges)}") if nudges else verdict

    def _work_out(self, seed: int, notebook: str) -> Fingerprints:
        # In a fresh process, since this one may have threads.
        try:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                return pool.submit(fingerprints, self._built, self._patches, seed, [notebook]).result()
        except Exception:  # whatever it is, there is a mark without a diagnosis, and the run goes on
            return {}
