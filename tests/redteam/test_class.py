"""Hostile submissions in a class: what reaches the gradebook, the marks of others, and the pages that students read."""

import json
from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from autograde.cells import is_test
from autograde.examine import PASSED
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.planted import answer, answers_of

WRONG = "def relu(Z):\n    return Z"
ALERT = "ALERT(1)"
SCRIPT = (
    f"<script>{ALERT}</script><img src=x onerror='{ALERT}'><svg onload='{ALERT}'/><a href='javascript:{ALERT}'>x</a>"
)
SHOWING = f"""
from IPython.display import HTML, Javascript, Latex, Markdown, display
import sys

script = {SCRIPT!r}
for kind in (HTML, Latex, Markdown):
    display(kind(script))
print(script, "\\x1b]0;{ALERT}\\x07\\x1b[2J")
sys.stderr.write(script)
for mime in ("image/png", "image/jpeg", "image/svg+xml", "application/javascript", "application/vnd.jupyter.widget-view+json"):
    display({{mime: 'x" onerror="{ALERT}"><script>{ALERT}</script>'}}, raw=True)
raise type("<script>{ALERT}</script>", (Exception,), {{}})(script)
"""


def with_scripts(notebook) -> None:
    """Every place for text of the student's holds a script."""
    code, text, raw = new_code_cell(SHOWING), new_markdown_cell(SCRIPT), new_raw_cell(SCRIPT)
    text.source += f"\n\n![x](attachment:a.png) ![x](attachment:b.png) [x](javascript:{ALERT})\n\n$x{SCRIPT}$"
    broken = f'x" onerror="{ALERT}"><script>{ALERT}</script>'
    text["attachments"] = {"a.png": {"image/png": broken}, "b.png": {f'image/png" onerror="{ALERT}': "x"}}
    raw.metadata["format"] = raw.metadata["raw_mimetype"] = "text/html"
    for cell in (code, text, raw):
        cell.metadata["tags"] = [f'x" onmouseover="{ALERT}"><script>{ALERT}</script>']
        cell.id = f'{cell.cell_type}" onmouseover="{ALERT}"><script>{ALERT}</script>'[:64]
    notebook.cells += [code, text, raw]
    notebook.metadata["title"] = SCRIPT
    notebook.metadata["language_info"] = {"name": SCRIPT, "pygments_lexer": SCRIPT}


def with_other_tests(notebook) -> None:
    """Tests that check nothing, are worth more, are skipped, are text, stand twice, or belong to somebody else."""
    for cell in list(notebook.cells):
        if is_test(cell):
            copy = nbformat.from_dict(cell)
            copy.source, copy.id = "pass", f"{cell.id}-again"
            copy.metadata["nbgrader"]["points"] = 1000
            notebook.cells.insert(0, copy)
            cell.source = "1000"
            cell.metadata["tags"] = ["skip-execution", "skip-grading", "raises-exception"]
            cell.metadata["nbgrader"] |= {"points": 1000, "grade": True, "locked": False}
    notebook.cells[-1].metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "grade_id": "bonus",
        "points": 99,
        "schema_version": 3,
    }


def without_tests(notebook) -> None:
    """The tests are text, or solutions."""
    for cell in notebook.cells:
        if is_test(cell):
            cell.metadata["nbgrader"] |= {"solution": True, "grade": False}
            cell.cell_type = "raw"
            del cell["outputs"], cell["execution_count"]


TRICKS = {"scripts": with_scripts, "other-tests": with_other_tests, "no-tests": without_tests}


@pytest.fixture(scope="module")
def graded(built, needs_room, tmp_path_factory):
    """Each trick, with a wrong answer, between two honest students."""
    folder, item = tmp_path_factory.mktemp("class"), built[0]
    right = answers_of(item.full)
    submissions = {name: answer(item, right | {"q1a-relu": WRONG}) for name in TRICKS}
    for name, change in TRICKS.items():
        change(submissions[name])
    submissions |= {"ada": answer(item, right), "zoe": answer(item, right)}
    for name, notebook in submissions.items():
        (folder / "submissions" / name).mkdir(parents=True)
        (folder / "submissions" / name / item.filename).write_text(json.dumps(notebook))
    return grade([item], folder / "submissions", folder / "marks", CourseFolder(folder / "gradebook"))


def test_tricks_cost_what_is_wrong_and_nobody_else(graded):
    lost = {marks.student: {r.exercise for r in marks.results if r.reason != PASSED} for marks in graded.marks}
    cost = {"q1a-relu", "q1c-vectorised"}
    assert {name: exercises - cost for name, exercises in lost.items()} == {name: set() for name in lost}
    assert all(("q1a-relu" in lost[name]) == (name in TRICKS) for name in lost)
    assert {marks.maximum for marks in graded.marks} == {20}
    assert {marks.total for marks in graded.marks if marks.student in ("ada", "zoe")} == {20}
    assert all(marks.total <= 19 for marks in graded.marks if marks.student in TRICKS)
    assert not graded.refusals


class Scripts(HTMLParser):
    """Finds what a browser would run of the student's."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag, attrs):
        self._inside = tag
        for name, value in attrs:
            if ALERT in (value or "") and (name.startswith("on") or "javascript:" in value):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag):  # noqa: ARG002
        self._inside = ""

    def handle_data(self, data):
        if self._inside in ("script", "style") and ALERT in data:
            self.found.append(f"<{self._inside}>{data[:200]}")


def test_feedback_runs_nothing_of_a_students(graded):
    (page,) = graded.feedback.glob("scripts/01_*.html")
    text = page.read_text()
    assert "ALERT" in text
    scripts = Scripts()
    scripts.feed(text)
    assert scripts.found == []
