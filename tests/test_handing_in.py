"""Handing in: what is packed and told, and what grading makes of a receipt that is right, forged, malformed, or shows our bug."""

import io
import json
import os
import shutil
import zipfile

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner
from IPython.display import HTML
from nbformat.v4 import new_output

from autograde.build import as_text
from autograde.cells import HAND_IN_TAG, SKIP_TAG, grade_id, hidden_lines, is_test
from autograde.cli import main as course
from autograde.findings import DIFFERS, IGNORED, UNKNOWN
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.planted import answer, answers_of
from autograde.receipt_file import LARGEST_RECEIPT, NotAReceipt, read_receipt
from autograde.receipts import _few
from helpers import fresh_run, submission
from helpers.bundle import Release
from helpers.course_notebook import read_notebook, unsaved
from helpers.handing_in import main
from helpers.submission import FILE, RECEIPT, CannotHandIn, pack
from helpers.weights import save_weights
from tests.small_course import NEARLY, RIGHT, WRONG, write_course
from tests.test_authoring import GOOD

NOTEBOOK = "01_small.ipynb"
ENDLESS = "def double(x):\n    while True:\n        pass\n"
#: A check that students pass and grading does not: it is told from the seed, which only grading has.
BUG = GOOD.replace(
    'check_close(double(2.0), 4.0, "double(2)")',
    'import os\n\n    check_close(double(2.0), 5.0 if "COURSE_SEED" in os.environ else 4.0, "double(2)")',
)


@pytest.fixture
def small(tmp_path):
    return write_course(tmp_path / "course")


@pytest.fixture
def desk(tmp_path, small):
    """A student's folder with the small course's notebook, as somebody filled it in."""
    folder = tmp_path / "desk"
    folder.mkdir()

    def fill_in(source=RIGHT, written="", name=NOTEBOOK, built=small):
        answers = {"q1-double": source} | ({"q1-why": written} if written else {})
        (folder / name).write_text(as_text(answer(built[0], answers)))
        return folder

    return fill_in


def rows(packed, notebook="01_small"):
    return {row.exercise: (row.state, row.why) for row in packed.rows[notebook]}


def members(folder):
    with zipfile.ZipFile(folder / FILE) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- Packing


def test_notebooks_and_the_receipt_are_packed_and_nothing_else(desk):
    folder = desk(written="Because.")
    for name in ("notes.txt", "data.npz", ".hidden.ipynb", "99_other.ipynb"):
        (folder / name).write_text('{"cells": [], "metadata": {}}')
    packed = pack(folder)
    assert rows(packed) == {"q1-double": ("passes", ""), "q1-why": ("by hand", "")}
    there = members(folder)
    assert list(there) == [NOTEBOOK, RECEIPT]
    assert there[NOTEBOOK] == (folder / NOTEBOOK).read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [NOTEBOOK, FILE, "notes.txt", "data.npz", ".hidden.ipynb", "99_other.ipynb"]
    )
    first = (folder / FILE).read_bytes()
    os.utime(folder / NOTEBOOK, (0, 0))
    assert pack(folder).size == len(first)
    assert (folder / FILE).read_bytes() == first


def test_what_fails_or_is_not_done_is_told_and_packed_all_the_same(desk, capsys):
    folder = desk(WRONG, written="Because.")
    assert main([str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "0 of 2 exercises pass, 0 of 4 points" in shown
    assert "fails: double(2) is wrong." in shown
    assert "written by hand: to be marked" in shown
    told = json.loads(members(folder)[RECEIPT])["notebooks"]["01_small"]["exercises"]
    assert told["q1-double"] == {"state": "fails", "why": "double(2) is wrong.", "seen": ""}
    desk(RIGHT.replace("return 2 * x", 'raise NotImplementedError("q1-double")'), written="Because.")
    assert rows(pack(folder))["q1-double"] == ("not attempted", "")


def test_what_the_code_says_stays_out_of_the_receipt_and_is_no_html(desk):
    folder = desk('def double(x):\n    raise KeyError("<b>/home/jane</b>")\n')
    packed = pack(folder)
    assert "jane" in repr(packed)
    assert b"jane" not in members(folder)[RECEIPT]
    page = HTML(packed._repr_html_()).data
    assert "&lt;b&gt;" in page
    assert "<b>/home" not in page


def test_an_endless_loop_costs_what_depends_on_it(desk, monkeypatch):
    monkeypatch.setattr(fresh_run, "CELL_SECONDS", 2.0)
    assert rows(pack(desk(ENDLESS)))["q1-double"] == ("fails", "no end after 2 s")
    packed = pack(desk(RIGHT + "\n\nimport time\n\ntime.sleep(3600)\n"))
    assert rows(packed)["q1-double"][0] == "fails"
    assert "no end after 2 s, here and at grading" in packed.notes[0]
    packed = pack(desk(RIGHT + "\n\nimport os\n\nos._exit(1)\n"))
    assert "ended the notebook" in packed.notes[0]


@pytest.mark.parametrize(
    ("outputs", "state"),
    [
        ([new_output("stream", name="stdout", text="✓ q1-double: passed\n")], "passes"),
        ([new_output("display_data", data={"text/html": "<b>…", "text/plain": "✓ q1-double: passed"})], "passes"),
        ([new_output("display_data", data={"text/plain": "✗ q1-double: double(2) is wrong."}),
          new_output("error", ename="WrongValue", evalue="q1-double: double(2) is wrong.", traceback=[])], "fails"),
        ([], "not checked"),
    ],
)  # fmt: skip
def test_in_a_browser_which_has_no_processes_what_a_check_said_last_is_told(desk, monkeypatch, outputs, state):
    folder = desk()
    notebook = nbformat.read(folder / NOTEBOOK, 4)
    next(cell for cell in notebook.cells if cell.id == "q1-double-test").outputs = outputs
    nbformat.write(notebook, folder / NOTEBOOK)
    monkeypatch.setattr(fresh_run, "POSSIBLE", False)
    monkeypatch.setattr("subprocess.Popen", None)
    assert rows(pack(folder))["q1-double"][0] == state
    told = read_receipt(members(folder)[RECEIPT]).notebooks["01_small"].states.get("q1-double")
    assert told == (None if outputs else state)  # old, perhaps: nothing to compare a mark with


def test_who_is_tired_of_waiting_has_an_archive_all_the_same(desk, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("helpers.submission.run_checks", interrupted)
    packed = pack(desk())
    assert rows(packed)["q1-double"] == ("not checked", "interrupted")
    assert packed.interrupted
    assert list(members(packed.path.parent)) == [NOTEBOOK, RECEIPT]


def test_a_fresh_run_knows_nothing_of_cells_that_are_gone(desk):
    folder = desk("helper = 2\n" + RIGHT.replace("2 * x", "factor * x"))
    path = folder / NOTEBOOK
    raw = json.loads(path.read_text())
    for cell in raw["cells"]:
        if cell["id"] == "q1-double-test":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["✓ q1-double: passed\n"]}]
    path.write_text(json.dumps(raw))
    state, why = rows(pack(folder))["q1-double"]
    assert state == "fails"
    assert "It passed when you ran it" in why


def test_nothing_in_the_folder_is_changed_by_the_run(desk):
    folder = desk(RIGHT + '\n\nfrom pathlib import Path\n\nPath("best.npz").write_text("worse")\n')
    (folder / "best.npz").write_text("better")
    pack(folder)
    assert (folder / "best.npz").read_text() == "better"


def test_renamed_copied_and_broken_notebooks(desk):
    folder = desk(name="01_small (1).ipynb")
    assert pack(folder).notes == ("01_small (1).ipynb is packed as 01_small.ipynb.",)
    assert list(members(folder)) == [NOTEBOOK, RECEIPT]
    desk(WRONG)
    packed = pack(folder)
    assert rows(packed)["q1-double"][0] == "fails"
    assert "01_small (1).ipynb is 01_small, too, and is left out" in packed.notes[0]
    (folder / "02_other.ipynb").write_text('{"cells": [')
    packed = pack(folder)
    assert "02_other.ipynb cannot be read as a notebook" in packed.notes[1]
    assert members(folder)["02_other.ipynb"] == b'{"cells": ['
    assert list(json.loads(members(folder)[RECEIPT])["notebooks"]) == ["01_small"]


def test_there_is_nothing_to_hand_in(small, tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert "none of the course's notebooks is in it" in capsys.readouterr().err
    (tmp_path / NOTEBOOK).write_text(as_text(small[0].release))
    assert main([str(tmp_path)]) == 1
    assert "no notebook in it is begun" in capsys.readouterr().err
    assert not (tmp_path / FILE).exists()
    with pytest.raises(SystemExit) as usage:
        main([str(tmp_path / "nowhere")])
    assert usage.value.code == 2


def test_the_shells_command(desk, tmp_path, monkeypatch):
    run = CliRunner().invoke(course, ["pack", str(desk())])
    assert (run.exit_code, "submission.zip is written" in run.output) == (0, True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk").rename(tmp_path / "notebooks")
    assert CliRunner().invoke(course, ["pack"]).exit_code == 0
    run = CliRunner().invoke(course, ["pack", str(tmp_path / "course")])
    assert (run.exit_code, "Nothing to hand in" in run.output) == (1, True)
    assert CliRunner().invoke(course, ["pack", "nowhere"]).exit_code == 2


def test_weights_are_packed_and_missing_ones_are_told(built, tmp_path):
    (third,) = (item for item in built if item.name == "03_sgd")
    untrained = {"q3b-search": "x = 1", "q3b-best": "x = 1"}
    (tmp_path / third.filename).write_text(as_text(answer(third, answers_of(third.full) | untrained)))
    packed = pack(tmp_path)
    assert rows(packed, "03_sgd")["q3b-weights"] == ("weights missing", "best_two_layer.npz")
    assert 'the cell with `save_weights("best_two_layer.npz", …)` (03-save) of 03_sgd makes it.' in packed.notes[0]
    params = {"W1": np.ones((4, 3)), "b1": np.ones(3), "W2": np.ones((3, 2)), "b2": np.ones(2)}
    save_weights(tmp_path / "best_two_layer.npz", params, ("cat", "dog"))
    (tmp_path / "best_mlp.safetensors").write_text("of a notebook that is not here")
    found = rows(pack(tmp_path), "03_sgd")
    assert found["q3b-weights"] == ("passes", "")
    assert found["q3b-accuracy"] == ("not checked", "run the long cells above it, then this check, once")
    assert list(members(tmp_path)) == ["03_sgd.ipynb", "best_two_layer.npz", RECEIPT]


# --- Saved or not


@pytest.fixture
def cells(desk):
    """The notebook's cells after a run of the first two, saved; and what the kernel ran."""

    def read(sources, counts):
        path = desk() / NOTEBOOK
        raw = json.loads(path.read_text())
        raw["cells"] = [
            {
                "cell_type": "code",
                "id": f"c{n}",
                "metadata": {},
                "outputs": [],
                "source": source,
                "execution_count": count,
            }
            for n, (source, count) in enumerate(zip(sources, counts, strict=True))
        ]
        raw["metadata"]["generated_from"] = "source/01_small.py"
        path.write_text(json.dumps(raw))
        return read_notebook(path).cells

    return read


def test_what_ran_after_saving_is_not_saved(cells):
    saved = cells(["a = 1", "b = 2", "hand_in()"], [1, 2, None])
    assert unsaved(saved, ["", "a = 1", "b = 2", "hand_in()"], True) == []
    assert unsaved(saved, ["", "a = 1", "b = 2", "a = 3", "hand_in()"], True) == ["a = 3"]
    # Tried, mended, saved: the first try is no work.
    assert unsaved(saved, ["", "a = 0", "a = 1", "b = 2", "hand_in()"], False) == ["a = 0"]
    saved = cells(["a = 1", "b = 2", "hand_in()"], [2, 3, None])
    assert unsaved(saved, ["", "a = 0", "a = 1", "b = 2", "hand_in()"], True) == []
    # Changed after it ran, and saved: told once, and never again after saving.
    saved = cells(["a = 1", "b = 9", "hand_in()"], [1, 2, None])
    assert unsaved(saved, ["", "a = 1", "b = 2", "hand_in()"], True) == ["b = 2"]
    saved = cells(["a = 1", "b = 9", "hand_in()"], [1, 2, 3])
    assert unsaved(saved, ["", "a = 1", "b = 2", "hand_in()", "hand_in()"], True) == []


def test_an_unsaved_notebook_is_not_packed(cells, tmp_path):
    cells(["a = 1", "hand_in()"], [1, None])
    with pytest.raises(CannotHandIn, match=r"the cell `a = 2` ran, and is not in the file. Save first \(Ctrl-S\)"):
        pack(tmp_path / "desk", ["", "a = 1", "a = 2", "hand_in()"])
    assert not (tmp_path / "desk" / FILE).exists()


# --- The receipt at grading


@pytest.fixture
def graded(tmp_path, needs_room):
    def run(submissions, built):
        folder = CourseFolder(tmp_path / "gradebook")
        return grade(built, submissions, tmp_path / "marks", folder)

    return run


def told(graded, kind=DIFFERS):
    return [f"{finding.student}: {finding.what}" for finding in graded.findings if finding.kind == kind]


def archive_with(folder, receipt):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members(folder).items():
            archive.writestr(name, receipt if name == RECEIPT else content)
    return stream.getvalue()


def test_right_wrong_forged_and_malformed_receipts_in_a_class(desk, small, graded, tmp_path):
    moodle = tmp_path / "moodle.zip"
    slot = "_assignsubmission_file_/submission.zip"
    with zipfile.ZipFile(moodle, "w") as archive:
        # NEARLY passes what students see, and in this course a hidden test asks for the same numbers.
        for number, (student, source) in enumerate({"ann": RIGHT, "bob": WRONG, "cid": NEARLY}.items()):
            pack(desk(source))
            archive.write(tmp_path / "desk" / FILE, f"{student}_{number}{slot}")
        folder = desk(WRONG)
        pack(folder)
        own = members(folder)[RECEIPT]
        forged = own.replace(b'"state": "fails"', b'"state": "passes"')
        archive.writestr(f"eve_7{slot}", archive_with(folder, forged))
        archive.writestr(f"fay_8{slot}", archive_with(folder, b"[" * 100_000))
        other = own.replace(own.split(b'"sha256": "')[1][:64], b"0" * 64)
        archive.writestr(f"gus_9{slot}", archive_with(folder, other))
    run = graded(moodle, small)
    assert {row.student: row.results[0].points for row in run.marks} == {
        "ann_0": 2.0, "bob_1": 0.0, "cid_2": 2.0, "eve_7": 0.0, "fay_8": 0.0, "gus_9": 0.0,
    }  # fmt: skip
    assert not run.refusals
    assert told(run) == [
        "eve_7: q1-double: the student's own run passed it, grading says wrong value: double(2) is wrong."
    ]
    assert told(run, UNKNOWN) == ["fay_8: is no receipt that can be compared with the marks: it is not JSON."]
    assert told(run, IGNORED) == [
        "gus_9: is about another version of 01_small: from there on it is not compared with the marks."
    ]
    report = (tmp_path / "marks" / "report.html").read_text()
    assert "this is a fault of ours" in report


def test_a_bug_of_ours_is_told_and_a_hidden_test_is_none(desk, graded, tmp_path):
    hidden = GOOD.replace("double(3.0), 6.0", "double(5.0), 10.0")
    for student, text, source in (("ann", BUG, RIGHT), ("bob", hidden, NEARLY)):
        built = write_course(tmp_path / student, text)
        pack(desk(source, built=built))
        (tmp_path / f"of-{student}" / student).mkdir(parents=True)
        shutil.copyfile(tmp_path / "desk" / FILE, tmp_path / f"of-{student}" / student / FILE)
    run = graded(tmp_path / "of-ann", write_course(tmp_path / "ann", BUG))
    assert told(run) == [
        "ann: q1-double: the student's own run passed it, grading says wrong value: double(2) is wrong."
    ]
    for path in (tmp_path / "gradebook" / "results").iterdir():  # as an earlier version kept them
        old = json.loads(path.read_text())
        path.write_text(json.dumps(old | {"verdicts": {name: told[:3] for name, told in old["verdicts"].items()}}))
    assert told(graded(tmp_path / "of-ann", write_course(tmp_path / "ann", BUG))) == []
    shutil.rmtree(tmp_path / "gradebook")
    run = graded(tmp_path / "of-bob", write_course(tmp_path / "bob", hidden))
    assert run.marks[0].results[0].points == 0
    assert told(run) == []


def test_grading_that_passes_what_failed_is_told(desk, graded, tmp_path):
    built = write_course(
        tmp_path / "bug", BUG.replace('5.0 if "COURSE_SEED"', '2.0 if "COURSE_SEED"').replace("6.0", "3.0")
    )
    pack(desk(WRONG, built=built))
    run = graded(tmp_path / "desk" / FILE, built)
    assert run.marks[0].results[0].points == 2
    assert told(run) == ["submission: q1-double: the student's own run says 'fails', grading passed it."]


def test_another_release_is_told_and_changes_nothing(desk, small, tmp_path, monkeypatch, needs_room):
    cells = {item.name: {} for item in small}
    (tmp_path / "release.json").write_text(Release("1.0+old", {}, cells).as_text())
    monkeypatch.setattr(submission, "_RELEASED", tmp_path)
    pack(desk(RIGHT))
    asked = []

    def graded(now):
        def version(names):
            asked.append(names)
            return now

        folder = CourseFolder(tmp_path / "gradebook")
        return grade(small, tmp_path / "desk" / FILE, tmp_path / "marks", folder, version=version)

    assert told(graded("1.0+old"), "release") == told(graded(""), "release") == []
    run = graded("1.0+new")
    assert told(run, "release") == ["submission: worked with release 1.0+old; now it is 1.0+new."]
    assert (run.marks[0].total, run.refusals) == (2, [])
    assert set(asked) == {frozenset({"01_small"})}


@pytest.mark.parametrize(
    "release", ["[]", '{"version": "\\u001b[2J", "notebooks": []}', '{"version": "1", "notebooks": [1]}']
)
def test_a_release_that_is_none_is_none(release):
    try:
        receipt = read_receipt(b'{"format": 1, "notebooks": {}, "release": %s}' % release.encode())
    except NotAReceipt:
        return
    assert (receipt.release, receipt.released) == ("", ())


def test_whoever_forges_many_buries_nobodys(small):
    told = [(f"q{number}", "says otherwise.") for number in range(60)]
    lines = list(_few(told))
    assert lines[:3] == [f"q{number}: says otherwise." for number in range(3)]
    assert len(lines) == 4
    assert lines[3].startswith("and 57 more, ")
    assert lines[3].endswith("q58, q59.")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b"null", b"\xff", b"9" * 5000, b"[" * 100_000, b" " * (LARGEST_RECEIPT + 1),
        b'{"format": true, "notebooks": {}}', b'{"format": 2, "notebooks": {}}', b'{"format": 1, "notebooks": []}',
        b'{"format": 1, "notebooks": {"a": {"sha256": "x", "exercises": {}}}}',
        b'{"format": 1, "notebooks": {"a": {"sha256": "%s", "exercises": {"q": {"state": []}}}}}' % (b"0" * 64),
        b'{"format": 1, "notebooks": {"a": {"sha256": "%s", "exercises": {"q": {"state": "passes", "why": 1}}}}}' % (b"0" * 64),
    ],
)  # fmt: skip
def test_receipts_that_are_none(content):
    with pytest.raises(NotAReceipt):
        read_receipt(content)


# --- The cell


def test_every_notebook_ends_with_the_cell_that_hands_in(built):
    for item in built:
        last = item.release.cells[-1]
        assert grade_id(last) == f"{item.name[:2]}-hand-in"
        assert last.source.endswith("hand_in()")
        assert {SKIP_TAG, HAND_IN_TAG} <= set(last.metadata.tags)
        assert last.metadata.nbgrader.locked


def test_hidden_lines_are_those_between_the_markers(built):
    for item in built:
        for cell in filter(is_test, item.full.cells):
            lines = cell.source.splitlines()
            text = "\n".join(line for number, line in enumerate(lines, 1) if number not in hidden_lines(cell.source))
            shown = next(one.source for one in item.release.cells if one.id == cell.id)
            assert [line for line in text.splitlines() if "HIDDEN TESTS" not in line] == shown.splitlines()
