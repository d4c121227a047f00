"""A class of right, wrong, hostile and malformed submissions, graded undisturbed and with kills: python -m benchmarks.soak.

The second run's processes are killed (SIGKILL), those of each role, the coordinator among them, which is then started again.
The marks must be the same, and nothing may be left over or grow: no process, mount, namespace, file or descriptor.
"""

import csv
import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import click
import psutil
from tqdm import tqdm

from autograde.build import Built, read_course
from autograde.cells import exercise_id, is_test
from autograde.course import Course
from autograde.examine import BY_HAND, NOT_GRADED, PASSED
from autograde.gradebook import CourseFolder
from autograde.jobs import Results
from autograde.marks import NOT_SUBMITTED
from autograde.trained import train_and_save
from benchmarks import traces
from benchmarks.mixed_class import HOSTILE, MALFORMED, RIGHT, WRONG, hand_in
from benchmarks.report import machine, write
from helpers.exercise import SEED_VARIABLE
from tests.redteam.attack import read_attacks

ROOT = Path(__file__).parents[1]
_GRADE = "from autograde.cli import main; main()"
#: Seconds between two looks at a run, and between two at what its processes use.
_LOOK, _LOOK_CLOSELY = 0.1, 1.0
#: Seconds that a role may have nobody to kill; then another one's turn comes.
_NOBODY_THERE = 20.0
#: So often a run is repeated for what kills have left "not graded yet".
_AGAIN = 2
_COORDINATOR, _NURSERY, _DIAGNOSIS, _ROOM, _SERVER = "coordinator", "nursery", "diagnosis", "room", "server of rooms"
_WORKER, _EXAMINER, _WARDEN, _CANDIDATE = "worker", "examiner", "warden", "candidate"
ROLES = (_COORDINATOR, _NURSERY, _WORKER, _EXAMINER, _ROOM, _SERVER, _WARDEN, _CANDIDATE, _DIAGNOSIS)
#: What a process's parent makes of it, where its command line does not.
_BELOW = {_WORKER: _EXAMINER, _SERVER: _WARDEN, _WARDEN: _CANDIDATE}
#: The tables that are compared row by row; in reasons.csv, what a hostile submission makes of a message may be random.
_TABLES = ("grades.csv", "intake.csv", "attempts.csv", "grades-moodle.csv", "grades-canvas.csv")
_VARIES = re.compile(r"0x[0-9a-f]+|\b[0-9.]+ s\b")
#: By how much a process's descriptors, and its own memory in MB, may grow once it is warm; memory also for each submission.
_MORE_DESCRIPTORS, _MORE_MEMORY, _MORE_MEMORY_EACH = 8, 60, 0.15


class TimeOver(Exception):
    """The soak took longer than it may."""


@dataclass
class Kill:
    """One to come. after: the share of all results that has to be there; from 1 on, of the students of the run then."""

    role: str
    after: float
    delay: float


@dataclass
class Log:
    """What became of a run: seconds, kills with the share of the results that was there, and what its processes used."""

    seconds: float = 0.0
    starts: int = 0
    kills: list[tuple[str, float]] = field(default_factory=list)
    watch: traces.Watch = field(default_factory=traces.Watch)


@dataclass(frozen=True)
class Place:
    """A copy of the course, in which one of the runs takes place."""

    folder: Path

    @property
    def marks(self) -> Path:
        """What `course grade` writes."""
        return self.folder / "marks"

    @property
    def gradebook(self) -> Path:
        """nbgrader's course folder."""
        return self.folder / "gradebook"

    @property
    def temporary(self) -> Path:
        """All temporary files of the run, and nothing else."""
        return self.folder / "tmp"

    @property
    def known(self) -> int:
        """How many results there are."""
        return len(list((self.gradebook / "results").glob("*.json")))

    def said(self, since: int) -> int:
        """How many students the run has shown since it had said so many bytes."""
        with (self.folder / "said.txt").open("rb") as file:
            file.seek(since)
            return len(re.findall(rb"^\d+/\d+  ", file.read(), re.MULTILINE))

    def rows(self, name: str) -> list[list[str]]:
        """A table that was written."""
        with (self.marks / name).open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))


def prepare(place: Place, built: list[Built], timeout: int, *, diagnose: bool) -> None:
    """Copy the course. timeout: seconds that a cell may take. diagnose: copy what names mistakes, too."""
    place.temporary.mkdir(parents=True)
    for name in ("helpers", *(("tests/submissions", "tests/mistakes") if diagnose else ())):
        shutil.copytree(ROOT / name, place.folder / name)
    (place.folder / "source").mkdir()
    for item in built:
        shutil.copy(item.source, place.folder / "source")
    CourseFolder(place.gradebook)
    config = place.gradebook / "nbgrader_config.py"
    text = re.sub(r"c\.Examine\.seed = \d+", "c.Examine.seed = 20261121", config.read_text(encoding="utf-8"))
    config.write_text(f"{text}c.Examine.timeout = {timeout}\n", encoding="utf-8")


def start(place: Place, submissions: Path, workers: int | None) -> subprocess.Popen:
    """Begin or continue a run. workers: None for one on each core."""
    variables = {
        "PYTHONPATH": str(ROOT),
        SEED_VARIABLE: "1",
        "COURSE_IMAGES": "synthetic",
        "TMPDIR": str(place.temporary),
    }
    command = [sys.executable, "-c", _GRADE, "grade", str(submissions), "--out", str(place.marks)]
    command += ["--workers", str(workers)] if workers else []
    with (place.folder / "said.txt").open("a", encoding="utf-8") as said:
        return subprocess.Popen(command, cwd=place.folder, env=os.environ | variables, stdout=said, stderr=said)


def roles(coordinator: int) -> Iterator[tuple[psutil.Process, str]]:
    """The processes of a run, each with what it does; those above come first."""
    with suppress(psutil.Error):
        top = psutil.Process(coordinator)
        known = {coordinator: _COORDINATOR}
        yield top, _COORDINATOR
        for process in top.children(recursive=True):
            with suppress(psutil.Error):
                known[process.pid] = _role(known.get(process.ppid(), ""), process)
                yield process, known[process.pid]


def _role(above: str, process: psutil.Process) -> str:
    if above in _BELOW:
        return _BELOW[above]
    command: list[str] = []
    with suppress(psutil.Error):
        command = process.cmdline()
    sandbox = command and Path(command[0]).name in ("bwrap", "setpriv")
    if above == _COORDINATOR:
        return _NURSERY if "autograde.worker_server" in command else _DIAGNOSIS
    if above == _NURSERY:
        return _ROOM if sandbox or "autograde.candidate_server" in command else _WORKER
    return _SERVER if above == _ROOM and not sandbox else above


def plan_kills(count: int, chance: random.Random, *, diagnose: bool) -> list[Kill]:
    """Kills from the first result to the last, of every role; and of the coordinator, when all are there and it writes."""
    late = max(count // 8, 1)
    there = [role for role in ROLES if diagnose or role != _DIAGNOSIS]
    others = [chance.choice(there) for _ in range(count - late - len(there))]
    chosen = [*there, *others][: count - late]
    chance.shuffle(chosen)
    kills = [
        Kill(role, (number + chance.random()) / len(chosen) * 0.97, chance.uniform(0, 2))
        for number, role in enumerate(chosen)
    ]
    # The last one is due while the tables are written.
    return kills + [Kill(_COORDINATOR, 2 - number / late, 0.0) for number in reversed(range(late))]


def grade(
    place: Place, begin: Callable[[Place], subprocess.Popen], students: int, results: int, kills: list[Kill], log: Log
) -> None:
    """Grade to the end, in spite of the kills. begin: see `start`. results: how many there will be, as far as that is known."""
    began, waiting = time.monotonic(), list(kills)
    reached, looked = 0.0, 0.0
    with tqdm(total=results, desc=f"{place.folder.name}: notebooks", unit="") as bar:
        while True:
            before = (place.folder / "said.txt").stat().st_size if log.starts else 0
            process = begin(place)
            log.starts += 1
            while process.poll() is None:
                time.sleep(_LOOK)
                known, now = place.known, time.monotonic()
                bar.update(known - bar.n)
                bar.set_postfix(students=place.said(before), kills=len(log.kills))
                if now - looked > _LOOK_CLOSELY:
                    looked = now
                    log.watch.look(roles(process.pid))
                    traces.bury(but=[process.pid])
                done = known / results
                if (
                    not waiting
                    or (done if waiting[0].after < 1 else 1 + place.said(before) / students) < waiting[0].after
                ):
                    reached = now
                elif now - reached > waiting[0].delay:
                    role = waiting[0].role if now - reached < waiting[0].delay + _NOBODY_THERE else _COORDINATOR
                    if _kill(process.pid, role):
                        log.kills.append((role, round(min(done, 1.0), 3)))
                        waiting.pop(0)
                        reached = now
            if process.returncode >= 0:  # it has come to its end; what it was too quick for is left out
                waiting = [kill for kill in waiting if kill.after >= 1][1:]
                if not waiting:
                    break
    log.seconds += time.monotonic() - began


def _kill(coordinator: int, role: str) -> bool:
    """Kill somebody of this role; whether there was anybody."""
    for process, own in roles(coordinator):
        if own == role:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGKILL)
                return True
    return False


# --- what is compared


def ungraded(place: Place) -> set[tuple[str, str]]:
    """Whose exercises have no mark for the grader's lack, by student and exercise."""
    return {(row[0], row[1]) for row in place.rows("reasons.csv")[1:] if row[4] == NOT_GRADED}


def unexpected(place: Place, kinds: dict[str, str], built: list[Built]) -> list[str]:
    """Marks that right submissions lost, but for poor weights, and notebooks that could not be examined."""
    fine = (PASSED, BY_HAND, NOT_SUBMITTED)
    on_weights = {
        exercise_id(cell)
        for item in built
        for cell in item.full.cells
        if is_test(cell) and any(name in cell.source for name in item.hands_in)
    }
    found = []
    for student, exercise, points, _, reason, message in place.rows("reasons.csv")[1:]:
        if kinds[student].startswith(RIGHT) and reason not in fine and exercise not in on_weights:
            found.append(f"{student} ({kinds[student]}): {exercise} {points} {reason}: {message}")
    known = Results(place.gradebook / "results")
    outcomes = [known.find(path.stem) for path in (place.gradebook / "results").glob("*.json")]
    return found + [f"a notebook was not examined: {one.failed if one else 'damaged'}" for one in outcomes
                    if one is None or one.failed]  # fmt: skip


def differences(quiet: Place, wild: Place, kinds: dict[str, str]) -> dict[str, list[str]]:
    """In what two runs differ, but for the marks of those that leave them to chance."""
    chance = {f"{HOSTILE}: {attack.name}" for attack in read_attacks() if attack.by_chance}
    left_out = {student for student, kind in kinds.items() if kind in chance}

    def rows(place: Place, name: str) -> list[list[str]]:
        return [row for row in place.rows(name) if left_out.isdisjoint(row)]

    found = {name: _rows_that_differ(rows(quiet, name), rows(wild, name)) for name in _TABLES}
    marks, messages = [], []
    for one, other in zip(rows(quiet, "reasons.csv"), rows(wild, "reasons.csv"), strict=True):
        if one[:5] != other[:5]:
            marks.append(f"{kinds.get(one[0], '')}: {one} / {other}")
        elif _VARIES.sub("", one[5]) != _VARIES.sub("", other[5]) and not kinds.get(one[0], "").startswith(HOSTILE):
            messages.append(f"{kinds.get(one[0], '')}: {one} / {other}")
    found |= {"reasons": marks, "messages": messages}
    books = [CourseFolder(place.gradebook) for place in (quiet, wild)]
    with books[0].book(), books[1].book():
        found["gradebook"] = [
            f"{student}: {kind}"
            for student, kind in kinds.items()
            if student not in left_out and books[0].standing(student) != books[1].standing(student)
        ]
    found["files"] = sorted(_tree(quiet) ^ _tree(wild))
    return {what: lines for what, lines in found.items() if lines}


def _rows_that_differ(one: list[list[str]], other: list[list[str]]) -> list[str]:
    """Rows that only one of the tables has, whatever their order."""
    ours, theirs = (Counter(map(tuple, rows)) for rows in (one, other))
    return [f"only undisturbed: {row}" for row in ours - theirs] + [f"only disturbed: {row}" for row in theirs - ours]


def _tree(place: Place) -> set[str]:
    """Every file and folder that a run has written, feedback pages among them."""
    written = (path for top in (place.marks, place.gradebook) for path in top.rglob("*"))
    return {str(path.relative_to(place.folder)) for path in written}


def digest(*folders: Path) -> str:
    """Of what lies in folders that no run may change."""
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            found.update(os.fsencode(path))
            if path.is_file() and not path.is_symlink():
                found.update(path.read_bytes())
    return found.hexdigest()


def left_over(place: Place, before: traces.Traces, log: Log, students: int) -> list[str]:
    """What a run has left on this machine, and what has grown in it."""
    deadline = time.monotonic() + 10  # the kernel takes a moment to end a room
    while time.monotonic() < deadline and (traces.descendants() or traces.held(log.watch.namespaces)):
        time.sleep(0.2)
        traces.bury()
    found = []
    for process in traces.descendants():
        with suppress(psutil.Error):
            found.append(f"process {process.pid}: {' '.join(process.cmdline())[:150]}")
    found += traces.held(log.watch.namespaces)
    found += traces.Traces.now().since(before)
    found += litter(place) + grown(log.watch, students)
    return found


def litter(place: Place) -> list[str]:
    """Temporary files and drafts that a run has left."""
    found = [f"temporary file {path.name}" for path in place.temporary.iterdir()]
    hidden = [path for top in (place.marks, place.gradebook) for path in top.rglob(".*")]
    return found + [f"draft {path.relative_to(place.folder)}" for path in hidden]


def grown(watch: traces.Watch, students: int) -> list[str]:
    """Processes whose descriptors or memory grow from submission to submission."""
    found = []
    for use in watch.uses.values():
        if use.grown("descriptors") > _MORE_DESCRIPTORS:
            found.append(f"descriptors of a {use.role} grow: {use.descriptors[:: len(use.descriptors) // 10 or 1]}")
        if use.grown("memory") > 1e6 * (_MORE_MEMORY + _MORE_MEMORY_EACH * students) and use.role != _CANDIDATE:
            found.append(f"memory of a {use.role} grows: {use.memory[:: len(use.memory) // 10 or 1]}")
    return found


def used(log: Log) -> dict[str, dict[str, int]]:
    """What processes of each role used at most, and by how much one of them grew."""
    told = {}
    for role in ROLES:
        uses = log.watch.of(role)
        if uses:
            told[role] = {
                "processes seen": len(uses),
                "descriptors at most": max(max(use.descriptors) for use in uses),
                "descriptors grown": max(use.grown("descriptors") for use in uses),
                "MB at most": round(max(max(use.memory) for use in uses) / 1e6),
                "MB grown": round(max(use.grown("memory") for use in uses) / 1e6),
            }
    return told


@contextmanager
def bounded(minutes: float) -> Iterator[None]:
    """End the block with TimeOver after so many minutes, or when somebody asks for it; no process survives it."""

    def stop(number: int, _frame: object) -> None:
        raise TimeOver(f"{minutes:g} minutes are over" if number == signal.SIGALRM else "it was asked to end")

    traces.take_charge()
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, stop)
    signal.setitimer(signal.ITIMER_REAL, 60 * minutes)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        traces.end_all()


def soak(
    folder: Path,
    built: list[Built],
    students: int,
    kills: int,
    seed: int,
    timeout: int,
    workers: int | None,
    *,
    diagnose: bool,
) -> dict[str, Any]:
    """Grade a class twice; returns what is told of it, with all that is wrong under "different" and "left over"."""
    before, bar = traces.Traces.now(), partial(tqdm, desc="handing in", unit="")
    weights = {path.name: path.read_bytes() for path in _untrained(built, folder)}
    kinds = hand_in(built, folder / "class", students, weights, bar)
    quiet, wild = Place(folder / "undisturbed"), Place(folder / "disturbed")
    for place in (quiet, wild):
        prepare(place, built, timeout, diagnose=diagnose)
    given = [folder / "class", *(place.folder / name for place in (quiet, wild) for name in ("source", "helpers"))]
    untouched, where = digest(*given), machine()

    begin = partial(start, submissions=folder / "class", workers=workers)
    calm, rough = Log(), Log()
    grade(quiet, begin, students, len(list((folder / "class").rglob("*.ipynb"))), [], calm)
    problems = {"undisturbed": left_over(quiet, before, calm, students)}
    click.echo(f"undisturbed: {calm.seconds:.0f} s")

    grade(wild, begin, students, quiet.known, plan_kills(kills, random.Random(seed), diagnose=diagnose), rough)
    # What two kills have met is "not graded yet": as the report says, grade again.
    waited, again = [len(ungraded(wild) - ungraded(quiet))], 0
    while waited[-1] and again < _AGAIN:
        again += 1
        grade(wild, begin, students, quiet.known, [], rough)
        waited.append(len(ungraded(wild) - ungraded(quiet)))
    problems["disturbed"] = left_over(wild, before, rough, students)
    if digest(*given) != untouched:
        problems["what was given"] = ["files changed in the class or in the course"]
    return {
        "machine": where,
        "students": {
            kind: sum(one.startswith(kind) for one in kinds.values()) for kind in (RIGHT, WRONG, HOSTILE, MALFORMED)
        },
        "notebooks": quiet.known,
        "seconds that a cell may take": timeout,
        "undisturbed": round(calm.seconds),
        "disturbed": round(rough.seconds),
        "killed": dict(Counter(role for role, _ in rough.kills)),
        "kills": rough.kills,
        "starts": rough.starts,
        "marks not graded yet, each time": waited,
        "used": {"undisturbed": used(calm), "disturbed": used(rough)},
        "unexpected": unexpected(quiet, kinds, built),
        "different": differences(quiet, wild, kinds),
        "left over": {run: lines for run, lines in problems.items() if lines},
    }


def _untrained(built: list[Built], folder: Path) -> list[Path]:
    """Files of weights that can be judged, and are poor: training takes longer than it would tell."""
    if not any(item.hands_in for item in built):
        return []
    (folder / "trained").mkdir(parents=True)
    return train_and_save(built, folder / "trained", progress=lambda epochs, **_: epochs[:0])


@click.command()
@click.option("--students", default=1000, show_default=True, help="How many hand in.")
@click.option(
    "--kills", default=40, show_default=True, help="Processes to kill during the second run, of each role one or more."
)
@click.option("--seed", default=0, show_default=True, help="Of the choice what to kill, and when.")
@click.option(
    "--minutes", default=60.0, show_default=True, help="After these everything is ended, and the soak has failed."
)
@click.option("--timeout", default=20, show_default=True, help="Seconds that a cell may take: many hostile ones hang.")
@click.option("--workers", type=int, help="Processes that examine; without it one for each core.")
@click.option("--diagnose/--no-diagnose", default=True, help="Whether failures are compared with known mistakes.")
@click.option("--notebooks", help="Only the notebooks with these names, such as 01_feedforward,02_backprop.")
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder for both runs, to be looked at.")
@click.option(
    "--out", default="soak", show_default=True, help="The results' name in benchmarks/results; - writes none."
)
def main(
    students: int,
    kills: int,
    seed: int,
    minutes: float,
    timeout: int,
    workers: int | None,
    diagnose: bool,
    notebooks: str | None,
    keep: Path | None,
    out: str,
) -> None:
    """Grade a class twice, the second time with kills, and compare; results go to benchmarks/results/soak.json."""
    if "/" in out:
        raise click.UsageError(f"--out is a name, such as soak-100, and no path: {out}")
    names = notebooks.split(",") if notebooks else None
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as name:
        try:
            with bounded(minutes):
                built = [item for item in read_course(Course(ROOT)) if names is None or item.name in names]
                told = soak(keep or Path(name), built, students, kills, seed, timeout, workers, diagnose=diagnose)
        except TimeOver as over:
            click.echo(f"soak: {over}; everything that was started is ended.", err=True)
            sys.exit(1)
    click.echo(f"with {len(told['kills'])} kills: {told['disturbed']} s, {told['starts']} starts")
    for what in ("unexpected", "different", "left over"):
        _tell(what, told[what])
    if out != "-":
        write(out, told)
    sys.exit(1 if any(told[what] for what in ("unexpected", "different", "left over")) else 0)


def _tell(what: str, found: list[str] | dict[str, list[str]]) -> None:
    lines = found if isinstance(found, list) else [f"{name}: {line}" for name, some in found.items() for line in some]
    click.echo(f"{what}: {len(lines) or 'nothing'}")
    for line in islice(lines, 20):
        click.echo(f"  {line}")


if __name__ == "__main__":
    main()
