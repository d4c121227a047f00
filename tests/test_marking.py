"""Marks that a person gives on a sheet come back into the gradebook, or are refused with the row's name; nothing is lost."""

import csv
import json
import os
import re
import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.server_extensions.formgrader import handlers

from autograde import cli
from autograde.book import HandMark
from autograde.course import Course
from autograde.due import Due
from autograde.formgrader import TEMPLATES, MarkingExporter
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.hand_marks import Refused, answers, enter, read_marks
from autograde.marking_sheet import marking_notes, sheet
from autograde.refresh import refresh
from autograde.settings import LatePolicy, Settings
from tests.small_course import RIGHT, WRONG, hand_in, write_course
from tests.test_gradebook import HOSTILE

DUE = datetime(2026, 1, 1, tzinfo=UTC)
WRITTEN = {
    "ada": "Since $2x$.",
    "ben": "Because:\n\n$$ 2x = x + x \\tag{1} $$",
    "carla": "\n\n".join(HOSTILE),
    "dora": "",
}
QUESTION = "q1-why"


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    root = tmp_path_factory.mktemp("marking")
    built = write_course(root)
    for student, written in WRITTEN.items():
        hand_in(root / "in", student, built, WRONG if student == "ben" else RIGHT, written)
    grade(built, root / "in", root / "marks", CourseFolder(root / "gradebook"))
    return root


@pytest.fixture
def root(original, tmp_path, monkeypatch):
    """A course whose class was graded, to be changed."""
    shutil.copytree(original, tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def folder(root):
    return CourseFolder(root / "gradebook")


def rows(folder, **points):
    """What a sheet would save: points by student."""
    known = {answer.student: answer for answer in answers(folder)}
    return [
        {
            "question": QUESTION, "student": f"Student {number}", "key": known[student].key, "answer": known[student].version,
            "points": value, "comment": f"for {student}", "was": {"points": None, "comment": ""},
        }
        for number, (student, value) in enumerate(points.items(), 1)
    ]  # fmt: skip


def saved(path, marks):
    path.write_text(json.dumps({"schema": 1, "sheet": "x", "marks": marks}))
    return path


def run(*arguments):
    return CliRunner().invoke(cli.main, ["mark", *map(str, arguments)])


def given(folder, student):
    with folder.book() as book:
        return book.hand_marks(student)[QUESTION]


def in_csv(root):
    with (root / "marks" / "grades.csv").open() as file:
        return {row["student"]: row[QUESTION] for row in csv.DictReader(file)}


def again(root, settings=None):
    return grade(write_course(root), root / "in", root / "marks", CourseFolder(root / "gradebook"), settings=settings)


def test_the_sheet_has_every_written_answer_and_no_name(root, folder):
    assert [answer.student for answer in answers(folder)] == ["ada", "ben", "carla"]  # dora wrote nothing: 0 points
    page = sheet(Course(root), folder)
    assert page == sheet(Course(root), folder)
    assert not re.search(r"\b(ada|ben|carla|dora)\b", page)
    assert str(folder.seed) not in page
    assert sorted(re.findall(r'data-name="([^"]*)"', page)) == ["Student 1", "Student 2", "Student 3"]
    assert '<span class="number">(1)</span>' in page
    assert {answer.key for answer in answers(folder)} == set(re.findall(r'data-key="([^"]*)"', page))


def test_the_order_of_answers_differs_between_questions(folder):
    from autograde.marking_sheet import _questions

    known = answers(folder)
    cells = next(iter(folder.published().values())).cells
    written = next(cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == QUESTION)
    orders = set()
    for number in range(20):
        cell = new_markdown_cell("", metadata={"nbgrader": written.metadata.nbgrader | {"grade_id": f"q{number}-why"}})
        group = [type(answer)(**(vars(answer) | {"question": f"q{number}-why"})) for answer in known]
        (question,) = _questions(group, dict.fromkeys(WRITTEN, ""), 1, {"01": new_notebook(cells=[cell])}, {})
        orders.add(tuple(row.answer.student for row in question.rows))
    assert len(orders) > 3


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_nothing_that_a_student_writes_acts_in_the_sheet(root, folder):
    found = _Tags(sheet(Course(root), folder)).found
    assert [tag for tag, _ in found].count("script") == 1
    assert not {"iframe", "object", "base", "link", "svg"} & {tag for tag, _ in found}
    for _, attributes in found:
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("src", "data:image/").startswith("data:image/")
        assert attributes.get("href", "#").startswith(("#", "https://"))
    policy = next(attributes["content"] for tag, attributes in found if tag == "meta" and "http-equiv" in attributes)
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/=]{44}'", policy)


def test_a_huge_answer_is_shown_in_part(root):
    hand_in(root / "in", "ben", write_course(root), RIGHT, "x" * 120_000)
    again(root)
    page = sheet(Course(root), CourseFolder(root / "gradebook"))
    assert "70000 more characters are not shown" in page
    assert len(page) < 120_000


def test_the_handouts_notes_on_marking_are_found(course):
    notes = marking_notes(course)
    assert "One for each step" in notes["q2a-derivation"]
    assert len(notes) == 8


def test_marks_come_into_the_gradebook_and_all_files_and_survive_grading_again(root, folder):
    file = saved(root / "marks.json", rows(folder, ada=2, ben=0.5))
    result = run("--from", file)
    assert result.exit_code == 0, result.output
    assert "2 marks changed" in result.output
    assert re.search(r"q1-why +2 +2 +3 +1.25", result.output)
    assert given(folder, "ada") == HandMark(2.0, "for ada")
    assert in_csv(root) == {"ada": "2", "ben": "0.5", "carla": "", "dora": "0"}
    page = (root / "marks" / "feedback" / "ben" / "01_small.html").read_text()
    assert "for ben" in page
    assert "0.5 of 2" in page
    files = {path: path.read_text() for path in (root / "marks").rglob("*.csv")}
    assert not [finding for finding in again(root).findings if finding.kind == "changed"]
    assert {path: path.read_text() for path in files} == files
    assert given(folder, "ada") == HandMark(2.0, "for ada")
    assert (root / "marks" / "feedback" / "ben" / "01_small.html").read_text() == page
    assert "No mark changes" in run("--from", file).output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": 2.5}, "at most 2"),
        ({"points": -1}, "less than none"),
        ({"points": "2"}, "is no number of points"),
        ({"points": True}, "is no number of points"),
        ({"points": float("nan")}, "is no number of points"),
        ({"points": 10**400}, "this is no mark as a sheet saves it"),
        ({"comment": 3}, "no text"),
        ({"was": None}, "this is no mark as a sheet saves it"),
        ({"key": "0" * 32}, "no answer in the gradebook has this key"),
        ({"key": []}, "this is no mark as a sheet saves it"),
        ({"answer": "0" * 32}, "the answer changed after the sheet was made"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_entered(root, folder, change, said):
    marks = rows(folder, ada=2, ben=1)
    marks[1] |= change
    result = run("--from", saved(root / "marks.json", marks))
    assert result.exit_code == 1
    assert re.search(rf"q1-why, row 2 \(Student 2\): .*{re.escape(said)}", result.stderr)
    assert "so none was" in result.stderr
    assert given(folder, "ada") == HandMark()


def test_two_marks_for_one_answer_are_refused(root, folder):
    with pytest.raises(Refused) as refused:
        read_marks(saved(root / "marks.json", rows(folder, ada=2) * 2), answers(folder))
    assert "row 2" in refused.value.problems[0]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 2, "marks": []}', '{"schema": 1}', "[" * 100_000])
def test_a_file_that_no_sheet_saved_is_refused(root, text):
    (root / "marks.json").write_text(text)
    result = run("--from", root / "marks.json")
    assert result.exit_code == 1
    assert "marks.json is " in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_mark_that_somebody_gave_meanwhile_is_not_overwritten(root, folder):
    file = saved(root / "marks.json", rows(folder, ada=2))
    folder.mark({"ada": {QUESTION: HandMark(1.0, "meanwhile")}})
    result = run("--from", file)
    assert result.exit_code == 1
    assert "marked meanwhile with 1 points and a comment. To replace that, add --replace." in result.stderr
    assert given(folder, "ada") == HandMark(1.0, "meanwhile")
    assert run("--from", file, "--replace").exit_code == 0
    assert given(folder, "ada") == HandMark(2.0, "for ada")


def test_a_later_sheet_knows_the_marks_and_may_change_them(root, folder):
    enter(folder, read_marks(saved(root / "marks.json", rows(folder, ada=2)), answers(folder)))
    assert 'data-points="2" data-comment="for ada"' in sheet(Course(root), folder)
    marks = rows(folder, ada=1)
    marks[0]["was"] = {"points": 2, "comment": "for ada"}
    assert run("--from", saved(root / "marks.json", marks)).exit_code == 0
    assert given(folder, "ada").points == 1.0


def test_what_a_sheet_did_not_change_is_no_mark_of_its(root, folder):
    """Two people mark different answers on copies of a sheet that already had a mark."""
    marks = rows(folder, ada=2, ben=1)
    marks[0]["was"] = {"points": 2, "comment": "for ada"}
    folder.mark({"ada": {QUESTION: HandMark(0.5, "the other one")}})
    assert run("--from", saved(root / "marks.json", marks)).exit_code == 0
    assert given(folder, "ada") == HandMark(0.5, "the other one")
    assert given(folder, "ben") == HandMark(1.0, "for ben")


def test_another_answer_keeps_its_mark_and_says_so(root, folder):
    file = saved(root / "marks.json", rows(folder, ada=2))
    assert run("--from", file).exit_code == 0
    hand_in(root / "in", "ada", write_course(root), RIGHT, "Now something else.")
    (finding,) = [finding for finding in again(root).findings if finding.kind == "changed"]
    assert "q1-why: the answer is another one" in str(finding)
    assert finding.student == "ada"
    assert in_csv(root)["ada"] == "2"
    assert "the answer changed after the sheet was made" in run("--from", file).stderr


def test_what_being_late_costs_is_counted_with_the_mark(root):
    for path in (root / "in").rglob("*.ipynb"):
        os.utime(path, (DUE.timestamp() + 60,) * 2)
    settings = Settings(late=LatePolicy(Due(DUE), "nbgrader.plugins.LateSubmissionPlugin", {"penalty_method": "zero"}))
    again(root, settings)
    folder = CourseFolder(root / "gradebook")
    folder.set_policy(settings.late)
    enter(folder, read_marks(saved(root / "marks.json", rows(folder, ada=2)), answers(folder)))
    (ada,) = [row for row in refresh(folder, root / "marks", settings).marks if row.student == "ada"]
    assert ada.total == 0.0
    assert ada.penalty == sum(result.points for result in ada.results)


def test_two_commands_do_not_work_in_one_gradebook_at_once(root, folder):
    marks = saved(root / "saved.json", rows(folder, ada=1))
    with folder.claimed():
        refused = run("--from", marks)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("course: another `course` command works in ")
    assert run("--from", marks).exit_code == 0


def test_wrong_usage_and_a_course_without_marks_are_said(root):
    assert run("--sheet", "x.html", "--from", root / "marks" / "results.json").exit_code == 2
    assert run("--replace").exit_code == 2
    assert run("--sheet", "--port", "80").exit_code == 2
    shutil.rmtree(root / "gradebook")
    result = run("--sheet")
    assert result.exit_code == 1
    assert "Run: course grade" in result.stderr


@pytest.fixture(scope="module")
def formgrader():
    """What formgrader shows of a notebook."""
    exporter = MarkingExporter(
        filters={"markdown2html": "autograde.formgrader.markdown"},
        preprocessors=["autograde.formgrader.InertNotebook"],
        template_name="formgrade",
        extra_template_basedirs=[str(TEMPLATES), handlers.template_path],
    )
    about = {"submission_id": "x", "notebook_id": "01", "assignment_id": "a", "base_url": "", "index": 0, "total": 1}

    def shown(notebook, student="ada"):
        names = {"student": student, "first_name": None, "last_name": None, "notebook_path": "x"}
        return _Tags(exporter.from_notebook_node(notebook, ResourcesDict(**about, **names))[0]).found

    return shown


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_student_writes_acts_in_formgrader(text, formgrader):
    about = {"grade": True, "solution": True, "grade_id": "q", "points": 2.0, "locked": False, "schema_version": 3}
    cells = [new_markdown_cell(text, metadata={"nbgrader": about, "tags": [text]}), new_code_cell(text)]
    mimes = ("text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml", "application/javascript")
    cells[1].outputs = [
        new_output("stream", text=text),
        new_output("error", ename=text, evalue=text, traceback=[text]),
        *(new_output("display_data", data={mime: text}, metadata={"text/html": {"isolated": True}}) for mime in mimes),
    ]
    clean = formgrader(new_notebook(cells=[new_markdown_cell("x", metadata={"nbgrader": about})]))
    found = formgrader(new_notebook(cells=cells, metadata={"title": text, "widgets": {text: text}}), student=text)
    for tag in ("script", "iframe", "svg", "form", "object", "base", "link", "style", "math"):
        assert [name for name, _ in found].count(tag) == [name for name, _ in clean].count(tag), tag
    assert _handlers(found) == _handlers(clean)
    for tag, attributes in found:
        assert not str(attributes.get("href", "")).startswith(("javascript", "data"))
        assert tag != "img" or attributes.get("src", "data:image/").startswith("data:image/")


def _handlers(found):
    return [(name, value) for _, attributes in found for name, value in attributes.items() if name.startswith("on")]
