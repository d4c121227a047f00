"""Nothing is lost: whatever dies, hangs or fills up, at whatever moment, costs at most an attempt of the job it was at."""

import csv
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograde import nursery
from autograde.build import as_text
from autograde.course import CourseError
from autograde.examine import NOT_GRADED, fill_in, job_for
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.job import Job, Outcome
from autograde.jobs import Results, Workers, outcomes
from autograde.nursery import DIED
from autograde.planted import answer, answers_of, restore_tests
from tests.conftest import ROOT
from tests.processes import below, command_line, gone

#: Long enough to be hit while it is examined.
SLOW = "import time\ntime.sleep(3)\ndef relu(Z):\n    return np.maximum(Z, 0)"


_SERVER = b"\0".join([sys.executable.encode(), b"-m", b"autograde.candidate_server"])


def text_of(built, number, **cells):
    """A right notebook 01, but for these cells, unlike that of any other number."""
    notebook = answer(built[0], answers_of(built[0].full) | {key.replace("_", "-"): cells[key] for key in cells})
    for cell in notebook.cells:
        if cell.id == "q1a-affine":
            cell.source += f"\n# by student {number}"
    return as_text(notebook)


def job_of(built, number, **cells):
    return job_for("01_feedforward", text_of(built, number, **cells), as_text(built[0].full), [], seed=1)


def right(outcome):
    return outcome.verdicts and not outcome.failed and not any(verdict.error for verdict in outcome.verdicts.values())


@pytest.fixture(scope="module")
def own(needs_room):
    """Two workers of these tests' own, to be killed."""
    with Workers(2) as workers:
        yield workers


def worker_of(own):
    return next((worker for worker in own.processes.pids if len(below(worker)) > 1), None)


def examiner_of(own):
    families = [below(worker) for worker in own.processes.pids]
    return next((family[1] for family in families if len(family) > 1), None)


def nursery_of(own):
    return own.processes.nursery.pid if own.processes.nursery else None


def server_of(own):
    nursery = nursery_of(own)
    # It is started through bwrap; wardens and candidates are forked from it.
    servers = [p for p in below(nursery) if command_line(p).startswith(_SERVER)] if nursery else []
    return servers[0] if servers else None


def candidate_of(own):
    """Of a candidate and its warden and their rooms, the one that all others are above."""
    inside = [p for p in below(server_of(own) or 0)[1:] if not below(p)[1:]] if server_of(own) else []
    return inside[-1] if inside else None


@pytest.mark.parametrize("victim", [worker_of, examiner_of, nursery_of, server_of, candidate_of])
def test_a_killed_process_costs_one_attempt_and_nobody_else(own, built, victim):
    jobs = [job_of(built, number, q1a_relu=SLOW) for number in range(3)]
    assert all(right(outcome) for _, outcome in own.outcomes([job_of(built, -1)])), "warm"
    told = {}

    def strike():
        for _ in range(1000):
            time.sleep(0.01)
            if examiner_of(own):
                time.sleep(1)
                if process := victim(own):
                    os.kill(process, signal.SIGKILL)
                    return

    striker = threading.Thread(target=strike)
    striker.start()
    for job, outcome in own.outcomes(jobs):
        told[job.key] = outcome
    striker.join()
    assert told.keys() == {job.key for job in jobs}
    assert all(right(outcome) for outcome in told.values()), told


def test_a_job_that_takes_each_worker_with_it_is_not_graded_and_no_zero(own, built):
    stop = threading.Event()

    def strike():
        while not stop.wait(0.05):
            examiner = examiner_of(own)
            if examiner:
                with_it = int(Path(f"/proc/{examiner}/stat").read_text().rpartition(")")[2].split()[1])
                os.kill(with_it, signal.SIGKILL)

    striker = threading.Thread(target=strike)
    striker.start()
    try:
        ((_, outcome),) = own.outcomes([job_of(built, 1, q1a_relu=SLOW)])
    finally:
        stop.set()
        striker.join()
    assert outcome.failed == DIED
    results = fill_in(restore_tests(built[0], answer(built[0], answers_of(built[0].full))), outcome)
    assert {(result.points, result.reason) for result in results} == {(None, NOT_GRADED)}
    assert right(next(iter(own.outcomes([job_of(built, 2)])))[1]), "the workers are as good as new"


def test_a_stopped_worker_is_given_up(own, built, monkeypatch):
    list(own.outcomes([job_of(built, 3)]))
    for process in own.processes.pids:
        os.kill(process, signal.SIGSTOP)
    monkeypatch.setattr(own.processes, "_silence", 5.0)  # more than two signs of life take
    ((_, outcome),) = own.outcomes([job_of(built, 4)])
    assert right(outcome)


def test_a_dead_worker_is_replaced_from_the_same_nursery_in_no_time(own, built):
    list(own.outcomes([job_of(built, 5)]))
    nursery, before = own.processes.nursery, own.processes.pids
    for process in before:
        os.kill(process, signal.SIGKILL)
    ((_, outcome),) = own.outcomes([job_of(built, 6)])
    assert right(outcome)
    assert own.processes.nursery is nursery
    assert not set(own.processes.pids) & set(before)
    assert below(nursery.pid)[1:]


def test_a_temporary_folder_that_was_cleaned_away_costs_an_attempt_and_its_nursery(own, built):
    list(own.outcomes([job_of(built, 7)]))
    before = own.processes.nursery
    shutil.rmtree(before.folder)
    ((_, outcome),) = own.outcomes([job_of(built, 8)])
    assert right(outcome)
    assert own.processes.nursery is not before


def test_a_stopped_server_of_rooms_costs_an_attempt_and_its_nursery(needs_room, built, monkeypatch):
    patient = (
        "import autograde.rooms; autograde.rooms._ANSWER = 3.0; import autograde.worker_server as server; server.main()"
    )
    monkeypatch.setattr(nursery, "_PROGRAM", ("-c", patient))
    with Workers(2) as workers:
        assert all(right(outcome) for _, outcome in workers.outcomes([job_of(built, -1), job_of(built, -2)]))
        everybody = below(nursery_of(workers))
        os.kill(server_of(workers), signal.SIGSTOP)
        told = list(workers.outcomes([job_of(built, number) for number in range(3)]))
        assert all(right(outcome) for _, outcome in told), told
        assert nursery_of(workers) not in everybody
        assert gone(everybody)


def test_two_workers_share_one_server_of_rooms(needs_room, built):
    with Workers(2) as workers:
        told, most = [], 0
        for _, outcome in workers.outcomes([job_of(built, number, q1a_relu=SLOW) for number in range(4)]):
            told.append(outcome)
            most = max(most, len(workers.processes.pids))
        assert all(right(outcome) for outcome in told)
        assert most == 2
        (server,) = {p for p in below(nursery_of(workers)) if b"autograde.candidate_server" in command_line(p)} - {
            p for p in below(nursery_of(workers)) if Path(f"/proc/{p}/comm").read_text() == "bwrap\n"
        }
        assert len(below(server)) == 1, "no room is left"


def test_what_is_warmed_serves_the_first_job(needs_room, built):
    with Workers(1) as workers:
        workers.warm()
        warmed = workers.processes.nursery
        ((_, outcome),) = workers.outcomes([job_of(built, 7)])
        assert right(outcome)
        assert workers.processes.nursery is warmed


def test_a_room_that_cannot_be_made_is_told_at_once(built, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with Workers(1) as workers, pytest.raises(CourseError, match="apt install bubblewrap"):
        list(workers.outcomes([job_of(built, 8)]))


@pytest.mark.parametrize("moment", ["while it starts", "while it examines", "afterwards"])
def test_no_process_and_no_file_survives(needs_room, built, tmp_path, monkeypatch, moment):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Workers(2) as workers:
        workers.warm()
        if moment == "while it starts":
            while not server_of(workers):
                time.sleep(0.01)
        else:
            told = workers.outcomes(job_of(built, number, q1a_relu=SLOW) for number in range(3))
            assert right(next(told)[1])
            if moment == "afterwards":
                assert all(right(outcome) for _, outcome in told)
        everybody = below(nursery_of(workers))
        assert len(everybody) >= 2
    assert gone(everybody)
    assert not list(tmp_path.iterdir())


def test_jobs_are_taken_as_their_results_are():
    alive, most = weakref.WeakSet(), 0

    class Small(Job):
        __hash__ = object.__hash__

    def jobs():
        nonlocal most
        for number in range(1000):
            job = Small("01", str(number), "", {}, 1)
            alive.add(job)
            most = max(most, len(alive))
            yield job
            del job

    with ThreadPoolExecutor(2) as threads:
        found = sum(1 for _ in outcomes(threads, lambda _: Outcome(), jobs(), 4))
    assert found == 1000
    assert most < 20


# --- results


@pytest.fixture
def results(tmp_path):
    return Results(tmp_path / "results")


def test_a_result_is_kept_whole(results):
    outcome = Outcome(outputs={"cell": []}, seconds=1.5)
    results.keep("key", outcome)
    assert results.find("key") == outcome


@pytest.mark.parametrize("damage", ["", "{", "[]", "7", '{"verdicts": {}}', "\x00" * 100])
def test_a_damaged_result_is_unknown(results, tmp_path, damage):
    results.keep("key", Outcome())
    (tmp_path / "results" / "key.json").write_text(damage)
    assert results.find("key") is None


def test_killed_while_it_keeps_a_result_it_leaves_none(tmp_path):
    script = f"""
import os, signal
from pathlib import Path
from autograde.job import Outcome
from autograde.jobs import Results
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
Results(Path({str(tmp_path)!r})).keep("key", Outcome())
"""
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == -signal.SIGKILL
    assert Results(tmp_path).find("key") is None
    assert not (tmp_path / "key.json").exists()
    Results(tmp_path).keep("key", Outcome())
    assert Results(tmp_path).find("key") == Outcome()


def full_disk(_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_and_leaves_no_half_file(results, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(CourseError, match=r"cannot be kept in .*No space left on device.*grade again"):
        results.keep("key", Outcome())
    assert not list((tmp_path / "results").iterdir())


def test_a_disk_that_is_full_for_a_while_stops_nobody_else(built, tmp_path, monkeypatch):
    for number, student in enumerate(("ada", "ben")):
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / "01_feedforward.ipynb").write_text(text_of(built, number))
    keep, full = Results.keep, []

    def sometimes(self, key, outcome):
        full.append(key)
        if key == full[0]:
            raise CourseError("a result cannot be kept in results (No space left on device).")
        keep(self, key, outcome)

    monkeypatch.setattr(Results, "keep", sometimes)
    graded = grade(built, tmp_path / "in", tmp_path / "marks", CourseFolder(tmp_path / "gradebook"))
    assert sorted(row.total for row in graded.marks) == [0, 20]
    assert sum(row.graded for row in graded.marks) == 1
    (refusal,) = graded.refusals
    assert "the disk is full" in str(refusal)


# --- the whole command


@pytest.fixture
def class_of_three(built, tmp_path):
    place = tmp_path / "course"
    place.mkdir()
    for name in ("source", "notebooks", "solutions", "helpers"):
        (place / name).symlink_to(ROOT / name)
    for path in ROOT.glob("*.*"):
        if path.is_file():
            (place / path.name).symlink_to(path)
    for number, student in enumerate(("ada", "ben", "eve")):
        (place / "in" / student).mkdir(parents=True)
        (place / "in" / student / "01_feedforward.ipynb").write_text(text_of(built, number, q1a_relu=SLOW))
    return place


def command(place):
    script = "from autograde.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", script, "grade", "in", "--workers", "1"],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_ended_at_any_moment_it_continues_and_nobody_survives(needs_room, class_of_three, how):
    known = class_of_three / "gradebook" / "results"
    run = command(class_of_three)
    while run.poll() is None and not list(known.glob("*.json")):
        time.sleep(0.05)
    everybody = below(run.pid)
    assert len(everybody) >= 4
    os.killpg(run.pid, how)
    told = run.communicate()[0]
    assert gone(everybody), [command_line(process) for process in everybody]
    assert "leaked" not in told
    if how == signal.SIGINT:
        assert run.returncode in (1, 130)
        assert "the same command" in told
        assert "Traceback" not in told
    before = {path: path.stat().st_mtime_ns for path in known.glob("*.json")}
    again = command(class_of_three)
    told = again.communicate()[0]
    assert again.returncode == 0, told
    assert "leaked" not in told
    assert {path: path.stat().st_mtime_ns for path in before} == before, "what was known was not examined again"
    assert len(list(known.glob("*.json"))) == 3
    with (class_of_three / "marks" / "grades.csv").open(newline="") as file:
        assert {row["student"]: row["total"] for row in csv.DictReader(file)} == dict.fromkeys(
            ("ada", "ben", "eve"), "20"
        )
