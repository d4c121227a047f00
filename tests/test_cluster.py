"""Grading on a Dask cluster: what is lost with a worker is done by another, and what a worker lacks is told first."""

import os
import signal
import socket
import warnings

import pytest
from distributed import LocalCluster

from autograde.build import as_text
from autograde.cluster import Cluster, facts, lacking
from autograde.course import CourseError
from autograde.examine import job_for
from autograde.planted import answer, answers_of
from tests.processes import below, command_line, gone


@pytest.fixture(scope="module")
def local(needs_room):
    """Two worker processes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dask's own, of ports and of killed workers
        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster:
            yield cluster


def jobs(built, count):
    for number in range(count):
        notebook = answer(built[0], answers_of(built[0].full))
        notebook.cells[0].source += f"\nby student {number}"
        yield job_for("01_feedforward", as_text(notebook), as_text(built[0].full), [], seed=1)


@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_loses_nothing_and_nothing_is_told_twice(local, built):
    with Cluster(local.scheduler_address) as cluster:
        told = []
        for job, outcome in cluster.outcomes(jobs(built, 8)):
            if not told:
                os.kill(next(iter(local.workers.values())).pid, signal.SIGKILL)
            told.append(job.key)
            assert not outcome.failed
            assert not any(verdict.error for verdict in outcome.verdicts.values())
    assert sorted(told) == sorted(job.key for job in jobs(built, 8))


def test_no_process_stays_on_workers(local, built):
    before = set(below(os.getpid()))  # other tests' workers among them
    with Cluster(local.scheduler_address) as cluster:
        ((_, outcome),) = cluster.outcomes(jobs(built, 1))
        assert not outcome.failed
        examiners = [
            process
            for process in set(below(os.getpid())) - before
            if b"autograde.worker_server" in command_line(process)
        ]
        assert examiners
    assert gone(examiners)


@pytest.mark.filterwarnings("ignore")
def test_an_address_where_nobody_answers_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(CourseError, match=f"no scheduler answers at tcp://127.0.0.1:{port}"):
        Cluster(f"tcp://127.0.0.1:{port}")


def test_what_workers_lack_is_told_with_what_to_do():
    found = {
        "tcp://good": facts(),
        "tcp://old": facts() | {"kit": "another"},
        "tcp://bare": {"fails": "ModuleNotFoundError: No module named 'autograde'"},
        "tcp://open": facts() | {"lacks": ["bubblewrap: bwrap is not installed. apt install bubblewrap"]},
    }
    old, bare, bwrap = lacking(found)
    assert "tcp://old: it has another version of the course. There: pip install" in old
    assert "tcp://bare: the course is not installed there" in bare
    assert "tcp://open: bubblewrap" in bwrap
