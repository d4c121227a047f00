"""When a class handed in: attempts by hour, day or week, on time and late."""

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
    """A stretch of time: from when, and how many attempts were handed in during it, on time and late."""

    begins: datetime
    on_time: int
    late: int


@dataclass(frozen=True)
class Times:
    """All attempts whose time is known, in stretches of one length; unknown: how many there are besides."""

    bins: tuple[Bin, ...]
    length: timedelta
    unknown: int


def times_of(graded: Graded) -> Times:
    """When the class handed in; times are those of the place of the due date, or of this machine."""
    every = [when for row in graded.marks for when in row.attempts]
    zone = (graded.due or datetime.now().astimezone()).tzinfo  # one for all, summer and winter
    known = [when.astimezone(zone) for when in every if when and _SENSIBLE[0] < when < _SENSIBLE[1]]
    bins, length = _binned(known, graded.due)
    return Times(tuple(bins), length, len(every) - len(known))


def late_by(when: datetime | None, due: datetime | None) -> timedelta | None:
    """How late something was handed in, in whole minutes begun; None for what was not, or may not have been."""
    if when is None or due is None or when <= due:
        return None
    return timedelta(minutes=-(-(when - due) // timedelta(minutes=1)))


def _binned(known: list[datetime], due: datetime | None) -> tuple[list[Bin], timedelta]:
    if not known:
        return [], _LENGTHS[0]
    first, last = min(known), max(known)
    length = next((one for one in _LENGTHS if _begin(first, one) + _MOST * one > last), _LENGTHS[-1])
    late = Counter(_begin(when, length) for when in known if due and when > due)
    on_time = Counter(_begin(when, length) for when in known if not (due and when > due))
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
