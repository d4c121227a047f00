"""What grading brings: students' marks, and a whole run of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from autograde.book import Exercise
from autograde.due import Due
from autograde.examine import BY_HAND, NOT_ATTEMPTED, NOT_GRADED, PASSED, Result
from autograde.findings import REFUSED, Finding

NOT_SUBMITTED = "not submitted"
TAMPERED = "tampered cell restored"


@dataclass(frozen=True)
class Marks:
    """One student's marks: a result for every exercise of the course, in order; points is None while waiting for a person.

    penalties: what being late costs, by notebook. notebooks: what was handed in and could be read. by_hand: exercises
    whose points a person gave. tampered: exercises whose test was not the released one. seconds: that examining took.
    attempts: when each was handed in, oldest first, None where that is not known. times: when each notebook was that counts.
    """

    student: str
    results: tuple[Result, ...]
    penalties: Mapping[str, float] = field(default_factory=dict)
    notebooks: tuple[str, ...] = ()
    by_hand: frozenset[str] = frozenset()
    tampered: frozenset[str] = frozenset()
    seconds: float = 0.0
    attempts: tuple[datetime | None, ...] = ()
    times: Mapping[str, datetime | None] = field(default_factory=dict)

    @property
    def handed_in(self) -> datetime | None:
        """When something was handed in for the last time, if that is known."""
        return max(filter(None, self.attempts), default=None)

    @property
    def penalty(self) -> float:
        """The points that being late costs."""
        return sum(self.penalties.values())

    @property
    def total(self) -> float:
        """The points so far, less what being late costs."""
        return sum(result.points or 0.0 for result in self.results) - self.penalty

    @property
    def maximum(self) -> float:
        """The points of the whole course."""
        return sum(result.max_points for result in self.results)

    @property
    def graded(self) -> bool:
        """Whether anything of this student's was graded."""
        return any(result.reason != NOT_GRADED for result in self.results)

    @property
    def complete(self) -> bool:
        """Whether no points are open."""
        return all(result.points is not None for result in self.results)

    @property
    def to_mark(self) -> float:
        """The points that wait for a person."""
        return sum(result.max_points for result in self.results if result.reason == BY_HAND and result.points is None)

    @property
    def unjudged(self) -> list[Result]:
        """The exercises of graded notebooks that the grader could not judge, each with what it lacks."""
        return [result for result in self.results if result.reason == NOT_GRADED and self.graded]

    @property
    def lost(self) -> list[Result]:
        """The exercises that were tried and lost marks."""
        untried = (PASSED, NOT_ATTEMPTED, NOT_SUBMITTED, NOT_GRADED, BY_HAND)
        return [
            result for result in self.results if result.points != result.max_points and result.reason not in untried
        ]


@dataclass(frozen=True)
class Graded:
    """What a run of grading brought: exercises, marks by student, what could not be graded, where things were written.

    digest: of the course's sources. seconds: that the run took. due: when work was due.
    """

    exercises: tuple[Exercise, ...]
    marks: tuple[Marks, ...]
    findings: tuple[Finding, ...]
    csv: Path
    feedback: Path
    digest: str = ""
    when: datetime | None = None
    seconds: float = 0.0
    due: Due = field(default_factory=Due)

    @property
    def refusals(self) -> list[Finding]:
        """What could not be taken or graded."""
        return [finding for finding in self.findings if finding.kind == REFUSED]

    @property
    def notebooks(self) -> list[str]:
        """The notebooks' names, in order."""
        return list(dict.fromkeys(exercise.notebook for exercise in self.exercises))

    def late_by(self, row: Marks) -> timedelta | None:
        """How late a student was: with the last attempt or, where each notebook has a date, with any of them."""
        if self.due.each:
            return max(filter(None, (self.due.late_by(name, when) for name, when in row.times.items())), default=None)
        return self.due.late_by("", row.handed_in)

    def part(self, row: Marks, notebook: str) -> list[Result]:
        """A student's results in one notebook."""
        pairs = zip(row.results, self.exercises, strict=True)
        return [result for result, exercise in pairs if exercise.notebook == notebook]
