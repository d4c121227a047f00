"""Which mistakes a class made, and how often: counted from what the checks said."""

from collections import Counter
from dataclasses import dataclass

from autograde.examine import BY_HAND, Result
from autograde.marks import NOT_SUBMITTED, Graded
from helpers import verdicts

#: What an exception said is the student's text, and differs from student to student.
_NAMED = {check.reason for check in verdicts.CheckFailed.__subclasses__()} - {verdicts.Raised.reason}
_CLAIM = "not so: "
#: The lines of a message that hold values.
_VALUES = ("yours ", "expected ")


@dataclass(frozen=True)
class Mistake:
    """A mistake in an exercise: what the checks say of it, how many made it, and how many tried the exercise."""

    exercise: str
    said: str
    count: int
    tried: int


def diagnosis(result: Result) -> str:
    """What the check says of the mistake: its nudge, or what does not hold; empty where it tells only values."""
    if result.reason not in _NAMED:
        return ""
    first, *others = result.message.splitlines() or [""]
    nudges = [line for line in others if not line.startswith(_VALUES)]
    if nudges:
        return nudges[-1]
    _, claimed, claim = first.partition(_CLAIM)
    return claimed + claim


def common_mistakes(graded: Graded) -> list[Mistake]:
    """The mistakes that were named, by exercise in the course's order, the most frequent first."""
    found = []
    for number, exercise in enumerate(graded.exercises):
        results = [row.results[number] for row in graded.marks]
        tried = [one for one in results if one.points is not None and one.reason not in (NOT_SUBMITTED, BY_HAND)]
        counts = Counter(filter(None, map(diagnosis, tried)))
        found += [Mistake(exercise.id, said, count, len(tried)) for said, count in counts.most_common()]
    return found
