"""A class's archives graded one after the other: what came in earlier stands, and each notebook is late by its own date."""

import csv
import os
import shutil
from datetime import datetime, timedelta, timezone

import pytest

from autograde.build import as_text, read_course
from autograde.course import Course, CourseError
from autograde.due import Due
from autograde.findings import LATE, LOWERED, MISSING, STANDS
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.marks import NOT_SUBMITTED
from autograde.planted import answer
from autograde.record import read_record
from autograde.settings import BEST, LatePolicy, Settings, read_settings
from tests.small_course import RIGHT, WRONG, write_course
from tests.test_authoring import GOOD

DUE = datetime(2026, 10, 20, 12, tzinfo=timezone(timedelta(hours=2)))
WEEK = timedelta(days=7)
TRIPLE = RIGHT.replace("double", "triple").replace("2 * x", "3 * x")
EACH = LatePolicy(
    Due(each={"01_small": DUE, "02_more": DUE + WEEK}), "autograde.late.DailyPenalty", {"percent_per_day": 50}
)


@pytest.fixture
def built(tmp_path):
    more = (
        GOOD.replace("double", "triple")
        .replace("2 * x", "3 * x")
        .replace("4.0", "6.0")
        .replace(", 6.0, ", ", 9.0, ", 2)
    )
    more = more.replace("triple(2.0), 9.0", "triple(2.0), 6.0").replace("q1-", "q2-")
    write_course(tmp_path / "course")
    (tmp_path / "course" / "source" / "02_more.py").write_text(more)
    return read_course(Course(tmp_path / "course"))


@pytest.fixture
def week(built, tmp_path, needs_room):
    """Grade what came in by a date: answers by student and notebook's number."""
    folder = CourseFolder(tmp_path / "gradebook")

    def run(name, when, students, **settings):
        for student, answers in students.items():
            place = tmp_path / name / student
            place.mkdir(parents=True, exist_ok=True)
            for number, source in answers.items():
                exercise = ("q1-double", "q2-triple")[number - 1]
                path = place / built[number - 1].filename
                path.write_text(as_text(answer(built[number - 1], {exercise: source})))
                os.utime(path, (when.timestamp(),) * 2)
        return again(name, **settings)

    def again(*names, **settings):
        return grade(
            built, [tmp_path / name for name in names], tmp_path / "marks", folder, settings=Settings(**settings)
        )

    run.again, run.folder = again, folder
    return run


def totals(tmp_path):
    with (tmp_path / "marks" / "grades.csv").open() as file:
        return {row["student"]: row["total"] for row in csv.DictReader(file)}


def told(graded, kind):
    return [(finding.student, finding.what) for finding in graded.findings if finding.kind == kind]


def test_what_came_in_earlier_stands_when_the_next_archive_is_graded_alone(week, tmp_path):
    (tmp_path / "class.csv").write_text("student\nada\nben\ncy\n")
    week("first", DUE, {"ada": {1: RIGHT}, "ben": {1: RIGHT}})
    graded = week("second", DUE, {"ada": {2: TRIPLE}}, roster=tmp_path / "class.csv")
    assert totals(tmp_path) == {"ada": "4", "ben": "2"}
    assert told(graded, LOWERED) == []
    assert told(graded, MISSING) == [("cy", "has handed in nothing.")]
    assert told(graded, STANDS) == [
        ("ada", "01_small is not among it: what was graded before stands."),
        ("ben", "is in none of these: what was graded before stands."),
    ]
    assert read_record(tmp_path / "marks").marks == graded.marks
    reasons = {result.exercise: result.reason for result in graded.marks[1].results}
    assert reasons["q1-double"] == "passed"
    assert reasons["q2-triple"] == NOT_SUBMITTED
    assert (tmp_path / "marks" / "feedback" / "ada" / "01_small.html").exists()
    # The same command once more, and both at once, come to the same.
    assert week.again("second").marks == graded.marks
    shutil.rmtree(week.folder.folder)
    both = week.again("first", "second")
    assert [(row.student, row.total, row.results) for row in both.marks] == [
        (row.student, row.total, row.results) for row in graded.marks
    ]
    assert told(both, STANDS) == []


def test_damage_to_what_stands_costs_nobody_else(week, tmp_path):
    week("first", DUE, {"ada": {1: RIGHT}})
    (week.folder.path("autograded", "ada") / "01_small.ipynb").write_text("{")
    graded = week("second", DUE, {"ben": {1: RIGHT}})
    assert totals(tmp_path) == {"ada": "", "ben": "2"}
    assert [finding.student for finding in graded.refusals] == ["ada"]


def test_a_file_that_cannot_be_read_takes_the_place_of_nothing(week, tmp_path):
    week("first", DUE, {"ada": {1: RIGHT}})
    (tmp_path / "second" / "ada").mkdir(parents=True)
    (tmp_path / "second" / "ada" / "01_small.ipynb").write_text("{")
    graded = week.again("second")
    assert totals(tmp_path) == {"ada": "2"}
    assert len(graded.refusals) == 1


def test_each_notebook_is_late_by_its_own_date_and_by_its_own_time(week, tmp_path):
    graded = week("first", DUE, {"ada": {1: RIGHT}, "ben": {1: RIGHT}}, late=EACH)
    assert told(graded, LATE) == []
    # Everything is packed each time: what was not changed was handed in when it first was.
    later = {"ada": {1: RIGHT, 2: TRIPLE}, "ben": {1: WRONG + "\n", 2: TRIPLE}}
    graded = week("second", DUE + WEEK + timedelta(hours=1), later, late=EACH)
    assert {row.student: dict(row.penalties) for row in graded.marks} == {
        "ada": {"02_more": 1.0},
        "ben": {"02_more": 1.0},
    }
    assert told(graded, LATE) == [
        ("ada", "02_more was handed in 1:00:00 h late."),
        ("ben", "01_small was handed in 7 days, 1:00:00 h late."),
        ("ben", "02_more was handed in 1:00:00 h late."),
    ]
    assert {row.student: graded.late_by(row) for row in graded.marks} == {
        "ada": timedelta(hours=1), "ben": WEEK + timedelta(hours=1),
    }  # fmt: skip
    report = (tmp_path / "marks" / "report.html").read_text()
    assert "Due 01_small 2026-10-20 12:00, 02_more 2026-10-27 12:00" in report
    assert "On time: 1 notebooks" in report
    assert read_record(tmp_path / "marks").due == EACH.due
    moved = LatePolicy(Due(each={"01_small": DUE}), EACH.plugin, EACH.options)
    again = week("third", DUE, {"cy": {1: RIGHT}}, late=moved)
    assert [row.penalty for row in again.marks] == [0, 0, 0], "of those, too, of whom nothing came in now"
    assert totals(tmp_path) == {"ada": "4", "ben": "2", "cy": "2"}


def test_the_best_attempt_keeps_what_only_another_one_has(week, tmp_path):
    week("first", DUE, {"ada": {1: RIGHT}})
    week("second", DUE, {"ada": {1: WRONG, 2: TRIPLE}})
    assert totals(tmp_path) == {"ada": "2"}
    for _ in range(2):
        week.again("first", "second", attempts=BEST)
        assert totals(tmp_path) == {"ada": "4"}


def test_dates_by_notebook_are_read_and_wrong_ones_named(week, tmp_path):
    write = (tmp_path / "course.toml").write_text
    write("[late]\ndue = { 01_small = 2026-10-20T12:00:00+02:00, 02_more = 2026-10-27T12:00:00+02:00 }\n")
    assert read_settings(tmp_path).due == EACH.due
    for text in ("{}", "{ 01_small = 1 }", "1"):
        write(f"[late]\ndue = {text}\n")
        with pytest.raises(CourseError, match=r"needs a date and time, .* or one for each notebook"):
            read_settings(tmp_path)
    with pytest.raises(
        CourseError, match=r"late.due names 01_smal, which is no notebook. There are: 01_small, 02_more"
    ):
        week("first", DUE, {"ada": {1: RIGHT}}, late=LatePolicy(Due(each={"01_smal": DUE})))
