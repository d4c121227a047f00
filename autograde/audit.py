"""Are the course's own tests any good? Which slips in the reference keep their marks, which mistakes are named, who loses unjustly.

source/audit.toml holds, by exercise, the slips that are no mistakes, each with the reason.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograde.build import Built
from autograde.course import Course, CourseError
from autograde.mutation import Mutant, mutants
from autograde.plan import python_of
from autograde.planted import Patch, all_patches
from autograde.stage import Stage, apart, each_stage
from helpers import hints
from helpers.verdicts import CheckFailed

#: Fresh draws that hidden tests get.
_SEEDS = 3


@dataclass(frozen=True)
class Tried:
    """What became of other code in the place of the reference.

    visible, all: whether the visible checks alone, and with the hidden ones, notice it; said: their message, and hints
    whether it ends with a likely mistake.
    """

    visible: bool
    all: bool
    said: str
    hints: bool


@dataclass(frozen=True)
class Audited:
    """An exercise, and what became of slips in its reference, of planted mistakes that it must notice, and of right variants.

    slips: with what became of them; same: the changes that source/audit.toml calls no mistakes; planted, right: by name;
    named: the planted ones whose message says what they should.
    """

    exercise: str
    slips: tuple[tuple[Mutant, Tried], ...]
    same: Mapping[str, str]
    planted: Mapping[str, Tried]
    named: frozenset[str]
    right: Mapping[str, Tried]

    @property
    def kept(self) -> list[Mutant]:
        """The slips that keep the marks, and are mistakes."""
        return [mutant for mutant, tried in self.slips if not tried.all and mutant.change not in self.same]

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of slips, and of those that the visible tests notice, and all; and so on, in the order of the table."""
        return {
            "slips": len(self.slips),
            "visible": sum(tried.visible for _, tried in self.slips),
            "+ hidden": sum(tried.all for _, tried in self.slips),
            "no mistakes": len(self.same),
            "kept": len(self.kept),
            "mistakes": len(self.planted),
            "noticed": sum(tried.all for tried in self.planted.values()),
            "named": len(self.named),
            "right": len(self.right),
            "pass": sum(not tried.all for tried in self.right.values()),
        }

    @property
    def stale(self) -> list[str]:
        """What is called no mistake, and loses its marks or is no slip any more."""
        return sorted(self.same.keys() - {mutant.change for mutant, tried in self.slips if not tried.all})

    @property
    def problems(self) -> list[str]:
        """What must not be, one line each."""
        return [
            *(f"{self.exercise}, line {mutant.line}: {mutant.change} keeps its marks" for mutant in self.kept),
            *(f"{self.exercise}: source/audit.toml names {change!r}, which is not kept" for change in self.stale),
            *(f"{self.exercise}: {name} keeps its marks" for name, tried in self.planted.items() if not tried.all),
            *(
                f"{self.exercise}: {name} is right, and loses: {tried.said}"
                for name, tried in self.right.items()
                if tried.all
            ),
        ]


def audit(
    course: Course, built: list[Built], seeds: int = _SEEDS, only: Collection[str] | None = None
) -> Iterator[Audited]:
    """Each exercise that has a test and a reference in code, as it comes.

    seeds: how many fresh draws hidden tests get; only: the notebooks to try, by name, if not all.
    """
    same = no_mistakes(course)
    patches = all_patches(course)
    with each_stage(built, partial(_audit, course.fingerprints, same, patches, range(seeds)), only) as forks:
        for fork in forks:
            yield from fork.result()


def no_mistakes(course: Course) -> dict[str, dict[str, str]]:
    """By exercise, the slips that may keep their marks, each with the reason. Raises CourseError for a file that is no TOML."""
    path = course.root / "source" / "audit.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"source/audit.toml: {error}. Mend it.") from None


def _audit(
    fingerprints: Path, same: Mapping[str, Mapping[str, str]], patches: list[Patch], seeds: range, stage: Stage
) -> list[Audited]:
    """All exercises of one notebook, in a process of its own."""
    hints.FINGERPRINTS = fingerprints  # those that the course's students get
    found = []
    for name in stage.tests:
        judge = partial(_try, stage, seeds, name)
        slips = tuple((mutant, judge({name: mutant.source})) for mutant in mutants(python_of(stage.answers[name])))
        # Where a mistake shows in two exercises, each of them must notice it.
        wrong = {patch.name: patch for patch in patches if name in patch.loses}
        planted = {key: judge(patch.cells) for key, patch in wrong.items()}
        named = frozenset(key for key, patch in wrong.items() if patch.says and patch.says in planted[key].said)
        right = {patch.name: judge(patch.cells) for patch in patches if name in patch.cells and not patch.loses}
        found.append(Audited(name, slips, same.get(name, {}), planted, named, right))
    return found


def _try(stage: Stage, seeds: range, name: str, cells: Mapping[str, str]) -> Tried:
    """cells: what stands in the place of the reference, by exercise."""

    def judge() -> Tried:
        visible = stage.fails(name, cells)
        error = visible or stage.fails(name, cells, seeds)
        return Tried(visible is not None, error is not None, str(error or ""), _has_hint(error))

    return apart(judge, Tried(visible=True, all=True, said="it does not end, or ends its process", hints=False))


def _has_hint(error: BaseException | None) -> bool:
    """Whether a check says more than where, what there is and what was expected."""
    if not isinstance(error, CheckFailed):
        return False
    return len(error.details) > (0 if "not shown" in error.where else 2)
