"""What `course grade` writes is what nbgrader's own commands write; the pages that students get are inert and say it all."""

import base64
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sqlalchemy
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, reads, writes
from nbgrader.api import Gradebook
from PIL import Image

from autograde.book import prepare
from autograde.course import ASSIGNMENT
from autograde.due import Due
from autograde.feedback import Facts, Score, page
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.markdown import as_html, formula, inert
from autograde.settings import LatePolicy, Settings
from tests.conftest import ROOT
from tests.small_course import RAISES, RIGHT, WRONG, hand_in, write_course

_GRADES = """
select work.student_id, notebook.name, cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade,
       part.late_submission_penalty, work.timestamp is null
from grade join base_cell cell on cell.id = grade.cell_id
join submitted_notebook part on part.id = grade.notebook_id
join notebook on notebook.id = part.notebook_id
join submitted_assignment work on work.id = part.assignment_id
"""
_COMMENTS = """
select work.student_id, cell.name, comment.auto_comment, comment.manual_comment
from comment join base_cell cell on cell.id = comment.cell_id
join submitted_notebook part on part.id = comment.notebook_id
join submitted_assignment work on work.id = part.assignment_id
"""


def rows(folder: Path) -> list[tuple]:
    with closing(sqlite3.connect(folder / "gradebook.db")) as database:
        return sorted((*database.execute(_GRADES), *database.execute(_COMMENTS)), key=str)


def nbgrader(folder: Path, command: str, *options: str) -> None:
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "nbgrader", command, ASSIGNMENT, "--force", *options],
        cwd=folder, env=variables, check=True, capture_output=True,
    )  # fmt: skip


def test_a_new_gradebook_has_the_version_that_nbgrader_gives_it(tmp_path, monkeypatch):
    (tmp_path / "ours.db").touch()  # somebody was killed on the way
    prepare(tmp_path / "ours.db")
    prepare(tmp_path / "ours.db")  # what is there stays
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # where nbgrader looks for alembic
    versions = []
    for name in ("ours.db", "theirs.db"):
        with Gradebook(f"sqlite:///{tmp_path / name}") as gradebook:
            versions.append(gradebook.db.execute(sqlalchemy.text("select version_num from alembic_version")).all())
            assert gradebook.students == []
    assert versions[0] == versions[1] != []


def add_figure(path: Path) -> None:
    """A cell of the student's own, not to be run, with a figure."""
    notebook = reads(path.read_text())
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    data = {"image/png": base64.b64encode(file.getvalue()).decode(), "text/plain": "a teal field"}
    cell = new_code_cell("plot()", id="own", metadata={"tags": ["skip-grading"]})
    cell.outputs = [new_output("display_data", data=data)]
    notebook.cells.append(cell)
    path.write_text(writes(notebook))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small class, one of them late, one with a written answer that somebody has marked before it was graded again."""
    root = tmp_path_factory.mktemp("gradebook")
    built = write_course(root)
    for student, source, written in (
        ("ada", RIGHT, "Since $2x$."),
        ("ben", WRONG, ""),
        ("carla", RAISES, "No."),
        ("dora", RIGHT, ""),
    ):
        hand_in(root / "in", student, built, source, written)
    add_figure(root / "in" / "ada" / "01_small.ipynb")
    early = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
    for student in ("ada", "ben", "carla"):
        os.utime(root / "in" / student / "01_small.ipynb", (early, early))
    due = datetime(2026, 1, 1, tzinfo=UTC)
    policy = LatePolicy(Due(due), "nbgrader.plugins.LateSubmissionPlugin", {"penalty_method": "zero"})
    folder = CourseFolder(root / "gradebook")
    grade(built, root / "in", root / "marks", folder, settings=Settings(late=policy))
    with Gradebook(f"sqlite:///{root}/gradebook/gradebook.db") as gradebook:
        gradebook.find_grade("q1-why", "01_small", ASSIGNMENT, "ada").manual_score = 1.5
        gradebook.find_comment("q1-why", "01_small", ASSIGNMENT, "ada").manual_comment = "Good, but *why*?"
        gradebook.db.commit()
    grade(built, root / "in", root / "marks", folder, settings=Settings(late=policy))
    return root


@pytest.mark.parametrize(
    "asked",
    ["grade where notebook_id = ''", "comment where notebook_id = ''", "submitted_notebook where assignment_id = ''"],
)
def test_a_students_rows_are_found_without_reading_everybodys(graded, asked):
    with closing(sqlite3.connect(graded / "gradebook" / "gradebook.db")) as database:
        (step,) = database.execute(f"explain query plan select * from {asked}")
    assert "USING INDEX" in step[-1]


def test_the_gradebook_holds_what_nbgraders_own_steps_enter(graded, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(graded / "gradebook", copy)
    shutil.rmtree(copy / "autograded")
    nbgrader(copy, "autograde")
    assert rows(copy) == rows(graded / "gradebook")
    assert len(rows(copy)) == 4 * (2 + 2)
    ours, theirs = (
        {path.relative_to(folder): path.read_text() for path in folder.rglob("*") if path.is_file()}
        for folder in (graded / "gradebook" / "autograded", copy / "autograded")
    )
    assert ours.keys() == theirs.keys()
    for name, text in ours.items():
        same = (json.loads(text), json.loads(theirs[name])) if name.suffix == ".ipynb" else (text, theirs[name])
        assert same[0] == same[1], name


def test_nbgraders_own_steps_enter_the_same_into_an_empty_gradebook(graded, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(graded / "gradebook", copy)
    with closing(sqlite3.connect(copy / "gradebook.db")) as database:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment", "student"):
            database.execute(f"delete from {table}")
        database.commit()
    nbgrader(copy, "autograde")
    by_person = {("ada", "q1-why")}
    assert [row for row in rows(copy) if (row[0], row[2]) not in by_person and (row[0], row[1]) not in by_person] == [
        row
        for row in rows(graded / "gradebook")
        if (row[0], row[2]) not in by_person and (row[0], row[1]) not in by_person
    ]


def test_nbgrader_writes_the_same_feedback(graded, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(graded / "gradebook", copy)
    nbgrader(copy, "generate_feedback")
    for student in ("ada", "carla"):
        name = Path("feedback", student, ASSIGNMENT, "01_small.html")
        assert (copy / name).read_text() == (graded / "gradebook" / name).read_text()


def test_a_page_shows_marks_answers_and_what_a_person_wrote(graded):
    text = (graded / "marks" / "feedback" / "ada" / "01_small.html").read_text()
    assert "return 2 * x" in re.sub("<[^>]*>", "", text)
    assert "<em>why</em>" in text
    assert "1.5 of 2" in text
    assert "<math" in text
    assert 'alt="a teal field"' in text
    assert "As it was handed in" in text
    assert 'href="index.html"' in text
    assert 'href="index.html#q1-why"' in text
    assert "were taken off" in (graded / "marks" / "feedback" / "dora" / "01_small.html").read_text()


class _Page(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
    "<iframe src='https://example.org'></iframe>", "<style>body{display:none}</style>", "<meta http-equiv=refresh content=0>",
    "[x](javascript:alert(1))", "![x](https://example.org/x.png)", "<form action=https://example.org><input name=x></form>",
    "<div title=\"\n\n$x\\text{\" onclick=alert(1) }$\n\n\">",
    "![$\" onerror=alert(1) x=\"$](attachment:a)", "![a](attachment:none)",
    "$\\href{javascript:alert(1)}{x}$", "$$\\text{<script>alert(1)</script>}$$", "\\begin{a}<script>1</script>\\end{a}",
    "```mermaid\n<script>1</script>\n```", "<math><mtext><script>1</script></mtext></math>", "\ue0000\ue001",
    "<object data=x>", "<base href=https://example.org>", "<link rel=stylesheet href=https://example.org/x.css>",
)  # fmt: skip


def hostile_page(text: str) -> str:
    cells = [new_markdown_cell(text, metadata={"nbgrader": {"comment": text}}), new_code_cell(text)]
    cells[1].outputs = [
        new_output("stream", name="stdout", text=text + "\x1b]0;title\x07\x1b[2J"),
        new_output("error", ename="E", evalue=text, traceback=[text]),
        *(
            new_output("display_data", data={mime: text})
            for mime in ("text/html", "text/markdown", "text/latex", "text/plain")
        ),
        new_output("display_data", data={"image/png": "AAAA", "text/plain": text}),
    ]
    return page(new_notebook(cells=cells), Facts("<b>x</b>", "01", Score(None, 1.0)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_student_writes_acts_in_a_page(text):
    found = _Page(hostile_page(text))
    forbidden = {"script", "iframe", "svg", "form", "input", "object", "base", "link"}
    assert not found.tags & forbidden
    for name, value in found.attributes:
        assert not name.startswith("on")
        assert name != "src" or value.startswith("data:image/")
        assert name != "href" or value.startswith(("#", "https://", "index.html"))
    assert "\x1b" not in hostile_page(text)
    assert [name for name, _ in found.attributes].count("http-equiv") == 1


def test_formulas_become_mathml_and_none_is_lost():
    text = as_html(
        "a $x_1$ and\n\n$$\\bigl\\lVert W \\bigr\\rVert^2 \\tag{1.7}$$\n\n\\begin{align} a &= b \\\\ c &= d \\end{align}"
    )
    assert text.count("<math") == 3
    assert '<span class="number">(1.7)</span>' in text
    for latex in (r"\nosuch{x}", "x" * 3000, "{" * 500):
        assert "<math" not in formula(latex, display=True)
        assert latex.replace("&", "&amp;") in formula(latex, display=True)


def test_every_formula_of_the_course_can_be_shown(built):
    for item in built:
        for cell in item.full.cells:
            if cell.cell_type == "markdown":
                assert 'class="source"' not in as_html(cell.source), cell.source


def test_tables_from_data_frames_stay_readable():
    text = inert("<div><style scoped>.a {color: red}</style><table><tr><th>loss</th></tr></table></div>")
    assert "<th>loss</th>" in text
    assert "color" not in text


def test_a_pasted_picture_is_in_the_page():
    cell = new_markdown_cell("![scan](attachment:scan.png)", attachments={"scan.png": {"image/png": "AAAA"}})
    assert 'src="data:image/png;base64,AAAA"' in page(new_notebook(cells=[cell]), Facts("ada", "01", Score(1.0, 1.0)))
