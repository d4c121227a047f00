"""What was handed in, from wherever it came: copied to one folder per student, under proper names, with a report."""

import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbformat import NotebookNode

from autograde import archives
from autograde.archives import Entry, Refused, is_archive, open_zip, open_zip_bytes, read_file, walk_folder
from autograde.build import Built, as_text
from autograde.course import CourseError
from autograde.findings import (
    ANY_NOTEBOOK,
    IGNORED,
    LATE,
    MISSING,
    REFUSED,
    RENAMED,
    REPAIRED,
    SET_ASIDE,
    UNKNOWN,
    Finding,
)
from autograde.hand_in_names import Place, can_be_student, place, proper_name
from autograde.notebook_file import LARGEST_NOTEBOOK, NotANotebook, read_notebook, recognise
from autograde.repair import changed_tests, repair
from autograde.roster import Roster, folded, read_roster
from autograde.settings import BEST, Settings
from helpers.weights import LARGEST_FILE

_NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")
_OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
#: Patterns that match any folder; those before them know a learning management system's names.
_GENERAL = 2


@dataclass(frozen=True)
class Submission:
    """What counts of one student's work: notebooks by name, and weights, as handed in; when; and what was found.

    tampered: exercises whose test is not the released one. earlier: what counted at each earlier attempt, oldest first,
    when the best is to count.
    """

    student: str
    notebooks: dict[str, Path] = field(default_factory=dict)
    weights: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    submitted: datetime | None = None
    tampered: frozenset[str] = frozenset()
    earlier: tuple["Submission", ...] = ()

    @property
    def refusals(self) -> list[Finding]:
        """What could not be taken."""
        return [finding for finding in self.findings if finding.kind == REFUSED]


@dataclass(frozen=True)
class Collected:
    """Every student's submission, by id, and everything there is to report."""

    submissions: list[Submission]
    findings: list[Finding]

    @property
    def refusals(self) -> list[Finding]:
        """What could not be taken."""
        return [finding for finding in self.findings if finding.kind == REFUSED]


@dataclass(frozen=True)
class _File:
    """A file that may count: for which notebook or weights, where its bytes lie, and what decides between several."""

    what: str
    is_notebook: bool
    path: Path
    shown: str
    by_ids: bool
    exact: bool
    attempt: tuple[int, int]  # the source it came with, and the number that the system gave it
    modified: datetime
    submitted: datetime | None
    repairs: tuple[str, ...] = ()
    tampered: frozenset[str] = frozenset()

    @property
    def rank(self) -> tuple:
        return self.by_ids, self.attempt, self.exact, self.modified


@dataclass
class _HandIn:
    """One student's files and findings while they come in, and how much there was of them in each source."""

    student: str
    files: list[_File] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    spelled: dict[int, str] = field(default_factory=dict)
    counted: dict[int, int] = field(default_factory=dict)
    bytes: dict[int, int] = field(default_factory=dict)


def collect(
    sources: Sequence[Path],
    built: Sequence[Built],
    folder: Path,
    settings: Settings | None = None,
) -> Collected:
    """Copy what students handed in from downloads, folders and notebooks into folder/<student>/, and report on everything.

    What cannot be taken costs only whose it is, and sources are not changed. Several sources are several attempts, the
    latest last; a student who is in folder already is replaced there.
    Raises CourseError when there is nothing to take at all.
    """
    settings = settings or Settings()
    roster = read_roster(settings.roster) if settings.roster else None
    for source in sources:
        if source.resolve() == folder.resolve() or folder.resolve() in source.resolve().parents:
            raise CourseError(f"{source} lies in {folder}, which is written to. Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".incoming-") as incoming:
        reader = _Reader(built, Path(incoming), settings, roster)
        for number, source in enumerate(sources):
            reader.read_source(number, source)
        if not reader.hand_ins:
            raise CourseError(
                f"{sources[0]} holds no student's folder. It should hold one folder for each student, with notebooks in it, "
                "or be what Moodle or Canvas gives."
            )
        by_student = sorted(reader.hand_ins.values(), key=lambda hand_in: hand_in.student)
        submissions = [_finish(hand_in, folder, settings) for hand_in in by_student]
    found = [finding for submission in submissions for finding in submission.findings]
    return Collected(submissions, [*reader.findings, *found, *_compare(roster, submissions)])


def _compare(roster: Roster | None, submissions: Sequence[Submission]) -> list[Finding]:
    if roster is None:
        return []
    there = {submission.student for submission in submissions}
    missing = [
        Finding(student, "", f"has handed in nothing{f' ({name})' if name else ''}.", kind=MISSING, hides="")
        for student, name in roster.names.items()
        if student not in there
    ]
    todo = "Is the id right? Graded all the same."
    return missing + [
        Finding(student, "", "is not on the roster.", todo, UNKNOWN, hides="")
        for student in sorted(there - roster.names.keys())
    ]


class _Reader:
    """Goes through sources and sorts the files in them by student."""

    def __init__(self, built: Sequence[Built], incoming: Path, settings: Settings, roster: Roster | None) -> None:
        self.releases: Mapping[str, NotebookNode] = {item.name: item.release for item in built}
        self.weights = {proper_name(name): name for item in built for name in item.hands_in}
        self.incoming, self.settings, self.roster = incoming, settings, roster
        self.hand_ins: dict[str, _HandIn] = {}
        self.findings: list[Finding] = []

    # --- Sources

    def read_source(self, number: int, source: Path) -> None:
        """Take everything in a folder, an archive or a notebook. Raises CourseError when it is none of these."""
        if source.is_dir():
            self._read_entries(number, walk_folder(source))
            return
        own = place(source.name, self.settings.patterns[:-_GENERAL])
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
        submitted = self._submitted(entry.modified, whose.late)
        if whose.late and self.settings.late is None:
            hand_in.findings.append(Finding(hand_in.student, shown, "is marked late.", kind=LATE, hides=""))
        moment = (number, whose.attempt), submitted
        self._take(hand_in, replace(entry, path=whose.file), shown, moment, 0)

    def _hand_in(self, number: int, spelled: str) -> _HandIn | None:
        """The student's, new if need be; None when nobody can have this id, or two would be the same."""
        student = unicodedata.normalize("NFC", spelled)
        if not can_be_student(student):
            finding = Finding(
                repr(spelled), "", "no student's id can be this.", "Rename it: shorter, without / \\ * ? [ ]."
            )
            self._report_once(finding)
            return None
        student = (self.roster.find(student) if self.roster else None) or student
        hand_in = self.hand_ins.setdefault(folded(student), _HandIn(student))
        other = hand_in.spelled.setdefault(number, spelled)
        if other != spelled:
            problem = f"is {'the same student as' if self.roster else 'but for case or Unicode form the same name as'}"
            self._report_once(Finding(spelled, "", f"{problem} {other}.", "Rename one, or merge them."))
            return None
        return hand_in

    def _report_once(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)

    def _submitted(self, modified: datetime | None, marked_late: bool | None) -> datetime | None:
        """When this was handed in. What a learning management system says of lateness counts more than a file's time."""
        due = self.settings.late.due if self.settings.late else None
        if modified is not None and modified.tzinfo is None:  # an archive's, in the time of the place
            modified = modified.replace(tzinfo=due.tzinfo) if due else modified.astimezone()
        if due is None or marked_late is None:
            return modified
        if marked_late:
            return max(modified or due, due + timedelta(seconds=1))
        return min(modified or due, due)

    # --- Files

    def _take(self, hand_in: _HandIn, entry: Entry, shown: str, moment: tuple, depth: int) -> None:
        """Look at one file, and keep it if it may count."""
        if entry.is_folder:
            return
        number = moment[0][0]
        hand_in.counted[number] = hand_in.counted.get(number, 0) + 1
        try:
            if hand_in.counted[number] == archives.MOST_FILES + 1:
                raise Refused(
                    f"and what follows is left out: there are more than {archives.MOST_FILES} files.",
                    "Ask for the notebooks alone.",
                )
            if hand_in.counted[number] <= archives.MOST_FILES:
                self._read(hand_in, entry, shown, moment, depth)
        except Refused as refused:
            left_out = hand_in.counted[number] > archives.MOST_FILES  # what follows may be anything
            hides = ANY_NOTEBOOK if left_out else self._may_be(entry.name)
            hand_in.findings.append(Finding(hand_in.student, shown, refused.problem, refused.todo, hides=hides))

    def _read(self, hand_in: _HandIn, entry: Entry, shown: str, moment: tuple, depth: int) -> None:
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
        elif proper_name(name) in self.weights:
            proper = self.weights[proper_name(name)]
            # One byte too many is enough for the check to see that the file is too large, and to say so.
            path = self._keep(self._bytes(hand_in, entry, LARGEST_FILE, moment, cut=True))
            hand_in.files.append(_file(proper, False, path, entry, shown, moment))
        elif name.endswith(_OTHER_ARCHIVES):
            raise Refused("is an archive that is not read here.", "Ask for the notebooks, or a .zip.")
        else:
            hand_in.findings.append(
                Finding(hand_in.student, shown, "is nothing that the course asks for.", kind=IGNORED, hides="")
            )

    def _bytes(self, hand_in: _HandIn, entry: Entry, largest: int, moment: tuple, cut: bool = False) -> bytes:
        """The file's bytes, read once and counted. Raises Refused for more than largest, unless they are to be cut there."""
        number = moment[0][0]
        content = entry.read(largest + 1)
        if len(content) > largest and not cut:
            raise Refused(f"is larger than {largest // 1_000_000} MB.", "Ask for the notebooks alone.")
        hand_in.bytes[number] = hand_in.bytes.get(number, 0) + len(content)
        if hand_in.bytes[number] > archives.MOST_BYTES:
            raise Refused(
                f"is left out: there are more than {archives.MOST_BYTES // 1_000_000} MB.",
                "Ask for the notebooks alone.",
            )
        return content

    def _take_notebook(self, hand_in: _HandIn, entry: Entry, shown: str, moment: tuple) -> None:
        content = self._bytes(hand_in, entry, LARGEST_NOTEBOOK, moment, cut=True)
        try:
            notebook = read_notebook(content)
        except NotANotebook as problem:
            raise Refused(problem.problem, problem.todo) from None
        name, by_ids = recognise(notebook, self.releases)
        if not name:
            if self._may_be(entry.name) == ANY_NOTEBOOK:
                what = f"is none of the course's notebooks ({', '.join(self.releases)})."
                hand_in.findings.append(Finding(hand_in.student, shown, what, kind=IGNORED, hides=""))
                return
            raise Refused("has none of this notebook's cells.", "Ask for the notebook that was handed out, filled in.")
        release = self.releases[name]
        _, repairs = repair(notebook, release)
        taken = _file(name, True, self._keep(content), entry, shown, moment)
        tampered = frozenset(changed_tests(notebook, release)) if by_ids else frozenset()
        hand_in.files.append(replace(taken, by_ids=by_ids, repairs=tuple(repairs), tampered=tampered))

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


def _file(what: str, is_notebook: bool, path: Path, entry: Entry, shown: str, moment: tuple) -> _File:
    attempt, submitted = moment
    exact = unicodedata.normalize("NFC", entry.name) == (f"{what}.ipynb" if is_notebook else what)
    modified = entry.modified or datetime.min
    return _File(
        what, is_notebook, path, shown, True, exact, attempt, modified.replace(tzinfo=modified.tzinfo or UTC), submitted
    )


def _unwrapped(entries: list[Entry], settings: Settings) -> list[Entry]:
    """The entries of a class's archive, without a folder that was put around them all."""
    tops = {entry.path.split("/")[0] for entry in entries}
    if len(tops) != 1 or any(entry.refused for entry in entries):
        return entries
    (top,) = tops
    below = [replace(entry, path=entry.path[len(top) + 1 :]) for entry in entries if "/" in entry.path]
    known = settings.patterns[:-_GENERAL]
    if place(f"{top}/-", known) or not all(
        entry.is_folder or "/" in entry.path or is_archive(entry.path) or place(entry.path, known) for entry in below
    ):
        return entries
    return below or entries


# --- One student


def _finish(hand_in: _HandIn, folder: Path, settings: Settings) -> Submission:
    """Put what counts of one student's files where it belongs; the rest is reported."""
    student, findings = hand_in.student, hand_in.findings
    attempts = sorted({file.attempt for file in hand_in.files})
    taken: list[list[_File]] = []
    for attempt in attempts:
        own = [file for file in hand_in.files if file.attempt == attempt]
        taken.append([_choose(student, [file for file in own if file.what == what], findings) for what in _kinds(own)])
    home = folder / student
    with _replaced(home, folder) as draft:
        for number, files in enumerate(taken, start=1):
            place_for = draft / f"attempt-{number}" if len(taken) > 1 else draft
            place_for.mkdir(exist_ok=True)
            for file in files:
                _write(file, place_for)
    views: list[Submission] = []
    counting: dict[str, _File] = {}
    paths: dict[str, Path] = {}
    for number, files in enumerate(taken, start=1):
        for file in files:
            if file.what not in counting or file.by_ids or not counting[file.what].by_ids:
                counting[file.what] = file
                paths[file.what] = (home / f"attempt-{number}" if len(taken) > 1 else home) / _file_name(file)
        views.append(_view(student, counting, paths))
    last = views[-1] if views else Submission(student)
    for file in (file for files in taken for file in files):
        findings += [Finding(student, file.shown, text, kind=REPAIRED, hides="") for text in file.repairs]
    if len(views) > 1:
        counts = "the best counts" if settings.attempts == BEST else "the latest of each file counts"
        findings.append(Finding(student, "", f"handed in {len(views)} times: {counts}.", kind=SET_ASIDE, hides=""))
    if not last.notebooks and not any(finding.kind == REFUSED and finding.hides for finding in findings):
        findings.append(Finding(student, "", "there is no notebook in this folder.", "Ask for it."))
    findings += _lateness(last, settings)
    earlier = [replace(view, findings=findings) for view in views[:-1]] if settings.attempts == BEST else []
    return replace(last, findings=findings, earlier=tuple(earlier))


def _kinds(files: Iterable[_File]) -> Iterator[str]:
    yield from dict.fromkeys(file.what for file in files)


def _choose(student: str, files: list[_File], findings: list[Finding]) -> _File:
    """The one of several files for the same purpose that counts: the exact name wins, else the latest modified."""
    best = max(reversed(files), key=lambda file: file.rank)
    for file in files:
        if file is not best:
            why = (
                "its cells still have their ids"
                if file.by_ids != best.by_ids
                else "it has the exact name"
                if file.exact != best.exact
                else "it was modified later"
                if file.modified != best.modified
                else "it comes last"
            )
            what = f"is {file.what}, too: {best.shown} was taken, since {why}."
            findings.append(Finding(student, file.shown, what, "Look at both.", SET_ASIDE, hides=""))
    if not best.by_ids:
        what = f"has lost the ids of its cells: by what it defines it is {best.what}."
        findings.append(Finding(student, best.shown, what, "Look at its marks.", RENAMED, hides=""))
    elif not best.exact:
        what = f"is {best.what}{' by its cells' if best.is_notebook else ''}: it is taken as that."
        findings.append(Finding(student, best.shown, what, kind=RENAMED, hides=""))
    return best


def _file_name(file: _File) -> str:
    return f"{file.what}.ipynb" if file.is_notebook else file.what


def _write(file: _File, folder: Path) -> None:
    target = folder / _file_name(file)
    file.path.replace(target)
    target.chmod(0o644)
    if file.submitted is not None:
        seconds = max(0.0, file.submitted.timestamp())
        os.utime(target, (seconds, seconds))  # when it was handed in stays with the copy


@contextmanager
def _replaced(home: Path, folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of a student's old one when it is whole."""
    draft = Path(tempfile.mkdtemp(dir=folder, prefix=".student-"))
    try:
        draft.chmod(0o755)
        yield draft
        if home.exists():
            shutil.rmtree(home)
        draft.replace(home)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _view(student: str, counting: Mapping[str, _File], paths: Mapping[str, Path]) -> Submission:
    times = [file.submitted for file in counting.values() if file.submitted]
    return Submission(
        student,
        {name: paths[name] for name, file in counting.items() if file.is_notebook},
        [paths[name] for name, file in counting.items() if not file.is_notebook],
        submitted=max(times, default=None),
        tampered=frozenset().union(*(file.tampered for file in counting.values())),
    )


def _lateness(submission: Submission, settings: Settings) -> list[Finding]:
    if settings.late is None or submission.submitted is None or submission.submitted <= settings.late.due:
        return []
    late = timedelta(seconds=round((submission.submitted - settings.late.due).total_seconds()))
    return [Finding(submission.student, "", f"was handed in {late} h late.", kind=LATE, hides="")]


# --- For grading


def copy_submission(submission: Submission, folder: Path) -> None:
    """Copy a submission's notebooks and weights, and when it was handed in, and nothing else, into a folder, emptied first."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name, path in submission.notebooks.items():
        shutil.copyfile(path, folder / f"{name}.ipynb", follow_symlinks=False)
    for path in submission.weights:
        shutil.copyfile(path, folder / path.name, follow_symlinks=False)
    if submission.submitted is not None:  # where nbgrader looks for it
        told = submission.submitted.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        (folder / "timestamp.txt").write_text(told, encoding="utf-8")


def repair_copies(folder: Path, built: Iterable[Built]) -> None:
    """Put the notebooks of a copied submission in order, in place."""
    for item in built:
        path = folder / item.filename
        if path.exists():
            mended, _ = repair(read_notebook(path.read_bytes()), item.release)
            path.write_text(as_text(mended), encoding="utf-8")
