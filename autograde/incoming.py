"""Goes through what was handed in, file by file, and sorts by student what may count; nothing is written but bytes to keep."""

import functools
import hashlib
import os
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbformat import NotebookNode

from autograde import archives
from autograde.archives import Entry, Refused, is_archive, open_zip, open_zip_bytes, read_file, walk_folder
from autograde.build import Built
from autograde.course import CourseError
from autograde.findings import ANY_NOTEBOOK, IGNORED, LATE, UNKNOWN, Finding
from autograde.hand_in_names import GENERAL, Place, can_be_student, place, proper_name
from autograde.handed_in import HandedIn, work_in
from autograde.notebook_file import read_notebook, recognise
from autograde.receipt_file import LARGEST_RECEIPT, NotAReceipt, read_receipt
from autograde.repair import changed_tests, repair
from autograde.roster import Roster, folded
from autograde.settings import Settings
from helpers.submission import LARGEST_NOTEBOOK, RECEIPT
from helpers.weights import LARGEST_FILE

_NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")
_OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True)
class Moment:
    """When files were handed in: in which source, as which attempt there, as it was told, and at what time, if that is known."""

    source: int
    attempt: int
    told: str
    submitted: Callable[[str], datetime | None]  # of a file, by what it is


@dataclass(frozen=True)
class HandedFile:
    """A file that may count: for which notebook or weights, where its bytes lie, and what decides between several."""

    what: str
    is_notebook: bool
    path: Path
    shown: str
    exact: bool
    attempt: tuple[int, int]  # the source it came with, and the number that the system gave it
    modified: datetime
    known: HandedIn
    repairs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called where it counts."""
        return f"{self.what}.ipynb" if self.is_notebook else self.what

    @property
    def rank(self) -> tuple:
        """The highest of several files for the same purpose counts."""
        return self.known.by_ids, self.attempt, self.exact, self.modified


@dataclass
class HandIn:
    """One student's files and findings while they come in, and how much there was of them in each source."""

    student: str
    files: list[HandedFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    spelled: dict[int, str] = field(default_factory=dict)
    counted: Counter[int] = field(default_factory=Counter)
    bytes: Counter[int] = field(default_factory=Counter)


class Reader:
    """Goes through sources and sorts the files in them by student."""

    def __init__(self, built: Sequence[Built], incoming: Path, settings: Settings, roster: Roster | None) -> None:
        self.releases: Mapping[str, NotebookNode] = {item.name: item.release for item in built}
        self.weights = {proper_name(name): name for item in built for name in item.hands_in}
        self.notebooks = {name: item.name for item in built for name in item.hands_in}
        self.incoming, self.settings, self.roster = incoming, settings, roster
        self.hand_ins: dict[str, HandIn] = {}
        self.findings: list[Finding] = []

    # --- Sources

    def read_source(self, number: int, source: Path) -> None:
        """Take everything in a folder, an archive or a notebook. Raises CourseError when it is none of these."""
        if source.is_dir():
            self._read_entries(number, walk_folder(source))
            return
        own = place(source.name, self.settings.patterns[:-GENERAL])
        if is_archive(source.name) and own is None:
            try:
                with open_zip(source) as entries:
                    listed = _unwrapped(list(entries), self.settings)
                    if any(_is_notebook(entry.name) and "/" not in entry.path for entry in listed) and not any(
                        place(entry.path, self.settings.patterns) for entry in listed
                    ):
                        own = Place(source.stem, source.name, 0, None)
                    else:
                        self._read_entries(number, listed)
            except Refused as refused:
                raise CourseError(f"{source} {refused}") from None
        if own is None and _is_notebook(source.name):
            own = Place(source.resolve().parent.name, source.name, 0, None)
        if own is not None:
            modified = datetime.fromtimestamp(source.stat().st_mtime, UTC)
            self._read_one(number, Entry(source.name, modified, lambda limit: read_file(source, limit)), own)
        elif not is_archive(source.name):
            raise CourseError(f"{source} is no folder, no zip archive and no notebook. Name one of these.")

    def _read_entries(self, number: int, entries: Iterable[Entry]) -> None:
        for entry in entries:
            whose = place(f"{entry.path}/-" if entry.is_folder else entry.path, self.settings.patterns)
            if whose is None or (entry.refused and not can_be_student(whose.student)):
                self._refuse_stray(entry)
            else:
                self._read_one(number, entry, whose)

    def _refuse_stray(self, entry: Entry) -> None:
        if entry.refused and "/" in entry.path:
            self.findings.append(Finding("", entry.path, entry.refused.problem, entry.refused.todo))
            return
        problem = entry.refused.problem if entry.refused else "is not in a student's folder."
        todo = "Put each student's notebooks into a folder named after the student."
        self.findings.append(Finding("", entry.path, problem, todo))

    def _read_one(self, number: int, entry: Entry, whose: Place) -> None:
        hand_in = self._hand_in(number, whose.student)
        if hand_in is None or entry.is_folder:
            return
        shown = entry.path.split("/", 1)[-1] if "/" in entry.path else entry.path
        submitted = functools.partial(self._submitted, entry.modified, whose.late)
        if whose.late and not self.settings.due.all:
            hand_in.findings.append(Finding(hand_in.student, shown, "is marked late.", kind=LATE, hides=""))
        moment = Moment(number, whose.attempt, f"{entry.modified} {whose.late}", submitted)
        self._take(hand_in, replace(entry, path=whose.file), shown, moment, 0)

    def _hand_in(self, number: int, spelled: str) -> HandIn | None:
        """The student's, new if need be; None when nobody can have this id, or two would be the same."""
        student = unicodedata.normalize("NFC", spelled)
        if not can_be_student(student):
            finding = Finding(
                repr(spelled), "", "no student's id can be this.", "Rename it: shorter, without / \\ * ? [ ]."
            )
            self._report_once(finding)
            return None
        student = (self.roster.find(student) if self.roster else None) or student
        hand_in = self.hand_ins.setdefault(folded(student), HandIn(student))
        other = hand_in.spelled.setdefault(number, spelled)
        if other != spelled:
            problem = f"is {'the same student as' if self.roster else 'but for case or Unicode form the same name as'}"
            self._report_once(Finding(spelled, "", f"{problem} {other}.", "Rename one, or merge them."))
            return None
        return hand_in

    def _report_once(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)

    def _submitted(self, modified: datetime | None, marked_late: bool | None, what: str) -> datetime | None:
        """When a file was handed in that is this. What the system says of lateness counts more, where one date is meant."""
        due = self.settings.due.of(self.notebooks.get(what, what))
        if modified is not None and modified.tzinfo is None:  # an archive's, in the time of the place
            modified = modified.replace(tzinfo=due.tzinfo) if due else modified.astimezone()
        if due is None or marked_late is None or self.settings.due.each:
            return modified
        if marked_late:
            return max(modified or due, due + timedelta(seconds=1))
        return min(modified or due, due)

    # --- Files

    def _take(self, hand_in: HandIn, entry: Entry, shown: str, moment: Moment, depth: int) -> None:
        """Look at one file, and keep it if it may count."""
        if entry.is_folder:
            return
        hand_in.counted[moment.source] += 1
        number = hand_in.counted[moment.source]
        try:
            if number == archives.MOST_FILES + 1:
                raise Refused(
                    f"and what follows is left out: there are more than {archives.MOST_FILES} files.",
                    "Ask for the notebooks alone.",
                )
            if number <= archives.MOST_FILES:
                self._read(hand_in, entry, shown, moment, depth)
        except Refused as refused:
            left_out = number > archives.MOST_FILES  # what follows may be anything
            hides = ANY_NOTEBOOK if left_out else self._may_be(entry.name)
            hand_in.findings.append(Finding(hand_in.student, shown, refused.problem, refused.todo, hides=hides))

    def _read(self, hand_in: HandIn, entry: Entry, shown: str, moment: Moment, depth: int) -> None:
        name = entry.name.casefold()
        if entry.refused:
            raise entry.refused
        if is_archive(name):
            if depth == archives.DEEPEST_NESTING:
                raise Refused("is an archive in an archive, too often.", "Ask for the notebooks alone.")
            content = self._bytes(hand_in, entry, archives.LARGEST_ARCHIVE, moment)
            with open_zip_bytes(content) as members:
                for member in members:
                    self._take(hand_in, member, f"{shown}/{member.path}", moment, depth + 1)
        elif _is_notebook(name):
            self._take_notebook(hand_in, entry, shown, moment)
        elif proper_name(name) == RECEIPT:
            self._take_receipt(hand_in, entry, shown, moment)
        elif proper_name(name) in self.weights:
            proper = self.weights[proper_name(name)]
            # One byte too many is enough for the check to see that the file is too large, and to say so.
            content = self._bytes(hand_in, entry, LARGEST_FILE, moment, cut=True)
            file = _file(proper, False, self._keep(content), entry, shown, moment, content)
            hand_in.files.append(replace(file, known=replace(file.known, work=file.known.sha256)))
        elif name.endswith(_OTHER_ARCHIVES):
            raise Refused("is an archive that is not read here.", "Ask for the notebooks, or a .zip.")
        else:
            hand_in.findings.append(
                Finding(hand_in.student, shown, "is nothing that the course asks for.", kind=IGNORED, hides="")
            )

    def _bytes(self, hand_in: HandIn, entry: Entry, largest: int, moment: Moment, cut: bool = False) -> bytes:
        """The file's bytes, read once and counted. Raises Refused for more than largest, unless they are to be cut there."""
        content = entry.read(largest + 1)
        if len(content) > largest and not cut:
            raise Refused(f"is larger than {largest // 1_000_000} MB.", "Ask for the notebooks alone.")
        hand_in.bytes[moment.source] += len(content)
        if hand_in.bytes[moment.source] > archives.MOST_BYTES:
            raise Refused(
                f"is left out: there are more than {archives.MOST_BYTES // 1_000_000} MB.",
                "Ask for the notebooks alone.",
            )
        return content

    def _take_notebook(self, hand_in: HandIn, entry: Entry, shown: str, moment: Moment) -> None:
        content = self._bytes(hand_in, entry, LARGEST_NOTEBOOK, moment, cut=True)
        notebook = read_notebook(content)
        name, by_ids = recognise(notebook, self.releases)
        if not name:
            if self._may_be(entry.name) == ANY_NOTEBOOK:
                what = f"is none of the course's notebooks ({', '.join(self.releases)})."
                hand_in.findings.append(Finding(hand_in.student, shown, what, kind=IGNORED, hides=""))
                return
            raise Refused("has none of this notebook's cells.", "Ask for the notebook that was handed out, filled in.")
        release = self.releases[name]
        mended, repairs = repair(notebook, release)
        taken = _file(name, True, self._keep(content), entry, shown, moment, content)
        tampered = frozenset(changed_tests(notebook, release)) if by_ids else frozenset()
        about = {"by_ids": by_ids, "repaired": bool(repairs) or not by_ids, "tampered": tampered}
        known = replace(taken.known, work=work_in(mended), **about)
        hand_in.files.append(replace(taken, known=known, repairs=tuple(repairs)))

    def _take_receipt(self, hand_in: HandIn, entry: Entry, shown: str, moment: Moment) -> None:
        content = self._bytes(hand_in, entry, LARGEST_RECEIPT, moment, cut=True)
        try:
            read_receipt(content)
        except NotAReceipt as problem:
            what = f"is no receipt that can be compared with the marks: {problem}."
            hand_in.findings.append(Finding(hand_in.student, shown, what, kind=UNKNOWN, hides=""))
            return
        hand_in.files.append(_file(RECEIPT, False, self._keep(content), entry, shown, moment, content))

    def _keep(self, content: bytes) -> Path:
        descriptor, name = tempfile.mkstemp(dir=self.incoming)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return Path(name)

    def _may_be(self, name: str) -> str:
        """Which notebook a file of this name may have been: one, any, or none."""
        stem = proper_name(name).split(".ipynb")[0]
        named = [release for release in self.releases if release.casefold() == stem]
        if named:
            return named[0]
        lower = name.casefold()
        if _is_notebook(lower) or is_archive(lower) or lower.endswith(_OTHER_ARCHIVES) or "." not in lower:
            return ANY_NOTEBOOK
        return ""


def _is_notebook(name: str) -> bool:
    return name.casefold().endswith(_NOTEBOOK_ENDINGS)


def _file(
    what: str, is_notebook: bool, path: Path, entry: Entry, shown: str, moment: Moment, content: bytes
) -> HandedFile:
    exact = unicodedata.normalize("NFC", entry.name) == (f"{what}.ipynb" if is_notebook else what)
    modified = entry.modified or datetime.min
    known = HandedIn(moment.told, moment.submitted(what), hashlib.sha256(content).hexdigest())
    return HandedFile(
        what,
        is_notebook,
        path,
        shown,
        exact=exact,
        attempt=(moment.source, moment.attempt),
        modified=modified.replace(tzinfo=modified.tzinfo or UTC),
        known=known,
    )


def _unwrapped(entries: list[Entry], settings: Settings) -> list[Entry]:
    """The entries of a class's archive, without a folder that was put around them all."""
    tops = {entry.path.split("/")[0] for entry in entries}
    if len(tops) != 1 or any(entry.refused for entry in entries):
        return entries
    (top,) = tops
    below = [replace(entry, path=entry.path[len(top) + 1 :]) for entry in entries if "/" in entry.path]
    known = settings.patterns[:-GENERAL]
    if place(f"{top}/-", known) or not all(
        entry.is_folder or "/" in entry.path or is_archive(entry.path) or place(entry.path, known) for entry in below
    ):
        return entries
    return below or entries
