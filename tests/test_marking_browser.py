"""Marking in the browser: the sheet by keyboard alone, and nbgrader's formgrader; neither may ask a network for anything."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from autograde.book import HandMark
from autograde.course import ASSIGNMENT, Course
from autograde.gradebook import CourseFolder
from autograde.marking_sheet import sheet
from tests.test_marking import QUESTION, given, in_csv, original, run  # noqa: F401  (a fixture)


@pytest.fixture
def root(original, tmp_path, monkeypatch):  # noqa: F811
    shutil.copytree(original, tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def opened(root, watched):
    """The sheet of a class of three, in a browser."""
    (root / "marking.html").write_text(sheet(Course(root), CourseFolder(root / "gradebook")))
    page = watched.context.new_page()
    page.set_default_timeout(10_000)
    page.goto((root / "marking.html").as_uri())
    return page


def part(page, name):
    return page.locator(f'[data-part="{name}"]')


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_class_is_marked_by_keyboard_and_comes_into_the_gradebook(root, opened):
    page = opened
    expect(page.get_by_label(f"in {QUESTION}, at most 2")).to_be_focused()
    press(page, "1", ".", "5", "c")
    page.keyboard.type("Why? $2x$, njf?")
    press(page, "Escape", "Enter")  # the next answer
    expect(part(page, "progress")).to_contain_text("1 of 3 marked")
    press(page, "b", "1", "f", "j")  # the comment again, full points
    press(page, "0", "Enter")
    expect(part(page, "problem")).to_contain_text("This was the last answer")
    expect(part(page, "progress")).to_contain_text("3 of 3 marked")

    page.reload()
    expect(part(page, "progress")).to_contain_text("3 of 3 marked")
    expect(part(page, "points")).to_have_value("0")  # where it was left
    press(page, "k")
    expect(part(page, "comment")).to_have_value("Why? $2x$, njf?")
    expect(part(page, "kept")).to_have_text("Not saved as a file yet.")
    with page.expect_download() as download:
        press(page, "s")
    expect(part(page, "kept")).to_have_text("")
    download.value.save_as(root / "marks.json")
    assert download.value.suggested_filename == "marks.json"

    result = run("--from", root / "marks.json")
    assert result.exit_code == 0, result.output
    folder = CourseFolder(root / "gradebook")
    order = [row["key"] for row in json.loads((root / "marks.json").read_text())["marks"]]
    assert len(order) == 3
    marks = [given(folder, student) for student in ("ada", "ben", "carla")]
    assert sorted((mark.points, mark.comment) for mark in marks) == [
        (0.0, ""), (1.5, "Why? $2x$, njf?"), (2.0, "Why? $2x$, njf?"),
    ]  # fmt: skip
    assert sorted(in_csv(root).values()) == ["0", "0", "1.5", "2"]


def test_points_that_cannot_be_are_not_taken(opened):
    page = opened
    press(page, "3", "Enter")
    expect(part(page, "problem")).to_have_text("3 is no number from 0 to 2. It is not kept.")
    expect(part(page, "points")).to_have_attribute("aria-invalid", "true")
    expect(part(page, "where")).to_contain_text("answer 1 of 3")
    press(page, "Backspace", "2", "Enter")
    expect(part(page, "where")).to_contain_text("answer 2 of 3")
    press(page, "u", "u")
    expect(part(page, "where")).to_contain_text("answer 2 of 3")
    press(page, "?")
    expect(part(page, "keys")).to_be_visible()
    press(page, "Escape", "m")
    expect(part(page, "keys")).to_be_hidden()
    assert page.locator("section:visible details").last.get_attribute("open") is not None


def test_a_hostile_answer_does_nothing_and_every_control_has_a_name(opened):
    page = opened
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for _ in range(3):
        press(page, "j")
        page.wait_for_timeout(100)
    assert dialogs == []
    assert (
        page.evaluate("document.body.childElementCount") == 4
    )  # the way to skip, header, main, and the sheet's own script
    controls = "Array.from(document.querySelectorAll('button, input, select, textarea'))"
    unnamed = f"{controls}.filter(e => !e.labels?.length && !e.innerText && !e.ariaLabel)"
    assert page.evaluate(f"{unnamed}.length") == 0


@contextmanager
def formgrader(root):
    """`course mark`, and its address; ended with Ctrl-C."""
    variables = os.environ | {"JUPYTER_RUNTIME_DIR": str(root / "runtime"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from autograde.cli import main; main()", "mark", "--no-browser"]
    with (root / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=root, env=variables, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            lines = iter(server.stdout.readline, "")
            yield next(line.strip() for line in lines if line.startswith("http://127.0.0.1:"))
            server.send_signal(signal.SIGINT)
            rest, _ = server.communicate(timeout=60)
            assert server.returncode == 0, (root / "log").read_text()
            assert "up to date  marks/grades.csv" in rest
        finally:
            server.kill()
            server.wait()


def test_formgrader_marks_offline_with_formulas(root, watched):
    page = watched.context.new_page()
    page.set_default_timeout(20_000)
    with formgrader(root) as address:
        page.goto(address)
        page.get_by_role("link", name="01_small").click()
        page.get_by_role("link", name="Submission #1").click()
        page.wait_for_url("**/submissions/*/*")
        shown = {}
        for _ in range(4):
            page.wait_for_function("MathJax.loaded === true")
            name = page.evaluate("document.querySelector('a.name-shown').textContent.trim()")
            shown[name] = page.locator("mjx-container").count()
            if name == "ben":
                assert page.locator("mjx-container[display='true'] mjx-assistive-mml mlabeledtr").count() == 1
                page.locator(f"#{QUESTION}").fill("1.5")
                with page.expect_response(
                    lambda response: "/api/comment/" in response.url and response.request.method == "PUT"
                ):
                    page.locator(f"#{QUESTION}-comment").fill("Where is **why**?")
                    page.locator(f"#{QUESTION}").focus()
                page.locator(f"#{QUESTION}-comment").focus()
                page.locator(".score + .save-icon, .save-icon").last.wait_for(state="attached")
                page.wait_for_load_state("networkidle")
            page.get_by_role("link", name="Next →").click()
            page.wait_for_load_state("load")
        assert set(shown) == {"ada", "ben", "carla", "dora"}
        assert shown["ada"] == 1
    assert given(CourseFolder(root / "gradebook"), "ben") == HandMark(1.5, "Where is **why**?")
    assert in_csv(root)["ben"] == "1.5"
    assert "<strong>why</strong>" in (root / "marks" / "feedback" / "ben" / "01_small.html").read_text()
    assert (root / "gradebook" / "autograded" / "ben" / ASSIGNMENT).is_dir()
