"""When a class handed in: attempts or notebooks by hour, day or week, on time and late."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from autograde.marks import Graded

#: How long a bar of the plot may last: the shortest with which there are not too many.
_LENGTHS = tuple(timedelta(hours=hours) for hours in (1, 3, 6, 12, 24, 48, 168, 672, 8064))
_MOST = 32
#: Times of files that are not taken for what they say.
_SENSIBLE = datetime(1990, 1, 1, tzinfo=UTC), datetime(2190, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Bin:
    """A stretch of time: from when, and how many were handed in during it, on time and late."""

    begins: datetime
    on_time: int
    late: int


@dataclass(frozen=True)
class Times:
    """All whose time is known, in stretches of one length; unknown: how many there are besides."""

    bins: tuple[Bin, ...]
    length: timedelta
    unknown: int


def times_of(graded: Graded) -> Times:
    """When the class handed in; times are those of the place of the due date, or of this machine.

    Each attempt or, where each notebook has a date, each notebook that counts, since only then it can be said what was late.
    """
    due = graded.due
    if due.each:
        every = [(when, due.late_by(name, when)) for row in graded.marks for name, when in row.times.items()]
    else:
        every = [(when, due.late_by("", when)) for row in graded.marks for when in row.attempts]
    dates = [due.all, *due.each.values(), datetime.now().astimezone()]
    zone = next(filter(None, dates)).tzinfo  # one for all, summer and winter
    known = [(when.astimezone(zone), bool(late)) for when, late in every if when and _SENSIBLE[0] < when < _SENSIBLE[1]]
    bins, length = _binned(known)
    return Times(tuple(bins), length, len(every) - len(known))


def whole_minutes(late: timedelta | None) -> timedelta | None:
    """How late something was, in whole minutes begun."""
    return None if late is None else timedelta(minutes=-(-late // timedelta(minutes=1)))


def _binned(known: list[tuple[datetime, bool]]) -> tuple[list[Bin], timedelta]:
    if not known:
        return [], _LENGTHS[0]
    first, last = min(known)[0], max(known)[0]
    length = next((one for one in _LENGTHS if _begin(first, one) + _MOST * one > last), _LENGTHS[-1])
    late = Counter(_begin(when, length) for when, is_late in known if is_late)
    on_time = Counter(_begin(when, length) for when, is_late in known if not is_late)
    return [Bin(begins, on_time[begins], late[begins]) for begins in _every(first, last, length)], length


def _begin(when: datetime, length: timedelta) -> datetime:
    """When the stretch began that a moment lies in: a whole number of lengths after midnight, or days after a Monday."""
    midnight = when.replace(hour=0, minute=0, second=0, microsecond=0)
    if length < timedelta(days=1):
        return midnight + (when - midnight) // length * length
    return midnight - timedelta(days=(midnight.toordinal() - 1) % length.days)


def _every(first: datetime, last: datetime, length: timedelta) -> Iterable[datetime]:
    begins = _begin(first, length)
    while begins <= last:
        yield begins
        begins += length
