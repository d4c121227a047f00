"""What a killed process leaves unfinished is removed by the next run, and nothing that is somebody's."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from autograde.drafts import draft, replacing, tidy
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from helpers.whole import DRAFT, owned
from tests.conftest import ROOT
from tests.processes import alive, below
from tests.small_course import RIGHT, hand_in, write_course


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return tmp_path / "tmp"


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def test_drafts_that_nobody_holds_go(tmp_path, temporary):
    book, out = tmp_path / "gradebook", tmp_path / "marks"
    for folder in (book, book / "autograded" / "ada", out, out / "else"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{DRAFT}left").mkdir()
        (folder / f"{DRAFT}left" / "page").touch()
        (folder / f"{DRAFT}file").touch()
    (temporary / "course-kit-left").mkdir()
    tidy(inside=book, beside=out)
    assert names(book) == ["ada", "autograded"]
    assert names(out) == sorted(["else", f"{DRAFT}left", f"{DRAFT}file", "page"]), "deeper down it may be anybody's"
    assert names(temporary) == []


def test_what_is_in_use_or_no_draft_stays(tmp_path, temporary):
    (tmp_path / "other").mkdir()
    (tmp_path / f"{DRAFT}link").symlink_to(tmp_path / "other")
    (tmp_path / f"{DRAFT}file").touch()
    os.mkfifo(tmp_path / f"{DRAFT}pipe")
    with draft(), draft(tmp_path), owned(tmp_path / f"{DRAFT}file"):
        before = names(tmp_path)
        tidy(inside=tmp_path)
        assert names(tmp_path) == [name for name in before if name != f"{DRAFT}pipe"]
    assert names(temporary) == []


def test_a_folder_is_replaced_by_a_whole_one_or_stays(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "old").touch()

    def replace(fails):
        with replacing(tmp_path / "pages") as new:
            (new / "new").touch()
            if fails:
                raise OSError("full")

    with pytest.raises(OSError, match="full"):
        replace(True)
    assert names(tmp_path) == ["old", "pages"]
    replace(False)
    assert names(tmp_path) == ["new", "pages"]


def test_grading_again_removes_what_a_killed_run_left(tmp_path, temporary, needs_room):
    built = write_course(tmp_path)
    hand_in(tmp_path / "in", "ada", built, RIGHT)
    script = f"""
import os, signal
from pathlib import Path
from autograde import drafts
from helpers.whole import write_whole
folder = Path({str(tmp_path / "gradebook")!r})
folder.mkdir()
with drafts.draft(), drafts.draft(folder), drafts.replacing(folder / "autograded" / "ada" / "all"):
    os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    write_whole(Path({str(tmp_path / "marks" / "grades.csv")!r}), "")
"""
    environment = os.environ | {"TMPDIR": str(temporary)}
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment)
    assert run.returncode == -signal.SIGKILL
    left = [path for path in tmp_path.rglob("*") if DRAFT in path.name or path.parent == temporary]
    assert len(left) == 4
    grade(built, tmp_path / "in", tmp_path / "marks", CourseFolder(tmp_path / "gradebook"))
    assert not any(path.exists() for path in left)
    assert not [path for path in tmp_path.rglob(".*") if path.name.startswith(DRAFT)]


DIAGNOSING = """
import sys, time
from autograde import diagnosis
from autograde.job import Job

def forever(*_):
    from autograde.stage import Fork
    print("begun", flush=True)
    Fork(lambda: time.sleep(600)).result()

diagnosis.fingerprints = forever
if __name__ == "__main__":
    one = object.__new__(diagnosis.PlantedMistakes)
    one._built, one._patches, one._known = [], [], {}
    one._work_out(1, "01")
"""


def test_no_diagnosis_outlives_its_run(tmp_path):
    """A spawned process waits for ever for work from a parent that is dead."""
    (tmp_path / "diagnosing.py").write_text(DIAGNOSING)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "diagnosing.py")], env=environment, stdout=subprocess.PIPE
    ) as run:
        run.stdout.readline()
        deadline = time.monotonic() + 30
        while len(everybody := below(run.pid)) < 4 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(everybody) >= 4, "itself, the tracker of what it shares, the diagnosis, and its fork"
        run.kill()
    deadline = time.monotonic() + 10
    while alive(everybody) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(everybody)
