"""A class of right, wrong, hostile and malformed submissions, graded undisturbed and with kills: python -m benchmarks.soak.

The second run's processes are killed at random (SIGKILL), the coordinator among them, which is then started again. The marks
must be the same, and nothing may be left over: no process, no mount, no file in the temporary folder.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import click
import psutil
from tqdm import tqdm

from autograde.build import Built, as_text, read_course
from autograde.course import Course
from autograde.gradebook import CourseFolder
from autograde.planted import answer, answers_of, read_patches
from autograde.release import FILES
from benchmarks.report import machine, write
from helpers.exercise import SEED_VARIABLE
from tests.redteam.attack import read_attacks

ROOT = Path(__file__).parents[1]
_GRADE = "from autograde.cli import main; main()"
#: Seconds that a cell may take here: many of the hostile ones hang.
_TIMEOUT = 4
#: Of every so many submissions, one of each of these kinds; all others are wrong in a way that is known.
_EVERY = 5
#: Seconds for one try of a run.
_LONGEST = 3600
_LEFT_BEHIND = re.compile(r"examin|rehearsal|prepared|room|nursery|\.draft|LEAK")


def hand_in(built: list[Built], folder: Path, count: int) -> dict[str, str]:
    """Write the submissions; returns of what kind each student's is."""
    patches, attacks = read_patches(ROOT / "tests" / "submissions"), read_attacks()
    kinds = {}
    for number in range(count):
        turn, step = divmod(number, _EVERY)
        if step == 0:
            kind, cells = "right", {}
        elif step == 1:
            attack = attacks[turn % len(attacks)]
            kind, cells = f"hostile: {attack.name}", attack.cells
        elif step == 2:
            name, damage = list(_DAMAGE.items())[turn % len(_DAMAGE)]
            kind, cells = f"malformed: {name}", {}
        else:
            patch = patches[(2 * turn + step) % len(patches)]
            kind, cells = f"wrong: {patch.name}", patch.cells
        student = f"s{number:04}"
        kinds[student] = kind
        (folder / student).mkdir(parents=True)
        for item in (
            built if kind == "right" else [item for item in built if cells.keys() & answers_of(item.full).keys()]
        ):
            notebook = answer(item, answers_of(item.full) | cells)
            notebook.cells[0].source += f"\n\nHanded in by {student}."  # else equal ones are examined once
            (folder / student / item.filename).write_text(as_text(notebook), encoding="utf-8")
        if kind.startswith("malformed"):
            notebook = as_text(answer(built[0], answers_of(built[0].full)))
            damage(folder / student, built[0].filename, notebook.replace("relu", f"relu{number}", 1))
    return kinds


def _cut(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text[: len(text) // 2], encoding="utf-8")


def _zip_slip(folder: Path, name: str, text: str) -> None:
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        archive.writestr("../../../tmp/LEAK", text)
        archive.writestr(name, text)


def _bomb(folder: Path, name: str, text: str) -> None:
    with zipfile.ZipFile(folder / "submission.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, " " * 200_000_000 + text)


def _link(folder: Path, name: str, _text: str) -> None:
    (folder / name).symlink_to("/etc/passwd")


def _pipe(folder: Path, name: str, _text: str) -> None:
    os.mkfifo(folder / name)


def _without_cells(folder: Path, name: str, text: str) -> None:
    notebook = json.loads(text)
    notebook["cells"] = notebook["cells"][::3]
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


def _without_ids(folder: Path, _name: str, text: str) -> None:
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {}
    (folder / "my answers.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


_DAMAGE: dict[str, Callable[[Path, str, str], None]] = {
    "half a file": _cut,
    "empty": lambda folder, name, _: (folder / name).touch(),
    "not JSON": lambda folder, name, _: (folder / name).write_bytes(os.urandom(5000)),
    "deep JSON": lambda folder, name, _: (folder / name).write_text("[" * 100_000),
    "no notebook": lambda folder, name, _: (folder / name).write_text('{"cells": 3}'),
    "zip slip": _zip_slip,
    "bomb": _bomb,
    "a link": _link,
    "a pipe": _pipe,
    "cells gone": _without_cells,
    "ids gone": _without_ids,
    "nothing": lambda *_: None,
}


def prepare(place: Path, built: list[Built]) -> None:
    """A copy of the course, with a shorter timeout."""
    for name in ("source", "notebooks", "solutions", "helpers"):
        shutil.copytree(ROOT / name, place / name)
    for name in FILES:
        shutil.copy(ROOT / name, place / name)
    folder = CourseFolder(place / "gradebook")
    folder.publish(built)
    config = place / "gradebook" / "nbgrader_config.py"
    text = re.sub(r"c\.Examine\.seed = \d+", "c.Examine.seed = 20261121", config.read_text(encoding="utf-8"))
    config.write_text(f"{text}c.Examine.timeout = {_TIMEOUT}\n", encoding="utf-8")


def start(place: Path, submissions: Path) -> subprocess.Popen:
    """Begin or continue a run."""
    variables = {
        "PYTHONPATH": str(ROOT),
        SEED_VARIABLE: "1",
        "COURSE_IMAGES": "synthetic",
        "TMPDIR": str(place / "tmp"),
    }
    (place / "tmp").mkdir(exist_ok=True)
    command = [sys.executable, "-c", _GRADE, "grade", str(submissions), "--out", str(place / "marks")]
    with (place / "said.txt").open("a", encoding="utf-8") as said:
        return subprocess.Popen(command, cwd=place, env=os.environ | variables, stdout=said, stderr=said)


def disturbed(place: Path, submissions: Path, kills: int, chance: random.Random) -> list[str]:
    """Grade to the end in spite of so many kills; returns what was killed."""
    killed: list[str] = []
    process = start(place, submissions)
    with tqdm(total=kills, desc="kills") as bar:
        while True:
            try:
                process.wait(chance.uniform(1, 8))
            except subprocess.TimeoutExpired:
                pass
            else:
                if process.returncode >= 0 and len(killed) >= kills:
                    # What two kills have met is "not graded yet": as the report says, grade again.
                    start(place, submissions).wait(_LONGEST)
                    return killed
                process = start(place, submissions)
                continue
            if len(killed) >= kills:
                continue
            family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
            # Half of the time the coordinator: there is one, and examiners come and go.
            victim = process.pid if chance.random() < 0.3 else chance.choice(family)
            try:
                name = " ".join(psutil.Process(victim).cmdline())
                os.kill(victim, signal.SIGKILL)
            except (psutil.Error, ProcessLookupError):
                continue
            role = (
                "coordinator"
                if victim == process.pid
                else "rooms"
                if "candidate" in name or "bwrap" in name
                else "workers"
            )
            killed.append(role)
            bar.update()


def left_over(before: set[int], mounts: str, place: Path) -> list[str]:
    """What a run has left on this machine."""
    time.sleep(3)  # the kernel takes a moment to end a room
    found = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if process.info["pid"] not in before and re.search(r"autograde|candidate_server|worker_server", line):
            found.append(f"process {process.info['pid']}: {line[:100]}")
    if Path("/proc/self/mounts").read_text() != mounts:
        found.append("mounts differ")
    found += [f"file {path}" for folder in ("/tmp", "/dev/shm", "/var/tmp") for path in Path(folder).glob("LEAK*")]
    return found + [f"file {path.name}" for path in (place / "tmp").iterdir() if _LEFT_BEHIND.search(path.name)]


def _marks(place: Path) -> list[str]:
    return (place / "marks" / "grades.csv").read_text(encoding="utf-8").splitlines()


@click.command()
@click.option("--students", default=1000, show_default=True, help="How many hand in.")
@click.option("--kills", default=20, show_default=True, help="Processes to kill during the second run.")
@click.option("--seed", default=0, show_default=True, help="Of the choice what to kill, and when.")
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder for both runs, to be looked at.")
def main(students: int, kills: int, seed: int, keep: Path | None) -> None:
    """Grade a class twice, and compare; results go to benchmarks/results/soak.json."""
    built = read_course(Course(ROOT))
    before, mounts = set(psutil.pids()), Path("/proc/self/mounts").read_text()
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as name:
        folder = keep or Path(name)
        kinds = hand_in(built, folder / "class", students)
        quiet, wild = folder / "undisturbed", folder / "disturbed"
        for place in (quiet, wild):
            place.mkdir()
            prepare(place, built)
        began = time.monotonic()
        start(quiet, folder / "class").wait(_LONGEST)
        took = time.monotonic() - began
        problems = left_over(before, mounts, quiet)
        click.echo(f"{students} submissions undisturbed: {took:.0f} s")
        began = time.monotonic()
        killed = disturbed(wild, folder / "class", kills, random.Random(seed))
        took_disturbed = time.monotonic() - began
        problems += left_over(before, mounts, wild)
        pairs = zip(_marks(quiet), _marks(wild), strict=True)
        different = [f"{kinds[one.split(',')[0]]}: {one} / {other}" for one, other in pairs if one != other]
    counts = {
        kind: sum(value.startswith(kind) for value in kinds.values())
        for kind in ("right", "wrong", "hostile", "malformed")
    }
    results = {"undisturbed": round(took), "disturbed": round(took_disturbed), "killed": killed}
    write("soak", {"machine": machine(), "students": counts, **results, "different": different, "left over": problems})
    click.echo(f"with {len(killed)} kills: {took_disturbed:.0f} s")
    click.echo(f"marks that differ: {len(different)}; left over: {problems or 'nothing'}")
    for line in islice(different, 10):
        click.echo(line)
    sys.exit(1 if different or problems else 0)


if __name__ == "__main__":
    main()
