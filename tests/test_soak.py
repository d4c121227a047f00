"""The soak in miniature: a class with hostile and malformed submissions, graded with kills as without them."""

import os
import re
import subprocess
import sys

import pytest

from benchmarks.mixed_class import DAMAGE, planned
from benchmarks.soak import Place, differences, grown, litter, ungraded
from benchmarks.traces import Use, Watch
from tests.conftest import ROOT
from tests.redteam.attack import read_attacks

SOAK = ("-m", "benchmarks.soak", "--notebooks", "01_feedforward", "--no-diagnose", "--timeout", "30", "--out", "-")


def soak(*options, **variables):
    command = [sys.executable, *SOAK, *map(str, options)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True)


@pytest.fixture(scope="module")
def soaked(needs_room, tmp_path_factory):
    """Both runs' folders; what the soak finds wrong fails here."""
    place = tmp_path_factory.mktemp("soak")
    run = soak("--students", 25, "--kills", 10, "--minutes", 15, "--keep", place)
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
    for what in ("unexpected", "different", "left over"):
        assert f"{what}: nothing" in run.stdout
    assert int(re.search(r"with (\d+) kills", run.stdout)[1]) >= 5, "some come too late"
    return Place(place / "undisturbed"), Place(place / "disturbed")


def test_a_class_is_graded_with_kills_as_without(soaked):
    quiet, wild = soaked
    rows = quiet.rows("grades.csv")
    assert len(rows) == len(wild.rows("grades.csv")) == 26
    assert len(list(wild.marks.glob("feedback/*/index.html"))) == 25
    assert {row[-2] for row in rows[1:]} >= {"", "20", "17"}, "none, all and some points"
    assert ungraded(quiet) == ungraded(wild)


def test_the_soak_sees_a_lost_mark_and_what_lies_about(soaked):
    quiet, wild = soaked
    kinds = {row[0]: "right" for row in quiet.rows("grades.csv")[1:]}
    assert differences(quiet, wild, kinds) == {}
    assert litter(wild) == []
    for name in ("grades.csv", "reasons.csv"):
        text = (wild.marks / name).read_text()
        (wild.marks / name).write_text(re.sub(r"^(s0003,.*?,)\d", r"\g<1>0", text, count=1, flags=re.MULTILINE))
    page = next(wild.marks.glob("feedback/s0003/01_*.html"))
    page.unlink()
    (wild.temporary / "forgotten").touch()
    (wild.gradebook / "autograded" / ".draft").touch()
    found = differences(quiet, wild, kinds)
    assert found.keys() == {"grades.csv", "reasons", "files"}
    assert any(line.endswith(page.name) for line in found["files"])
    (by_chance,) = {attack.name for attack in read_attacks() if attack.by_chance}
    assert differences(quiet, wild, kinds | {"s0003": f"hostile: {by_chance}"}).keys() == {"files"}
    assert litter(wild) == ["temporary file forgotten", "draft gradebook/autograded/.draft"]


def test_the_soak_sees_what_grows():
    watch = Watch()
    watch.uses[1, 0.0] = Use("worker", [10] * 80, [50_000_000] * 80)
    watch.uses[2, 0.0] = Use("worker", list(range(80)), [50_000_000] * 80)
    watch.uses[3, 0.0] = Use("coordinator", [10] * 80, [number * 10_000_000 for number in range(80)])
    watch.uses[4, 0.0] = Use(
        "nursery", [*range(20), *[20] * 60], [number * 20_000_000 for number in range(20)] + [4e8] * 60
    )
    told = grown(watch, students=25)
    assert [line.split(":")[0] for line in told] == ["descriptors of a worker grow", "memory of a coordinator grows"]


ORPHAN = """
import subprocess, time
from benchmarks import traces
traces.take_charge()
subprocess.run(["sh", "-c", "sleep 300 & exec sleep 0.1"])
assert [process.cmdline() for process in traces.descendants()] == [["sleep", "300"]]
assert len(traces.held(traces.namespaces("self"))) > 1
traces.end_all()
assert not traces.descendants()
"""


def test_no_orphan_is_missed_and_all_are_ended():
    subprocess.run([sys.executable, "-c", ORPHAN], cwd=ROOT, check=True)


def test_the_soak_ends_in_time_and_says_so(needs_room, tmp_path):
    run = soak("--students", 5, "--kills", 10, "--minutes", 0.05, TMPDIR=str(tmp_path))
    assert run.returncode == 1
    assert "0.05 minutes are over; everything that was started is ended" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_thousand_hand_in_all_there_is(built):
    weights = {name: b"" for item in built for name in item.hands_in}
    wanted = {f"wrong: {path.stem}" for path in (ROOT / "tests" / "submissions").glob("*.py")}
    wanted |= {f"hostile: {attack.name}" for attack in read_attacks()} | {f"malformed: {name}" for name in DAMAGE}
    assert wanted <= {one.name for one in planned(built, 1000, weights)}
