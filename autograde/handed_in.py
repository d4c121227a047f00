"""What counts of a student's work, kept beside it in the gradebook: more may come in later, and takes the place of nothing else."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from nbformat import NotebookNode

from autograde.build import Built
from autograde.cells import marks
from helpers.whole import write_whole

FILE = "handed-in.json"
_TIMESTAMP, _FORMAT = "timestamp.txt", "%Y-%m-%d %H:%M:%S.%f UTC"  # where nbgrader looks for the time


@dataclass(frozen=True)
class HandedIn:
    """What is known of a file that counts.

    stamp: what the place that it came from says of its time; submitted: what that means. sha256: of its bytes as handed in; work:
    of what the student did in it, whatever was released around it. tampered: exercises whose test was not the released one.
    """

    stamp: str = ""
    submitted: datetime | None = None
    sha256: str = ""
    work: str = ""
    by_ids: bool = True
    repaired: bool = False
    tampered: frozenset[str] = field(default_factory=frozenset)

    def since(self, before: "HandedIn | None") -> "HandedIn":
        """The same, handed in when the same work first was. before: what counted until then."""
        if before is None or self.stamp == before.stamp or not self.work or self.work != before.work:
            return self
        known = [when for when in (before.submitted, self.submitted) if when]
        return replace(self, stamp=before.stamp, submitted=min(known, default=None))


def work_in(notebook: NotebookNode) -> str:
    """A digest of what a student did in a notebook that was put in order: its cells that are not locked, without outputs."""
    cells = [cell for cell in notebook.cells if not marks(cell).get("locked")]
    told = [[cell.cell_type, cell.source, cell.get("attachments") or {}] for cell in cells]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def notebook_times(known: Mapping[str, HandedIn], built: Iterable[Built]) -> dict[str, datetime | None]:
    """When each notebook was handed in: the last of what counts for it, itself and the weights that belong to it."""
    there = {item.name: [known[what] for what in (item.name, *item.hands_in) if what in known] for item in built}
    return {
        name: max((file.submitted for file in files if file.submitted), default=None)
        for name, files in there.items()
        if name in known
    }


def write_handed_in(folder: Path, known: Mapping[str, HandedIn], times: Mapping[str, datetime | None]) -> None:
    """Keep what is known of the files in a folder, by notebook's name or file's, and when each notebook was handed in.

    For nbgrader, which has one time, that is when the last one came.
    """
    told = {
        "files": {
            what: {**vars(file), "submitted": _iso(file.submitted), "tampered": sorted(file.tampered)}
            for what, file in known.items()
        },
        "notebooks": {name: _iso(when) for name, when in times.items()},
    }
    write_whole(folder / FILE, json.dumps(told, indent=1, sort_keys=True) + "\n")
    last = max(filter(None, times.values()), default=None)
    if last is not None:
        write_whole(folder / _TIMESTAMP, last.astimezone(UTC).strftime(_FORMAT))
    else:
        (folder / _TIMESTAMP).unlink(missing_ok=True)


def read_handed_in(folder: Path, built: Iterable[Built]) -> dict[str, HandedIn]:
    """What is known of a student's notebooks and weights that lie in a folder of the gradebook, by what they are."""
    names = [
        (what, name) for item in built for what, name in [(item.name, item.filename), *((n, n) for n in item.hands_in)]
    ]
    known, unknown = _known(folder), HandedIn(submitted=_told_nbgrader(folder))
    return {what: known.get(what, unknown) for what, name in names if (folder / name).is_file()}


def handed_in_at(folder: Path, notebook: str) -> datetime | None:
    """When a notebook in a folder of the gradebook was handed in, if that is known."""
    try:
        return _time(_read(folder)["notebooks"][notebook])
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return _told_nbgrader(folder)


def _known(folder: Path) -> dict[str, HandedIn]:
    try:
        return {what: _file(about) for what, about in _read(folder)["files"].items()}
    except (
        FileNotFoundError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
    ):  # an earlier version of the kit wrote none
        return {}


def _read(folder: Path) -> dict:
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def _told_nbgrader(folder: Path) -> datetime | None:
    try:
        return datetime.strptime((folder / _TIMESTAMP).read_text(encoding="utf-8").strip(), _FORMAT).replace(tzinfo=UTC)
    except (FileNotFoundError, ValueError):
        return None


def _file(about: dict) -> HandedIn:
    return HandedIn(**{**about, "submitted": _time(about["submitted"]), "tampered": frozenset(about["tampered"])})


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
