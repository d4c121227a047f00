"""How a class did in each exercise, and which are the hardest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from autograde.book import Exercise
from autograde.examine import BY_HAND, PASSED, Result
from autograde.marks import NOT_SUBMITTED, Graded
from autograde.mistakes import common_mistakes


@dataclass(frozen=True)
class Share:
    """One exercise: of those who handed the notebook in, how many have full, some and no points, and how many wait.

    mean: of the points that were given, as a share of what there is; None when nobody has any yet. hardest: 1 for the lowest
    mean; 0 without one. reasons: why points were lost, and how often; mistake: the one that was named most often.
    """

    exercise: Exercise
    full: int
    some: int
    none: int
    open: int
    mean: float | None
    reasons: tuple[tuple[str, int], ...]
    mistake: str = ""
    hardest: int = 0

    @property
    def judged(self) -> int:
        """How many have a mark."""
        return self.full + self.some + self.none


def shares(graded: Graded) -> list[Share]:
    """Each exercise, in the course's order."""
    named: dict[str, str] = {}
    for mistake in common_mistakes(graded):
        named.setdefault(mistake.exercise, mistake.said)
    found = [
        replace(_share(exercise, [row.results[number] for row in graded.marks]), mistake=named.get(exercise.id, ""))
        for number, exercise in enumerate(graded.exercises)
    ]
    places = {share.exercise.id: place for place, share in enumerate(by_hardness(found), start=1)}
    return [replace(share, hardest=places.get(share.exercise.id, 0)) for share in found]


def by_hardness(found: Sequence[Share]) -> list[Share]:
    """Those that somebody has a mark in, the lowest mean first; of equal ones, in the course's order."""
    return sorted((share for share in found if share.mean is not None), key=lambda share: share.mean)


def _share(exercise: Exercise, results: Sequence[Result]) -> Share:
    handed_in = [result for result in results if result.reason != NOT_SUBMITTED]
    points = [result.points for result in handed_in if result.points is not None]
    full = sum(given >= exercise.max_points for given in points)
    none = sum(given <= 0 < exercise.max_points for given in points)
    lost = Counter(
        result.reason
        for result in handed_in
        if result.points is not None and result.points < result.max_points and result.reason not in (PASSED, BY_HAND)
    )
    worth = exercise.max_points or 1.0
    return Share(
        exercise,
        full,
        len(points) - full - none,
        none,
        len(handed_in) - len(points),
        fmean(points) / worth if points else None,
        tuple(lost.most_common()),
    )
