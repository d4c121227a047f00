"""What a run writes is read back as others read it; hostile names and messages are inert; files are whole or not there."""

import csv
import errno
import io
import json
import os
import signal
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from autograde.book import Exercise
from autograde.due import Due
from autograde.examine import BY_HAND, NOT_GRADED, Result
from autograde.findings import REPAIRED, Finding
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.hand_in_times import times_of
from autograde.jobs import Results
from autograde.marks import Graded, Marks
from autograde.outputs import write_outputs
from autograde.record import read_record
from autograde.roster import Roster, read_roster
from autograde.screen import Screen
from autograde.trouble import told
from helpers.whole import write_whole
from tests.small_course import RAISES, RIGHT, WRONG, hand_in, write_course

HOSTILE = "=cmd|'calc'!A0 <img src=x onerror=alert(1)>"
MESSAGE = "<script>alert(1)</script>\n</pre>{{ 7 * 7 }}\x1b[2J"
DUE = datetime(2026, 11, 30, 23, 59, tzinfo=timezone(timedelta(hours=1)))
LATE = DUE + timedelta(hours=26, seconds=1)
EXERCISES = (Exercise("q1-a", "01_one", 2.0), Exercise("q2-b", "02_two", 3.0), Exercise("q2-why", "02_two", 1.0))


def marks(student, a, b, why, *, reason="wrong value", message="", **more):
    results = (
        Result("q1-a", a, 2.0, "passed" if a == 2 else NOT_GRADED if a is None else reason, message),
        Result("q2-b", b, 3.0, "passed" if b == 3 else reason, message),
        Result("q2-why", why, 1.0, BY_HAND),
    )
    return Marks(student, results, notebooks=("01_one", "02_two"), **more)


@pytest.fixture
def run(tmp_path):
    rows = (
        marks("ada_77", 2.0, 3.0, 1.0, by_hand=frozenset({"q2-why"}), seconds=1.5),
        marks("ben", 2.0, 0.0, None, message="yours 1.0", penalties={"02_two": 0.5}, attempts=(None, DUE, LATE)),
        marks(HOSTILE, None, 0.0, None, reason="raised", message=MESSAGE),
    )
    findings = (Finding(HOSTILE, "<b>.ipynb", "@was <i>mended</i>.", kind=REPAIRED, hides=""),)
    out = tmp_path / "marks"
    return Graded(EXERCISES, rows, findings, out / "grades.csv", out / "feedback", "d" * 64, due=Due(DUE))


def table(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_data(self, data):
        self.text += data


def test_moodle_and_canvas_get_no_zero_for_what_is_open(run, tmp_path):
    write_outputs(run)
    moodle = table(tmp_path / "marks" / "grades-moodle.csv")
    assert moodle == [
        ["student", "01_one", "02_two", "total"],
        ["ada_77", "2", "4", "6"],
        ["ben", "2", "", ""],
        ["'" + HOSTILE, "", "", ""],
    ]
    canvas = table(tmp_path / "marks" / "grades-canvas.csv")
    assert canvas[:3] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_one", "02_two"],
        ["    Points Possible", "", "", "", "", "2", "4"],
        ["ada_77", "77", "", "", "", "2", "4"],
    ]
    assert canvas[3] == ["ben", "", "", "ben", "", "2", ""]


def test_ids_come_from_the_roster(run, tmp_path):
    roster = tmp_path / "class.csv"
    roster.write_text("student,name,email,ID,SIS Login ID,Section\nada_77,Ada,ada@x.org,5,al,A\nben,=Ben,,6,bl,B\n")
    write_outputs(run, read_roster(roster))
    assert table(tmp_path / "marks" / "grades-moodle.csv")[:2] == [
        ["student", "email", "01_one", "02_two", "total"],
        ["ada_77", "ada@x.org", "2", "4", "6"],
    ]
    canvas = table(tmp_path / "marks" / "grades-canvas.csv")
    assert canvas[2:4] == [["Ada", "5", "", "al", "A", "2", "4"], ["'=Ben", "6", "", "bl", "B", "2", ""]]


def test_the_record_is_read_back_as_it_was(run, tmp_path):
    write_outputs(run)
    told_ = json.loads((tmp_path / "marks" / "results.json").read_text())
    assert (told_["schema"], told_["course"]) == (1, "d" * 64)
    assert told_["students"][0]["results"][2]["by_hand"] is True
    assert told_["students"][1]["results"][2]["points"] is None
    assert replace(read_record(tmp_path / "marks"), when=None) == run


def test_a_record_without_times_is_read(run, tmp_path):
    write_outputs(run)
    path = tmp_path / "marks" / "results.json"
    told_ = json.loads(path.read_text())
    del told_["due"]
    for student in told_["students"]:
        del student["attempts"]
    path.write_text(json.dumps(told_))
    again = read_record(tmp_path / "marks")
    assert not again.due
    assert [row.attempts for row in again.marks] == [(), (), ()]


def test_exercises_and_attempts_are_counted(run, tmp_path):
    write_outputs(run)
    assert table(tmp_path / "marks" / "exercises.csv")[1:] == [
        ["q1-a", "01_one", "2", "2", "2", "0", "0", "1", "1.000", "2", "", ""],
        ["q2-b", "02_two", "3", "3", "1", "0", "2", "0", "0.333", "1", "wrong value", ""],
        ["q2-why", "02_two", "1", "1", "1", "0", "0", "2", "1.000", "3", "", ""],
    ]
    assert table(tmp_path / "marks" / "attempts.csv")[1:] == [
        ["ada_77", "0", "", ""],
        ["ben", "3", "2026-12-02T01:59:01+01:00", "1561"],
        ["'" + HOSTILE, "0", "", ""],
    ]
    report = Page(tmp_path / "marks" / "report.html").text
    assert "On time: 1 attempts." in report
    assert "Of 1 more attempts the time is not known." in report
    assert "by 1 d 2 h" in report
    report = report[report.rindex("The exercises") :]
    assert report.index("q2-b") < report.index("q1-a"), "the hardest first"


def test_who_has_handed_in_nothing_is_named(run, tmp_path):
    report = tmp_path / "marks" / "report.html"
    write_outputs(run)
    assert "names no roster" in Page(report).text
    write_outputs(run, Roster({"ada_77": "", "zoe": "<b>Zoe</b>"}))
    assert "zoe (<b>Zoe</b>)" in Page(report).text
    write_outputs(run, Roster({"ada_77": ""}))
    assert "Nobody: everybody on the roster" in Page(report).text


@pytest.mark.parametrize(
    ("hours", "length"),
    [([0], 1), ([0, 31.9], 1), ([0, 33], 3), ([0, 24 * 31], 24), ([0, 24 * 365 * 40], 8064), ([0, -(10**6)], 1)],
)
def test_times_of_any_span_make_a_plot_of_few_bars(run, hours, length):
    begins = datetime(2026, 3, 2, tzinfo=UTC)  # clocks change in that month
    times = tuple(begins + timedelta(hours=hour) for hour in hours)
    made = times_of(replace(run, due=Due(), marks=(replace(run.marks[0], attempts=times),)))
    assert made.length == timedelta(hours=length)
    assert sum(one.on_time for one in made.bins) + made.unknown == len(times)
    assert len(made.bins) <= 60


def test_pages_are_inert_and_show_one_student_only(run, tmp_path):
    write_outputs(run)
    folder = tmp_path / "marks"
    pages = [folder / "report.html", *folder.glob("feedback/*/index.html")]
    assert len(pages) == 4
    for path in pages:
        page = Page(path)
        assert not {"script", "img", "iframe", "link", "object", "form", "b", "i"} & set(page.tags)
        assert not [
            a for a in page.attributes if a[1].startswith("on") or ("//" in (a[2] or "") and a[1] in ("href", "src"))
        ]
        assert ("html", "lang", "en") in page.attributes
        assert page.tags.count("table") == sum(a[1] == "aria-labelledby" and a[0] == "table" for a in page.attributes)
        assert "\x1b" not in page.text
        assert ("7 * 7" in page.text) == (path.name == "report.html" or HOSTILE in path.parts)
    own = Page(folder / "feedback" / HOSTILE / "index.html").text
    assert "<script>alert(1)</script>" in own
    assert HOSTILE in own
    assert "ben" not in own
    assert "ada_77" not in own
    report = Page(folder / "report.html")
    assert "svg" in report.tags
    assert "@was <i>mended</i>." in report.text
    assert "80–90 %: 0; 90–100 %: 1" in report.text


def test_a_terminal_shows_a_table_that_fills_and_a_pipe_lines(run):
    for terminal in (True, False):
        shown = io.StringIO()
        screen = Screen(Console(file=shown, force_terminal=terminal, width=120, height=30))
        for row in screen.progress(run.marks, 3):
            screen.show(row, EXERCISES)
        assert "ada_77" in shown.getvalue()
        if not terminal:
            assert shown.getvalue().splitlines()[:2] == ["1/3  ada_77  6/6", "2/3  ben  1.5/6"]


def test_ctrl_c_says_how_to_go_on():
    shown = io.StringIO()
    screen = Screen(Console(file=shown, force_terminal=False, width=200))
    for _ in screen.progress([1, 2, 3], 3):
        os.kill(os.getpid(), signal.SIGINT)
    assert "run the same command again to go on" in shown.getvalue()


def test_a_file_is_whole_or_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "grades.csv"
    write_whole(path, "old")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new" * 1000)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["grades.csv"]


def test_a_run_that_is_killed_while_it_writes_leaves_whole_files(run, tmp_path):
    write_outputs(run)
    for after in range(8):
        child = os.fork()
        if child == 0:  # dies after some files, in the middle of the next
            written, fsync = [], os.fsync

            def dies(number, written=written, after=after, fsync=fsync):
                written.append(number)
                fsync(number)
                if len(written) > after:
                    os.kill(os.getpid(), signal.SIGKILL)

            os.fsync = dies
            write_outputs(run)
            os._exit(0)
        os.waitpid(child, 0)
        for path in (tmp_path / "marks").glob("*.csv"):
            assert len({len(line) for line in table(path)}) == 1, path
        assert read_record(tmp_path / "marks").marks == run.marks
        assert (tmp_path / "marks" / "report.html").read_text().endswith("</html>\n")


# --- Trouble with the gradebook and the disk


@pytest.fixture
def class_of_two(tmp_path):
    built = write_course(tmp_path)
    for student, source in (("ada", RIGHT), ("ben", RAISES)):
        hand_in(tmp_path / "in", student, built, source)
    folder = CourseFolder(tmp_path / "gradebook")
    return built, tmp_path / "in", tmp_path / "marks", folder


def test_a_locked_gradebook_costs_nobody_their_marks(class_of_two):
    built, source, out, folder = class_of_two
    grade(built, source, out, folder)
    hand_in(source, "carla", built, WRONG)
    database = sqlite3.connect(folder.folder / "gradebook.db", isolation_level=None)
    opened = []

    def lock_for_carla(items, _):
        for item in items:
            if item.student == "carla":
                database.execute("BEGIN IMMEDIATE")
                opened.append(item)
            yield item
            if item.student == "carla":
                database.execute("ROLLBACK")

    graded = grade(built, source, out, folder, progress=lock_for_carla)
    database.close()
    assert opened
    assert [finding.student for finding in graded.refusals] == ["carla"]
    assert "locked by another program" in str(graded.refusals[0])
    assert "UPDATE" not in str(graded.refusals[0])
    totals = {row["student"]: row["total"] for row in csv.DictReader(io.StringIO((out / "grades.csv").read_text()))}
    assert totals == {"ada": "2", "ben": "0", "carla": ""}
    again = grade(built, source, out, folder)
    assert (again.marks[2].graded, again.refusals) == (True, [])


def test_a_full_disk_costs_only_whose_result_is_lost(class_of_two, monkeypatch):
    built, source, out, folder = class_of_two
    keep, tried = Results.keep, []

    def full_once(self, key, outcome):
        tried.append(key)
        if len(tried) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        keep(self, key, outcome)

    monkeypatch.setattr(Results, "keep", full_once)
    graded = grade(built, source, out, folder)
    assert len(graded.refusals) == 1
    assert "the disk is full. Make room" in str(graded.refusals[0])
    assert sum(row.graded for row in graded.marks) == 1
    assert grade(built, source, out, folder).refusals == []


def test_a_mark_that_gets_lower_is_told(class_of_two):
    built, source, out, folder = class_of_two
    assert not [finding for finding in grade(built, source, out, folder).findings if finding.kind == "lowered"]
    hand_in(source, "ada", built, WRONG)
    lower = [finding for finding in grade(built, source, out, folder).findings if finding.kind == "lowered"]
    assert [str(finding) for finding in lower] == [
        "ada: q1-double: 0 now (wrong value), 2 points before. Is that meant?"
    ]


def test_trouble_is_one_line_without_sql():
    for said, meaning in (
        ("(sqlite3.OperationalError) attempt to write a readonly database", "cannot be written"),
        ("(sqlite3.OperationalError) database or disk is full", "Make room"),
        ("(sqlite3.DatabaseError) database disk image is malformed", "Restore gradebook.db from a backup"),
    ):
        text = told(RuntimeError(said))
        assert meaning in text
        assert "\n" not in text
