"""Grading again after a test changed: who is concerned, what changes, and that nothing else does."""

import csv
import json

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograde.cli import main
from autograde.course import ASSIGNMENT, CourseError
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.regrade import regrade
from tests.small_course import AFTER, BEFORE, NEARLY, RIGHT, WRONG, hand_in, write_course
from tests.test_authoring import GOOD, WRITTEN


@pytest.fixture
def graded(tmp_path):
    """A course with four students, graded: a right one, one who will fail the new test, a wrong one, one marked by hand."""
    built = write_course(tmp_path)
    for student, source in (("ada", RIGHT), ("ben", NEARLY), ("carla", WRONG), ("dora", NEARLY)):
        hand_in(tmp_path / "in", student, built, source, "It is so." if student == "dora" else "")
    folder = CourseFolder(tmp_path / "gradebook")
    grade(built, tmp_path / "in", tmp_path / "marks", folder)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook/gradebook.db") as gradebook:
        gradebook.find_grade("q1-double-test", "01_small", ASSIGNMENT, "dora").manual_score = 1.5
        gradebook.find_grade("q1-why", "01_small", ASSIGNMENT, "dora").manual_score = 2
        gradebook.db.commit()
    return tmp_path, folder


def state(root):
    """All that a preview must not touch; results of examinations are no part of it."""
    gradebook = root / "gradebook"
    files = [path for path in gradebook.rglob("*") if path.is_file() and path.parent.name != "results"]
    files += [path for path in (root / "marks").rglob("*") if path.is_file() and path.name != "regrade.csv"]
    return {path: path.read_bytes() for path in files}


def rows(root, name="regrade.csv"):
    with (root / "marks" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_preview_lists_whom_a_new_test_concerns_and_accepting_does_just_that(graded):
    root, folder = graded
    built = write_course(root, GOOD.replace(BEFORE, AFTER))
    before = state(root)
    preview = regrade(built, root / "marks", folder, accept=False)
    assert state(root) == before
    assert preview.again == ("ben", "dora")
    listed = [
        (row["student"], row["exercise"], row["old points"], row["new points"], row["by hand"]) for row in rows(root)
    ]
    assert listed == [
        ("ben", "q1-double", "2", "0", ""),
        ("ben", "total", "2", "0", ""),
        ("dora", "q1-double", "1.5", "1.5", "kept"),
        ("dora", "total", "3.5", "3.5", ""),
    ]
    assert (rows(root)[0]["old reason"], rows(root)[0]["new reason"]) == ("passed", "wrong value")

    accepted = regrade(built, root / "marks", folder, accept=True)
    assert (accepted.changes, accepted.before, accepted.after) == (preview.changes, preview.before, preview.after)
    totals = {row["student"]: (row["q1-double"], row["total"]) for row in rows(root, "grades.csv")}
    assert totals == {"ada": ("2", "2"), "ben": ("0", "0"), "carla": ("0", "0"), "dora": ("1.5", "3.5")}
    assert "wrong value" in (root / "marks" / "feedback" / "ben" / "index.html").read_text()
    with Gradebook(f"sqlite:///{root}/gradebook/gradebook.db") as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, "ben").score == 0
        assert gradebook.find_submission(ASSIGNMENT, "dora").score == 3.5

    again = regrade(built, root / "marks", folder, accept=True)
    assert (again.changes, again.again) == ((), ())
    assert len(rows(root)) == 4, "what was accepted stays to be read"


def test_points_can_change_and_each_mark_that_does_is_listed(graded):
    root, folder = graded
    text = GOOD.replace("`q1-double` · 2", "`q1-double` · 3")
    head, tail = text.split('"grade_id": "q1-double-test"')
    built = write_course(root, head + '"grade_id": "q1-double-test"' + tail.replace('"points": 2', '"points": 3', 1))
    preview = regrade(built, root / "marks", folder, accept=False)
    assert preview.points_changed == ("q1-double: 3 points, not 2",)
    found = [(change.student, change.old.points, change.new.points) for change in preview.changes]
    assert found == [("ada", 2, 3), ("ben", 2, 3)]
    regrade(built, root / "marks", folder, accept=True)
    assert {row["student"]: row["max"] for row in rows(root, "grades.csv")}["carla"] == "5"
    assert regrade(built, root / "marks", folder, accept=True).again == ()


def test_exercises_that_came_or_went_are_refused_before_anything_changes(graded):
    root, folder = graded
    before = state(root)
    with pytest.raises(CourseError, match=r"q1-why is gone\)\. Move"):
        regrade(write_course(root, GOOD.replace(WRITTEN, "")), root / "marks", folder, accept=False)
    assert state(root) == before


def test_what_was_killed_goes_on_and_lists_everything(graded, monkeypatch):
    root, folder = graded
    built = write_course(root, GOOD.replace(BEFORE, AFTER))
    preview = regrade(built, root / "marks", folder, accept=False)
    whole = CourseFolder.grade

    def die(self, student, unread):
        if student == "dora":
            raise KeyboardInterrupt
        whole(self, student, unread)

    monkeypatch.setattr(CourseFolder, "grade", die)
    with pytest.raises(KeyboardInterrupt):
        regrade(built, root / "marks", folder, accept=True)
    monkeypatch.undo()
    finished = regrade(built, root / "marks", folder, accept=True)
    assert finished.again == ("dora",)
    assert finished.changes == preview.changes


def test_trouble_while_grading_again_leaves_the_marks(graded, monkeypatch):
    root, folder = graded
    built = write_course(root, GOOD.replace(BEFORE, AFTER))

    def locked(self, student, unread):
        raise CourseError("gradebook.db is locked")

    monkeypatch.setattr(CourseFolder, "grade", locked)
    found = regrade(built, root / "marks", folder, accept=True)
    assert [failure.student for failure in found.failures] == ["ben", "dora"]
    assert found.changes == ()
    assert json.loads((root / "marks" / "results.json").read_text())["students"][1]["total"] == 2


def test_the_command_says_what_it_did(graded, monkeypatch):
    root, _ = graded
    monkeypatch.chdir(root)
    assert CliRunner().invoke(main, ["regrade"]).exit_code == 2
    assert "No mark changes." in CliRunner().invoke(main, ["regrade", "--preview", "--workers", "1"]).output
    both = ["--workers", "1", "--scheduler", "tcp://127.0.0.1:1"]
    assert CliRunner().invoke(main, ["regrade", "--preview", *both]).exit_code == 2
    write_course(root, GOOD.replace(BEFORE, AFTER))
    result = CliRunner().invoke(main, ["regrade", "--preview"])
    assert result.exit_code == 0, result.output
    for text in ("2 marks of 2 students would change, 1 of them to less", "kept, by hand", "course regrade --accept"):
        assert text in result.output
    assert CliRunner().invoke(main, ["regrade", "--accept", "--out", "elsewhere"]).exit_code == 1
    result = CliRunner().invoke(main, ["regrade", "--accept"])
    assert "2 marks of 2 students changed" in result.output
