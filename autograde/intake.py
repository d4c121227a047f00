"""What was handed in, from wherever it came: copied to one folder per student, under proper names, with a report."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from autograde.build import Built, as_text
from autograde.course import CourseError
from autograde.drafts import draft, replacing
from autograde.due import Due
from autograde.findings import (
    LATE,
    MISSING,
    REFUSED,
    RENAMED,
    REPAIRED,
    SET_ASIDE,
    STANDS,
    UNKNOWN,
    Finding,
)
from autograde.handed_in import HandedIn, notebook_times, read_handed_in
from autograde.incoming import HandedFile, HandIn, Reader
from autograde.notebook_file import read_notebook
from autograde.repair import repair
from autograde.roster import Roster, roster_of
from autograde.settings import BEST, Settings
from helpers.submission import RECEIPT


@dataclass(frozen=True)
class Counting:
    """A file that counts: where it lies, and what is known of it."""

    is_notebook: bool
    path: Path
    known: HandedIn


@dataclass(frozen=True)
class Submission:
    """What counts of one student's work: notebooks by name, and weights, as handed in; when; and what was found.

    attempts: when each was handed in, oldest first, None where that is not known. tampered: exercises whose test is not
    the released one. earlier: what counts if an earlier attempt does, oldest first, when the best is to count.
    receipt: what the student's own run said, if it came along. known: what is known of each file, by notebook's name or file's.
    times: when each notebook was handed in.
    """

    student: str
    notebooks: dict[str, Path] = field(default_factory=dict)
    weights: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    attempts: tuple[datetime | None, ...] = ()
    tampered: frozenset[str] = frozenset()
    earlier: tuple["Submission", ...] = ()
    receipt: Path | None = None
    known: Mapping[str, HandedIn] = field(default_factory=dict)
    times: Mapping[str, datetime | None] = field(default_factory=dict)

    def counting(self) -> dict[str, Counting]:
        """Its notebooks and weights, by name."""
        files = [(name, True, path) for name, path in self.notebooks.items()]
        files += [(path.name, False, path) for path in self.weights]
        return {
            name: Counting(is_notebook, path, self.known.get(name, HandedIn())) for name, is_notebook, path in files
        }

    @property
    def submitted(self) -> datetime | None:
        """When the last of it was handed in, if that is known."""
        return max(filter(None, self.times.values()), default=None)

    @property
    def repaired(self) -> frozenset[str]:
        """The notebooks that had to be put in order."""
        return frozenset(name for name in self.notebooks if name in self.known and self.known[name].repaired)

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


def nothing_before(_: str) -> "Submission":
    """Nobody has handed in anything yet."""
    return Submission("")


def collect(
    sources: Sequence[Path],
    built: Sequence[Built],
    folder: Path,
    settings: Settings | None = None,
    before: Callable[[str], Submission] = nothing_before,
) -> Collected:
    """Copy what students handed in from downloads, folders and notebooks into folder/<student>/, and report on everything.

    What cannot be taken costs only whose it is, and sources are not changed. Several sources are several attempts, the
    latest last; a student who is in folder already is replaced there. before: what counted of a student until now, which
    stands where nothing takes its place. Raises CourseError when there is nothing to take at all.
    """
    settings = settings or Settings()
    roster = roster_of(settings)
    unknown = settings.due.each.keys() - {item.name for item in built}
    if unknown:
        names = ", ".join(item.name for item in built)
        raise CourseError(f"course.toml: late.due names {min(unknown)}, which is no notebook. There are: {names}.")
    for source in sources:
        if source.resolve() == folder.resolve() or folder.resolve() in source.resolve().parents:
            raise CourseError(f"{source} lies in {folder}, which is written to. Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    with draft(folder) as incoming:
        reader = Reader(built, incoming, settings, roster)
        for number, source in enumerate(sources):
            reader.read_source(number, source)
        if not reader.hand_ins:
            raise CourseError(
                f"{sources[0]} holds no student's folder. It should hold one folder for each student, with notebooks in it, "
                "or be what Moodle or Canvas gives."
            )
        by_student = sorted(reader.hand_ins.values(), key=lambda hand_in: hand_in.student)
        submissions = [_finish(hand_in, folder, settings, before(hand_in.student), built) for hand_in in by_student]
    found = [finding for submission in submissions for finding in submission.findings]
    return Collected(submissions, [*reader.findings, *found, *_compare(roster, submissions, before)])


def _compare(
    roster: Roster | None, submissions: Sequence[Submission], before: Callable[[str], Submission]
) -> list[Finding]:
    if roster is None:
        return []
    there = {submission.student for submission in submissions}
    missing = [
        Finding(student, "", f"has handed in nothing{f' ({name})' if name else ''}.", kind=MISSING, hides="")
        for student, name in roster.names.items()
        if student not in there and not before(student).notebooks
    ]
    todo = "Is the id right? Graded all the same."
    return missing + [
        Finding(student, "", "is not on the roster.", todo, UNKNOWN, hides="")
        for student in sorted(there - roster.names.keys())
    ]


# --- One student


def _finish(
    hand_in: HandIn, folder: Path, settings: Settings, before: Submission, built: Sequence[Built]
) -> Submission:
    """Put what counts of one student's files where it belongs; the rest is reported."""
    student, findings = hand_in.student, hand_in.findings
    attempts = sorted({file.attempt for file in hand_in.files})
    taken: list[list[HandedFile]] = []
    for attempt in attempts:
        own = [file for file in hand_in.files if file.attempt == attempt]
        taken.append([_choose(student, [file for file in own if file.what == what], findings) for what in _kinds(own)])
    home = folder / student
    with replacing(home) as new:
        for number, files in enumerate(taken, start=1):
            place_for = new / f"attempt-{number}" if len(taken) > 1 else new
            place_for.mkdir(exist_ok=True)
            for file in files:
                _write(file, place_for)
    counting = before.counting()
    new: list[dict[str, Counting]] = []  # by attempt: what takes the place of something
    for number, files in enumerate(taken, start=1):
        there = dict(new[-1]) if new else {}
        for file in files:
            old = counting.get(file.what)
            if old is None or file.known.by_ids or not old.known.by_ids:
                place_of = (home / f"attempt-{number}" if len(taken) > 1 else home) / file.name
                known = file.known.since(old.known if old else None)
                counting[file.what] = there[file.what] = Counting(file.is_notebook, place_of, known)
        new.append(there)
    # What one attempt lacks is as the others left it.
    views = [_view(student, {**counting, **there}, built) for there in new]
    last = _view(student, counting, built)
    for file in (file for files in taken for file in files):
        findings += [Finding(student, file.shown, text, kind=REPAIRED, hides="") for text in file.repairs]
    if len(views) > 1:
        counts = "the best counts" if settings.attempts == BEST else "the latest of each file counts"
        findings.append(Finding(student, "", f"handed in {len(views)} times: {counts}.", kind=SET_ASIDE, hides=""))
    came = {file.what for files in taken for file in files if file.is_notebook}
    if not came and not any(finding.kind == REFUSED and finding.hides for finding in findings):
        findings.append(Finding(student, "", "there is no notebook in this folder.", "Ask for it."))
    findings += [stands(student, f"{name} is not among it") for name in before.notebooks if name not in came]
    findings += _lateness(last, settings.due)
    earlier = [replace(view, findings=findings) for view in views[:-1]] if settings.attempts == BEST else []
    times = tuple(_latest(files) for files in taken)
    return replace(last, findings=findings, attempts=times, earlier=tuple(earlier))


def stands(student: str, why: str) -> Finding:
    """That what counted before does so still."""
    return Finding(student, "", f"{why}: what was graded before stands.", kind=STANDS, hides="")


def _kinds(files: Iterable[HandedFile]) -> Iterator[str]:
    yield from dict.fromkeys(file.what for file in files)


def _choose(student: str, files: list[HandedFile], findings: list[Finding]) -> HandedFile:
    """The one of several files for the same purpose that counts: the exact name wins, else the latest modified."""
    best = max(reversed(files), key=lambda file: file.rank)
    for file in files:
        if file is not best:
            why = (
                "its cells still have their ids"
                if file.known.by_ids != best.known.by_ids
                else "it has the exact name"
                if file.exact != best.exact
                else "it was modified later"
                if file.modified != best.modified
                else "it comes last"
            )
            what = f"is {file.what}, too: {best.shown} was taken, since {why}."
            findings.append(Finding(student, file.shown, what, "Look at both.", SET_ASIDE, hides=""))
    if not best.known.by_ids:
        what = f"has lost the ids of its cells: by what it defines it is {best.what}."
        findings.append(Finding(student, best.shown, what, "Look at its marks.", RENAMED, hides=""))
    elif not best.exact:
        what = f"is {best.what}{' by its cells' if best.is_notebook else ''}: it is taken as that."
        findings.append(Finding(student, best.shown, what, kind=RENAMED, hides=""))
    return best


def _write(file: HandedFile, folder: Path) -> None:
    target = folder / file.name
    file.path.replace(target)
    target.chmod(0o644)
    if file.known.submitted is not None:
        seconds = max(0.0, file.known.submitted.timestamp())
        os.utime(target, (seconds, seconds))  # when it was handed in stays with the copy


def _view(student: str, counting: Mapping[str, Counting], built: Iterable[Built]) -> Submission:
    known = {name: file.known for name, file in counting.items() if name != RECEIPT}
    return Submission(
        student,
        {name: file.path for name, file in counting.items() if file.is_notebook},
        [file.path for name, file in counting.items() if not file.is_notebook and name != RECEIPT],
        tampered=frozenset().union(*(file.known.tampered for file in counting.values())),
        receipt=counting[RECEIPT].path if RECEIPT in counting else None,
        known=known,
        times=notebook_times(known, built),
    )


def _latest(files: Iterable[HandedFile]) -> datetime | None:
    return max((file.known.submitted for file in files if file.known.submitted), default=None)


def _lateness(submission: Submission, due: Due) -> Iterator[Finding]:
    """What was late, once for all notebooks that have one date."""
    by_name = {name: due.late_by(name, when) for name, when in submission.times.items()}
    late = {name: timedelta(seconds=round(by.total_seconds())) for name, by in by_name.items() if by is not None}
    if late and not due.each:
        yield Finding(submission.student, "", f"was handed in {max(late.values())} h late.", kind=LATE, hides="")
        return
    for name, by in late.items():
        yield Finding(submission.student, "", f"{name} was handed in {by} h late.", kind=LATE, hides="")


# --- For grading


def lying_in(folder: Path, student: str, built: Iterable[Built]) -> Submission:
    """What counts of a student's work as it lies in a folder of the gradebook."""
    built, known = list(built), read_handed_in(folder, built)
    files = {
        item.name: Counting(True, folder / item.filename, known[item.name]) for item in built if item.name in known
    }
    for name in (name for item in built for name in item.hands_in if name in known):
        files[name] = Counting(False, folder / name, known[name])
    return _view(student, files, built)


def copy_submission(submission: Submission, folder: Path) -> None:
    """Copy a submission's notebooks and weights into a folder, which keeps what else is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / f"{name}.ipynb": path for name, path in submission.notebooks.items()}
    files |= {folder / path.name: path for path in submission.weights}
    for target, path in files.items():
        if target != path:
            draft = target.with_name(f".{target.name}.draft")
            shutil.copyfile(path, draft, follow_symlinks=False)
            draft.replace(target)


def repair_copies(folder: Path, built: Iterable[Built]) -> None:
    """Put the notebooks of a copied submission in order, in place."""
    for item in built:
        path = folder / item.filename
        if path.exists():
            mended, _ = repair(read_notebook(path.read_bytes()), item.release)
            path.write_text(as_text(mended), encoding="utf-8")
