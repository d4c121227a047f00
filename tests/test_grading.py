"""A planted class graded as an instructor would, and everything that can be wrong with what was handed in."""

import csv
import json
import os
import re
import shutil
import signal
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograde.build import Built, as_text
from autograde.cells import exercise_id, is_test, is_written
from autograde.cli import main
from autograde.commands.speaking import console
from autograde.course import ASSIGNMENT, CourseError
from autograde.demo import CLASS, DIVERGED, NOTEBOOKS_OF, submit_class
from autograde.examine import BY_HAND
from autograde.grade import NOT_GRADED, grade
from autograde.gradebook import CourseFolder
from autograde.intake import copy_submission
from autograde.planted import answer, answers_of, read_patches
from autograde.screen import Screen, graded_table
from autograde.students import FILES
from tests.conftest import ROOT


def exercises(built):
    return [exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell) or is_written(cell)]


def all_points(built):
    cells = [cell for item in built for cell in item.full.cells if is_test(cell) or is_written(cell)]
    return sum(cell.metadata.nbgrader.points for cell in cells)


@pytest.fixture(scope="module")
def planted(built, trained, tmp_path_factory):
    """The demo's class, graded in one run."""
    folder = tmp_path_factory.mktemp("planted")
    submit_class(built, read_patches(ROOT / "tests" / "submissions"), trained, folder / "submissions")
    return folder, grade(built, folder / "submissions", folder / "marks", CourseFolder(folder / "gradebook"))


def test_each_student_loses_what_their_mistakes_cost(planted):
    patches = {patch.name: patch for patch in read_patches(ROOT / "tests" / "submissions")}
    for marks in planted[1].marks:
        expected = set().union(*(patches[name].loses for name in CLASS[marks.student]))
        expected |= {"q3b-weights", "q3b-accuracy"} if marks.student == DIVERGED else set()
        assert {result.exercise for result in marks.lost} == expected, marks.student
        assert not planted[1].refusals


def test_the_readme_shows_the_real_table(planted, capsys):
    console.print(graded_table(planted[1]))
    shown = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    readme = (ROOT / "README.md").read_text()
    assert "\n".join(shown).strip() in readme


def test_grades_csv_has_a_column_for_each_exercise(planted, built):
    _, graded = planted
    with graded.csv.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["student", *exercises(built), "total", "max"]
    assert [row["student"] for row in rows] == sorted(CLASS)
    for row, marks in zip(rows, graded.marks, strict=True):
        points = [float(row[identity] or 0) for identity in exercises(built)]
        assert sum(points) == float(row["total"]) == marks.total
        assert float(row["max"]) == all_points(built)
        assert [identity for identity in exercises(built) if row[identity] == ""] == [
            result.exercise for result in marks.results if result.reason == BY_HAND
        ]


def test_feedback_tells_students_no_hidden_test(planted, built):
    _, graded = planted
    pages = list(graded.feedback.glob("*/[0-9]*.html"))
    assert len(pages) == sum(NOTEBOOKS_OF[student] for student in CLASS)
    answers = {
        line.strip() for item in built for cell in item.full.cells if is_test(cell) for line in cell.source.splitlines()
    }
    shown = {line.strip() for item in built for cell in item.release.cells for line in cell.source.splitlines()}
    hidden = {line for line in answers - shown if len(line) > 20}
    assert hidden
    for page in pages:
        text = page.read_text()
        for word in ("HIDDEN TESTS", "truth.", "fresh_inputs", "autograde"):
            assert word not in text, (page, word)
        assert not [line for line in hidden if line in text]


def test_the_gradebook_opens_with_nbgrader_and_agrees(planted):
    folder, graded = planted
    with Gradebook(f"sqlite:///{folder}/gradebook/gradebook.db") as gradebook:
        totals = {
            submission.student.id: submission.score for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }
    assert totals == {marks.student: marks.total for marks in graded.marks}


@pytest.fixture(scope="module")
def course_copy(course, tmp_path_factory):
    """The course's sources and notebooks in an empty folder, as the command line finds them."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("source", "notebooks", "solutions", "helpers", "tests/submissions", "tests/mistakes"):
        shutil.copytree(course.root / name, folder / name)
    for name in FILES:
        shutil.copy(course.root / name, folder / name)
    return folder


@pytest.fixture
def run(course_copy, monkeypatch):
    monkeypatch.chdir(course_copy)
    shutil.rmtree(course_copy / "gradebook", ignore_errors=True)  # what another test graded stands
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def right(built):
    """Notebook 01 with every answer right."""
    return as_text(answer(built[0], answers_of(built[0].full)))


def hand_in(folder: Path, student: str, text: str | bytes, name: str = "01_feedforward.ipynb") -> None:
    (folder / student).mkdir(parents=True, exist_ok=True)
    (folder / student / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_bad_submissions_are_named_and_do_not_stop_the_others(run, right, tmp_path):
    folder = tmp_path / "submissions"
    hand_in(folder, "ada", right)
    hand_in(folder, "broken", right[: len(right) // 2])
    hand_in(folder, "binary", b"\xff\xfe\x00")
    hand_in(folder, "number", "7")
    hand_in(folder, "object", "{}")
    hand_in(folder, "other", "{", name="\x1b[2Jcleared\n.ipynb")
    hand_in(folder, "{curly} 50%", right)
    hand_in(folder, "foreign", json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    hand_in(folder, "half", right)
    hand_in(folder, "half", "{", name="02_backprop.ipynb")
    hand_in(folder, "[x]", right)
    (folder / "empty").mkdir()
    (folder / "stray.ipynb").write_text(right)
    (folder / "link").symlink_to(folder / "ada")
    (folder / "linked").mkdir()
    (folder / "linked" / "01_feedforward.ipynb").symlink_to(folder / "ada" / "01_feedforward.ipynb")
    result = run("grade", folder, "--out", tmp_path / "marks")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "\x1b" not in result.output
    for line in (
        "other/\N{REPLACEMENT CHARACTER}[2Jcleared\N{REPLACEMENT CHARACTER}.ipynb: is not readable",
        "broken/01_feedforward.ipynb: is not readable: broken JSON at line",
        "binary/01_feedforward.ipynb: is not readable: it is not UTF-8",
        "number/01_feedforward.ipynb: is not a Jupyter notebook",
        "object/01_feedforward.ipynb: is not a Jupyter notebook",
        "foreign/01_feedforward.ipynb: has none of this notebook's cells",
        "half/02_backprop.ipynb: is not readable: broken JSON at line 1",
        "'[x]': no student's id can be this",
        "empty: there is no notebook in this folder",
        "stray.ipynb: is not in a student's folder",
        "link: is a link",
        "linked/01_feedforward.ipynb: is not a regular file",
    ):
        assert line in result.output, result.output
    rows = rows_of(tmp_path / "marks" / "grades.csv")
    ungraded = {"broken", "binary", "number", "object", "other", "foreign", "empty", "linked"}
    assert rows.keys() == {"ada", "half", "{curly} 50%"} | ungraded
    assert rows["{curly} 50%"]["total"] == "20"
    assert (rows["ada"]["total"], rows["ada"]["q2d-backward"]) == ("20", "0")
    assert (rows["half"]["total"], rows["half"]["q2d-backward"]) == ("20", "")
    for student in ungraded:
        assert {rows[student][key] for key in ("q1a-affine", "q2d-backward", "total")} == {""}, "not graded is not 0"
    reasons = (tmp_path / "marks" / "reasons.csv").read_text()
    assert "half,q2d-backward,,8,not graded yet,is not readable: broken JSON" in reasons


def test_names_from_a_learning_management_system_are_taken(run, right, tmp_path):
    names = ["O'Brien", "Müller, Anna (123)", "Zoe\u0301", "=SUM(A1)"]
    for name in names:
        hand_in(tmp_path / "submissions", name, right)
    result = run("grade", tmp_path / "submissions", "--out", tmp_path / "marks")
    assert result.exit_code == 0, result.output
    rows = rows_of(tmp_path / "marks" / "grades.csv")
    assert rows.keys() == {"O'Brien", "Müller, Anna (123)", "Zo\u00e9", "'=SUM(A1)"}
    assert {row["total"] for row in rows.values()} == {"20"}


def test_a_copied_cell_costs_nothing(run, built, tmp_path):
    notebook = answer(built[0], answers_of(built[0].full))
    for identity in ("q1a-relu", "q1a-relu-test"):
        (index,) = (i for i, cell in enumerate(notebook.cells) if cell.id == identity)
        copy = nbformat.from_dict(notebook.cells[index])
        copy.id = f"copy-{identity}"
        notebook.cells.insert(index, copy)
    hand_in(tmp_path / "submissions", "ada", as_text(notebook))
    result = run("grade", tmp_path / "submissions", "--out", tmp_path / "marks")
    assert result.exit_code == 0, result.output
    assert rows_of(tmp_path / "marks" / "grades.csv")["ada"]["total"] == "20"


def test_an_interrupted_run_keeps_what_is_done(built, right, tmp_path):
    for student in ("ada", "ben", "eve"):
        hand_in(tmp_path / "submissions", student, right)

    def first_only(items, _):
        yield next(iter(items))

    folder = CourseFolder(tmp_path / "gradebook")
    graded = grade(built, tmp_path / "submissions", tmp_path / "marks", folder, progress=first_only)
    assert [(marks.student, marks.total) for marks in graded.marks] == [("ada", 20), ("ben", 0), ("eve", 0)]
    assert {result.reason for result in graded.marks[1].results} == {NOT_GRADED}
    assert rows_of(graded.csv)["ben"]["q1a-affine"] == ""


def test_trouble_with_one_submission_is_not_a_zero_and_does_not_stop_the_others(built, right, tmp_path, monkeypatch):
    for student in ("ada", "ben"):
        hand_in(tmp_path / "submissions", student, right)

    def unreadable(submission, folder):
        if submission.student == "ada":
            raise PermissionError(13, "Permission denied", "01_feedforward.ipynb")
        copy_submission(submission, folder)

    monkeypatch.setattr("autograde.grade.copy_submission", unreadable)
    graded = grade(built, tmp_path / "submissions", tmp_path / "marks", CourseFolder(tmp_path / "gradebook"))
    assert [str(refusal) for refusal in graded.refusals] == [
        "ada: not graded yet: 01_feedforward.ipynb: Permission denied. Mend that, and run the same command again."
    ]
    rows = rows_of(graded.csv)
    assert (rows["ada"]["total"], rows["ben"]["total"]) == ("", "20")


def test_ctrl_c_stops_after_the_current_student():
    done = []
    for item in Screen().progress([1, 2, 3], 3):
        done.append(item)
        if item == 2:
            os.kill(os.getpid(), signal.SIGINT)
    assert done == [1, 2]

    def interrupt_twice():
        for _ in Screen().progress([1, 2, 3], 3):
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        interrupt_twice()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_exercises_after_grading_are_refused_before_anything_changes(built, right, tmp_path):
    hand_in(tmp_path / "submissions", "ada", right)
    folder = CourseFolder(tmp_path / "gradebook")
    grade(built, tmp_path / "submissions", tmp_path / "marks", folder)
    full = nbformat.from_dict(built[0].full)
    for cell in full.cells:
        if cell.id.startswith("q1a-relu"):
            cell.id = cell.metadata.nbgrader["grade_id"] = cell.id.replace("relu", "rectifier")
    before = {path: path.read_bytes() for path in (tmp_path / "gradebook").rglob("*.ipynb")}
    with pytest.raises(CourseError, match=r"q1a-rectifier is new, q1a-relu is gone\). Move"):
        folder.publish([Built(built[0].source, full), *built[1:]])
    assert before == {path: path.read_bytes() for path in (tmp_path / "gradebook").rglob("*.ipynb")}


def test_a_course_without_its_seed_does_not_grade(run, right, course_copy, tmp_path):
    hand_in(tmp_path / "submissions", "ada", right)
    config = course_copy / "gradebook" / "nbgrader_config.py"
    CourseFolder(config.parent)
    text = config.read_text()
    config.write_text("\n".join(line for line in text.splitlines() if "seed =" not in line))
    result = run("grade", tmp_path / "submissions", "--out", tmp_path / "marks")
    config.write_text(text)
    assert result.exit_code == 1
    assert "sets no c.Examine.seed" in result.output
    assert rows_of(tmp_path / "marks" / "grades.csv")["ada"]["q1a-affine"] == ""


def test_a_corrupt_gradebook_is_one_clear_line(run, right, course_copy, tmp_path):
    hand_in(tmp_path / "submissions", "ada", right)
    run("grade", tmp_path / "submissions", "--out", tmp_path / "marks")
    database = course_copy / "gradebook" / "gradebook.db"
    whole = database.read_bytes()
    database.write_bytes(b"this is no database, whatever its name says" * 100)
    result = run("grade", tmp_path / "submissions", "--out", tmp_path / "marks")
    database.write_bytes(whole)
    assert result.exit_code == 1
    assert "Restore gradebook.db from a backup" in result.output
    assert "Traceback" not in result.output


def test_a_release_is_an_archive_or_a_folder_of_all_notebooks_or_some(run, tmp_path):
    result = run("release", tmp_path / "student.zip")
    assert result.exit_code == 0, result.output
    assert re.search(r"student\.zip is version \d+\.\d+\.\d+\+[0-9a-f]{8}\.", result.output)
    assert run("release", tmp_path / "other", "01_feedforward").exit_code == 0
    assert run("release", tmp_path / "other", "01_feedforward").exit_code == 1
    assert [path.name for path in (tmp_path / "other" / "notebooks").iterdir()] == ["01_feedforward.ipynb"]
    assert run("release", tmp_path / "third", "09_nothing").exit_code == 2


def test_usage_errors_exit_with_2(run, tmp_path):
    inside = ("grade", tmp_path, "--out", tmp_path / "marks")
    for arguments in (("grade",), ("grade", tmp_path / "nowhere"), ("grad",), ("build", "--chek"), inside):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert "Traceback" not in result.output


def test_an_empty_folder_is_one_clear_line(run, tmp_path):
    result = run("grade", tmp_path)
    assert result.exit_code == 1
    assert "holds no student's folder" in result.output


def test_outside_a_course_it_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "submissions").mkdir()
    result = CliRunner().invoke(main, ["grade", "submissions"])
    assert result.exit_code == 1
    assert "is not in a course" in result.output


def test_deleted_cells_are_put_back_and_cost_only_their_exercise(run, built, tmp_path):
    notebook = answer(built[0], answers_of(built[0].full))
    notebook.cells = [
        cell for cell in notebook.cells if cell.id not in ("q1a-affine-test", "q1a-softmax-test", "q1b-loss")
    ]
    hand_in(tmp_path / "submissions", "ada", as_text(notebook))
    result = run("grade", tmp_path / "submissions", "--out", tmp_path / "marks")
    assert result.exit_code == 0, result.output
    with (tmp_path / "marks" / "grades.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert {key: row[key] for key in ("q1a-affine", "q1a-softmax", "q1a-forward", "q1b-loss")} == {
        "q1a-affine": "2", "q1a-softmax": "3", "q1a-forward": "4", "q1b-loss": "0",
    }  # fmt: skip


def test_tampered_tests_are_restored(run, built, tmp_path):
    notebook = answer(built[0], {})
    for cell in notebook.cells:
        if is_test(cell):
            cell.source, cell.metadata.nbgrader.points = "pass", 100
    hand_in(tmp_path / "submissions", "eve", as_text(notebook))
    run("grade", tmp_path / "submissions", "--out", tmp_path / "marks")
    with (tmp_path / "marks" / "grades.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student"], row["total"], row["max"]) == ("eve", "0", f"{all_points(built):g}")


def test_grading_again_keeps_marks_given_by_hand(built, tmp_path):
    hand_in(
        tmp_path / "submissions",
        "ada",
        as_text(answer(built[1], answers_of(built[1].full))),
        name="02_backprop.ipynb",
    )
    folder = CourseFolder(tmp_path / "gradebook")

    def derivation():
        (marks,) = grade(built, tmp_path / "submissions", tmp_path / "marks", folder).marks
        return next(result.points for result in marks.results if result.exercise == "q2a-derivation"), marks.total

    assert derivation() == (None, 36)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook/gradebook.db") as gradebook:
        gradebook.find_grade("q2a-derivation", "02_backprop", ASSIGNMENT, "ada").manual_score = 3
        gradebook.db.commit()
    assert derivation() == (3, 39)
    assert derivation() == (3, 39)


def test_the_seed_is_secret_and_stays(tmp_path):
    config = tmp_path / "gradebook" / "nbgrader_config.py"
    CourseFolder(config.parent)
    first = config.read_text()
    CourseFolder(config.parent)
    assert config.read_text() == first
    assert config.stat().st_mode & 0o077 == 0
    CourseFolder(tmp_path / "other")
    assert (tmp_path / "other" / "nbgrader_config.py").read_text() != first


def test_build_check_names_the_stale_file_and_the_command(run, course_copy):
    assert run("build", "--check").exit_code == 0
    path = course_copy / "notebooks" / "01_feedforward.ipynb"
    text = path.read_text()
    path.write_text(text.replace("Warm-up", "Warm up"))
    result = run("build", "--check")
    assert result.exit_code == 1
    assert "notebooks/01_feedforward.ipynb differs from its source. Run: course build" in result.output
    path.write_text(text)
