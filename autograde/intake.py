"""What was handed in, from wherever it came: copied to one folder per student, under proper names, with a report."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograde.build import Built, as_text
from autograde.course import CourseError
from autograde.drafts import draft, replacing
from autograde.findings import (
    LATE,
    MISSING,
    REFUSED,
    RENAMED,
    REPAIRED,
    SET_ASIDE,
    UNKNOWN,
    Finding,
)
from autograde.incoming import HandedFile, HandIn, Reader
from autograde.notebook_file import read_notebook
from autograde.repair import repair
from autograde.roster import Roster, roster_of
from autograde.settings import BEST, Settings
from helpers.submission import RECEIPT


@dataclass(frozen=True)
class Submission:
    """What counts of one student's work: notebooks by name, and weights, as handed in; when; and what was found.

    attempts: when each was handed in, oldest first, None where that is not known. tampered: exercises whose test is not
    the released one. earlier: what counted at each earlier attempt, oldest first, when the best is to count.
    receipt: what the student's own run said, if it came along. repaired: notebooks that had to be.
    """

    student: str
    notebooks: dict[str, Path] = field(default_factory=dict)
    weights: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    submitted: datetime | None = None
    attempts: tuple[datetime | None, ...] = ()
    tampered: frozenset[str] = frozenset()
    earlier: tuple["Submission", ...] = ()
    receipt: Path | None = None
    repaired: frozenset[str] = frozenset()

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
    roster = roster_of(settings)
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


# --- One student


def _finish(hand_in: HandIn, folder: Path, settings: Settings) -> Submission:
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
    views: list[Submission] = []
    counting: dict[str, HandedFile] = {}
    paths: dict[str, Path] = {}
    for number, files in enumerate(taken, start=1):
        for file in files:
            if file.what not in counting or file.by_ids or not counting[file.what].by_ids:
                counting[file.what] = file
                paths[file.what] = (home / f"attempt-{number}" if len(taken) > 1 else home) / file.name
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
    times = tuple(_latest(files) for files in taken)
    return replace(last, findings=findings, attempts=times, earlier=tuple(earlier))


def _kinds(files: Iterable[HandedFile]) -> Iterator[str]:
    yield from dict.fromkeys(file.what for file in files)


def _choose(student: str, files: list[HandedFile], findings: list[Finding]) -> HandedFile:
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


def _write(file: HandedFile, folder: Path) -> None:
    target = folder / file.name
    file.path.replace(target)
    target.chmod(0o644)
    if file.submitted is not None:
        seconds = max(0.0, file.submitted.timestamp())
        os.utime(target, (seconds, seconds))  # when it was handed in stays with the copy


def _view(student: str, counting: Mapping[str, HandedFile], paths: Mapping[str, Path]) -> Submission:
    return Submission(
        student,
        {name: paths[name] for name, file in counting.items() if file.is_notebook},
        [paths[name] for name, file in counting.items() if not file.is_notebook and name != RECEIPT],
        submitted=_latest(counting.values()),
        tampered=frozenset().union(*(file.tampered for file in counting.values())),
        receipt=paths.get(RECEIPT),
        repaired=frozenset(name for name, file in counting.items() if file.repairs or not file.by_ids),
    )


def _latest(files: Iterable[HandedFile]) -> datetime | None:
    return max((file.submitted for file in files if file.submitted), default=None)


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
