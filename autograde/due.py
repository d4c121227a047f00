"""When work is due: one date for all notebooks, or one for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Due:
    """Dates with a time zone: of all notebooks, or of each by its name. What has no date is never late."""

    all: datetime | None = None
    each: Mapping[str, datetime] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.all or self.each)

    def of(self, notebook: str) -> datetime | None:
        """When a notebook is due."""
        return self.each.get(notebook, self.all)

    def late_by(self, notebook: str, when: datetime | None) -> timedelta | None:
        """How late a notebook was that was handed in then; None for what was not late, or may not have been."""
        due = self.of(notebook)
        return when - due if when and due and when > due else None

    def as_json(self) -> str | dict[str, str] | None:
        """The dates for a JSON file."""
        if self.each:
            return {name: due.isoformat() for name, due in self.each.items()}
        return self.all.isoformat() if self.all else None


def read_due(told: str | Mapping[str, str] | None) -> Due:
    """What `Due.as_json` wrote. Raises ValueError or TypeError."""
    if isinstance(told, Mapping):
        return Due(each={name: datetime.fromisoformat(text) for name, text in told.items()})
    return Due(datetime.fromisoformat(told)) if told else Due()
