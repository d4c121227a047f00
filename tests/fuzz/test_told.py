"""What is told in small files: receipts, marks given by hand, rosters, results, pictures that were kept."""

import base64
import json
import tempfile
from pathlib import Path
from types import SimpleNamespace

from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell

from autograde.book import Exercise, HandMark
from autograde.course import CourseError
from autograde.examine import PASSED, Result
from autograde.findings import plain, printable
from autograde.hand_marks import Answer, read_marks, tally
from autograde.intake import Submission
from autograde.jobs import Results
from autograde.lms import canvas_rows, moodle_rows
from autograde.marks import Graded, Marks
from autograde.pictures import _answered, kept_pictures
from autograde.receipt_file import NotAReceipt, read_receipt
from autograde.receipts import compare
from autograde.record import read_record
from autograde.report import report_page
from autograde.roster import read_roster
from autograde.settings import read_settings
from helpers.submission import STATES
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.mutations import SPELLED, as_json, letters, mutated_bytes, mutated_json, numbers, texts, values


def _told(*originals) -> st.SearchStrategy[bytes]:
    """Mutations of JSON, of its bytes, and other JSON."""
    return st.one_of(
        *(mutated_json(original).map(lambda raw: as_json(raw).encode()) for original in originals),
        *(mutated_bytes(json.dumps(original).encode()) for original in originals),
        values.map(lambda raw: as_json(raw).encode()),
        st.sampled_from(SPELLED).map(str.encode),
        st.binary(max_size=60),
    )


_RECEIPT = {
    "format": 1,
    "kit": "0.1",
    "notebooks": {
        "01_small": {
            "sha256": "0" * 64,
            "exercises": {
                "q1-double": {"state": "passes", "why": "", "seen": "passes"},
                "q1-why": {"state": "by hand"},
            },
        }
    },
    "weights": {},
}


_states = st.one_of(values, texts, st.sampled_from(STATES)).map(
    lambda state: as_json(
        {"format": 1, "notebooks": {"a": {"sha256": "0" * 64, "exercises": {"q": {"state": state}}}}}
    ).encode()
)


@fuzz(st.one_of(_told(_RECEIPT), _states), examples=100)
def test_a_receipt_is_read_or_not_and_changes_no_mark(content):
    try:
        receipt = read_receipt(content)
        states = [state for told in receipt.notebooks.values() for state in told.states.values()]
        assert set(states) <= set(STATES)
    except NotAReceipt as error:
        assert len(str(error)) < 200
    row = Marks("ada", (Result("q1-double", 2.0, 2.0, PASSED, ""),), {}, ("01_small",))
    before = repr(row)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "receipt.json")
        path.write_bytes(content)
        found = compare(Submission("ada", {"01_small": path}, receipt=path), row, [_BUILT], dict)
    assert repr(row) == before
    assert all(str(finding).isprintable() for finding in found)


_BUILT = SimpleNamespace(name="01_small", full=SimpleNamespace(cells=[]), hands_in=())

_ANSWER = Answer("ada", "q1-why", "01_small", new_markdown_cell("because"), 3.0, HandMark(), "k" * 32, "v" * 32)
_MARKS = {
    "schema": 1,
    "marks": [
        {
            "key": "k" * 32,
            "answer": "v" * 32,
            "points": 2.5,
            "comment": "good",
            "question": "q1-why",
            "student": "1",
            "was": {"points": None, "comment": ""},
        }
    ],
}


_points = st.builds(
    lambda points: as_json(_MARKS | {"marks": [_MARKS["marks"][0] | {"points": points}]}).encode(), numbers
)


_comments = texts.map(lambda comment: as_json(_MARKS | {"marks": [_MARKS["marks"][0] | {"comment": comment}]}).encode())


@fuzz(st.one_of(_told(_MARKS), _points, _comments), st.booleans(), examples=100)
def test_marks_that_are_entered_are_of_the_scale(content, replace):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "marks.json")
        path.write_bytes(content)
        try:
            changes = read_marks(path, [_ANSWER], replace=replace)
        except CourseError as error:
            assert all(len(line) < 1000 and line.isprintable() for line in getattr(error, "problems", []))
            return
    for change in changes:
        assert change.new.points is None or 0 <= change.new.points <= 3
        assert len(change.new.comment) <= 10_000
        change.new.comment.encode()  # the gradebook's database can hold it
    assert len(changes) <= 1
    list(tally([_ANSWER], changes))


_ROSTER = "student,name,email,ID\nada,Ada L.,ada@x.org,7\nben_12,Ben,,8\n\u0130x,=1+1,@a,\n"
_rosters = st.one_of(
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]).flatmap(
        lambda encoding: mutated_bytes(_ROSTER.encode(encoding, "replace"))
    ),
    mutated_bytes(_ROSTER.replace(",", ";").replace("\n", "\r\n").encode()),
    st.text(letters, max_size=80).map(lambda text: ("student,name\n" + text).encode(errors="replace")),
    st.just(b'student\n"' + b"x" * 200_000 + b'"\n'),
    st.just(b"student," + b"a," * 5000 + b"\n" + b"b," * 5000),
)


@fuzz(
    _rosters,
    st.lists(st.one_of(texts, st.sampled_from(["ada", "ben_12", "x_8", "Ada L._99", "İx", "i\u0307x"])), max_size=4),
)
def test_a_roster_is_read_or_refused_and_tables_are_inert(content, students):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "roster.csv")
        path.write_bytes(content)
        try:
            roster = read_roster(path)
        except CourseError:
            return
    for student in students:
        found = roster.find(student)
        assert found is None or found in roster.names
    graded = _graded([student for student in students if "\ud800" not in student])  # no submission is of such a student
    for row in [*moodle_rows(graded, roster)[1:], *canvas_rows(graded, roster)[2:]]:
        assert all(cell == plain(printable(cell)) or cell.startswith("'") or cell.startswith("-") for cell in row)
        assert all("\n" not in cell and "\x1b" not in cell for cell in row)
    page = report_page(graded, roster)
    assert "<script" not in page.lower()


def _graded(students) -> Graded:
    rows = tuple(
        Marks(student, (Result("q1-double", 2.0, 2.0, PASSED, ""),), {}, ("01_small",))
        for student in dict.fromkeys(students)
    )
    exercise = Exercise("q1-double", "01_small", 2.0)
    return Graded((exercise,), rows, (), Path("grades.csv"), Path("feedback"))


_OUTCOME = {"verdicts": {"q1-double-test": ["", "", None, False]}, "outputs": {"a": []}, "seconds": 1.0, "failed": ""}


@fuzz(_told(_OUTCOME))
def test_a_damaged_result_is_as_good_as_none(content):
    with tempfile.TemporaryDirectory() as name:
        Path(name, "key.json").write_bytes(content)
        Results(Path(name)).find("key")


@fuzz(
    _told({"schema": 1, "exercises": [], "students": [], "findings": [], "course": "a", "graded": None, "seconds": 1.0})
)
def test_a_damaged_record_is_said(content):
    with tempfile.TemporaryDirectory() as name:
        Path(name, "results.json").write_bytes(content)
        try:
            read_record(Path(name))
        except CourseError:
            pass


_PICTURES = {"q1": [{"output_type": "display_data", "data": {"image/png": "aaaa", "text/plain": "x"}, "metadata": {}}]}


@fuzz(_told(_PICTURES, ["image/png", "iVBORw0KGgo="], ["image/jpeg", "iVBORw0KGgo="]))
def test_kept_pictures_are_pictures_or_nothing(content):
    with tempfile.TemporaryDirectory() as name:
        Path(name, "01_small.pictures.json").write_bytes(content)
        for outputs in kept_pictures(Path(name), "01_small").values():
            assert all(
                output.output_type in ("stream", "error", "display_data", "execute_result") for output in outputs
            )
    drawn = _answered(content)
    if drawn is not None:
        begins = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}[drawn[0]]
        assert base64.b64decode(drawn[1], validate=True).startswith(begins)


_SETTINGS = (
    '[course]\nname = "a-1"\n[intake]\nroster = "r.csv"\npatterns = [\'(?P<student>[a-z]+)-(?P<file>.+)\']\n[late]\n'
    'due = 2026-11-30T23:59:00+01:00\noptions = { a = 1 }\n[grading]\nconsistent = 0.5\n[handout]\npaper = "a4"\n'
)


@fuzz(mutated_bytes(_SETTINGS.encode()))
def test_settings_are_read_or_the_key_is_named(content):
    with tempfile.TemporaryDirectory() as name:
        Path(name, "course.toml").write_bytes(content)
        try:
            read_settings(Path(name))
        except CourseError as error:
            assert "course.toml" in str(error)
