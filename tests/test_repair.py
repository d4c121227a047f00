"""What students do to notebooks, and what grading gets to see of it."""

import json

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograde.build import as_text
from autograde.cells import grade_id, is_solution, is_test, marks
from autograde.notebook_file import (
    LARGEST_NOTEBOOK,
    LONGEST_CELL,
    MOST_CELLS,
    NotANotebook,
    read_notebook,
    recognise,
)
from autograde.planted import answer, answers_of
from autograde.repair import changed_tests, repair


@pytest.fixture
def work(built):
    """Notebook 01 with every answer right, as a student's editor holds it."""
    return answer(built[0], answers_of(built[0].full))


@pytest.fixture
def mended(built):
    """Repair what a student's file holds, after checking what holds of every repaired notebook."""

    def run(notebook, item=built[0]):
        content = notebook if isinstance(notebook, bytes) else as_text(notebook).encode()
        repaired, said = repair(read_notebook(content), item.release)
        nbformat.validate(repaired)
        MetadataValidator().validate_nb(repaired)
        known = {grade_id(cell): cell for cell in item.release.cells if grade_id(cell)}
        assert [grade_id(cell) for cell in repaired.cells if "nbgrader" in cell.metadata] == list(known)
        for cell in repaired.cells:
            if grade_id(cell):
                original = known[grade_id(cell)]
                assert (cell.metadata, cell.cell_type, cell.id) == (original.metadata, original.cell_type, original.id)
                assert is_solution(cell) or cell.source == original.source
            assert not cell.get("outputs")
        assert repaired.metadata == item.release.metadata
        return {grade_id(cell) or cell.id: cell for cell in repaired.cells}, said

    return run


def index_of(notebook, identity):
    return next(index for index, cell in enumerate(notebook.cells) if cell.get("id") == identity)


def cell_of(notebook, identity):
    return notebook.cells[index_of(notebook, identity)]


def drop(notebook, *identities):
    notebook.cells = [cell for cell in notebook.cells if cell.id not in identities]


def test_a_notebook_in_order_stays_as_it_is(mended, work, built):
    cells, said = mended(work)
    assert said == []
    assert [cell.source for cell in cells.values()] == [cell.source for cell in work.cells]
    assert list(cells) == [grade_id(cell) or cell.id for cell in built[0].release.cells]


@pytest.mark.parametrize("gone", [("q1a-relu-test",), ("q1a-relu", "q1a-relu-test"), ("01-setup",)])
def test_deleted_cells_come_back(mended, work, gone):
    drop(work, *gone)
    cells, said = mended(work)
    assert [line.split()[0] for line in said] == list(gone)
    assert all("was missing" in line for line in said)
    if "q1a-relu" in gone:
        assert "NotImplementedError" in cells["q1a-relu"].source


def test_everything_deleted_comes_back(mended, work):
    work.cells = [cell for cell in work.cells if cell.id == "q1b-loss"]
    cells, _ = mended(work)
    assert "NotImplementedError" not in cells["q1b-loss"].source


def test_an_answer_in_a_cell_of_its_own_is_taken(mended, work):
    cell = cell_of(work, "q1a-relu")
    cell.id = "my-own-cell"
    del cell.metadata["nbgrader"]
    right = cell.source
    cells, said = mended(work)
    assert cells["q1a-relu"].source == right
    assert "my-own-cell" not in cells
    assert said == ["q1a-relu was missing: another cell that defines relu is taken for it."]


def test_an_answer_far_before_its_place_is_taken_once(mended, work):
    cell = cell_of(work, "q1b-loss")
    drop(work, "q1b-loss")
    del cell.metadata["nbgrader"]
    cell.id = "early"
    work.cells.insert(2, cell)
    cells, _ = mended(work)
    assert [other.source for other in cells.values()].count(cell.source) == 1
    assert cells["q1b-loss"].source == cell.source


def test_merged_cells_keep_both_answers(mended, work):
    cell_of(work, "q1a-affine").source += "\n\n" + cell_of(work, "q1a-relu").source
    drop(work, "q1a-relu")
    cells, said = mended(work)
    assert "def relu" in cells["q1a-affine"].source
    assert "def relu" not in cells["q1a-relu"].source
    assert "raise" not in cells["q1a-relu"].source, "a stub here would undo the answer"
    assert said == ["q1a-relu was missing: its answer stands in q1a-affine."]


def test_moved_cells_go_back_and_take_the_students_own_along(mended, work):
    own = nbformat.v4.new_code_cell("helper = 1", id="helper")
    work.cells.insert(index_of(work, "q1a-softmax") + 1, own)
    moved = [work.cells.pop(index_of(work, identity)) for identity in ("q1a-softmax", "helper")]
    work.cells = moved + work.cells
    cells, said = mended(work)
    names = list(cells)
    assert said == ["q1a-softmax had been moved: it is back in its place."]
    assert names.index("q1a-relu-test") < names.index("q1a-softmax") < names.index("q1a-softmax-test")
    assert names.index("helper") == names.index("q1a-softmax") + 1


@pytest.mark.parametrize("first", [True, False])
def test_of_two_copies_the_one_that_was_worked_in_is_the_answer(mended, work, built, first):
    stub = nbformat.from_dict(next(cell for cell in built[0].release.cells if cell.id == "q1a-relu"))
    stub.id = "copy"
    work.cells.insert(index_of(work, "q1a-relu") + (0 if first else 1), stub)
    cells, said = mended(work)
    assert "NotImplementedError" not in cells["q1a-relu"].source
    assert sum("def relu" in cell.source for cell in cells.values()) == 1, "the untouched copy would undo the answer"
    assert said == ["q1a-relu stood twice: an unchanged copy was left out."]


def test_a_second_version_still_runs_after_the_first(mended, work):
    copy = nbformat.from_dict(cell_of(work, "q1a-relu"))
    copy.id, copy.source = "copy", "def relu(Z):\n    return Z * (Z > 0)"
    work.cells.insert(index_of(work, "q1a-relu") + 1, copy)
    cells, _ = mended(work)
    names = list(cells)
    assert names.index("copy") == names.index("q1a-relu") + 1
    assert "nbgrader" not in cells["copy"].metadata


def test_settings_sources_and_tags_of_known_cells_are_the_releases(mended, work):
    for cell in work.cells:
        cell.metadata["tags"] = ["skip-execution", "skip-grading", "raises-exception"]
        if is_test(cell):
            cell.source = "pass"
            cell.metadata.nbgrader |= {"points": 100, "schema_version": 99, "locked": False, "extra": {}}
        elif "nbgrader" in cell.metadata and not is_solution(cell):
            cell.source = "raise SystemExit"
    _, said = mended(work)  # which compares with the release
    assert "q1a-relu-test is a test and was changed: it is restored." in said
    assert "q1a-relu-test had other settings (schema_version, locked, points): they are restored." in said
    assert "01-setup is a given cell and was changed: it is restored." in said
    assert "q1a-relu was tagged to be skipped: it is not." in said


def test_changed_types_change_back(mended, work, built):
    cell = cell_of(work, "q1a-relu")
    right = cell.source
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]
    cell_of(work, "q1a-relu-test").cell_type = "raw"
    del cell_of(work, "q1a-relu-test")["outputs"], cell_of(work, "q1a-relu-test")["execution_count"]
    cells, said = mended(work)
    assert cells["q1a-relu"].source == right
    assert "q1a-relu was a markdown cell: it is a code cell again." in said
    assert "q1a-relu-test was a raw cell: it is a code cell again." in said


def test_an_attached_image_stays_with_a_written_answer(mended, built):
    notebook = answer(built[1], answers_of(built[1].full))
    raw = json.loads(as_text(notebook))
    image = {"sheet.png": {"image/png": "aGVsbG8="}, "bad": 7}
    raw["cells"][index_of(notebook, "q2a-derivation")]["attachments"] = image
    cells, _ = mended(json.dumps(raw).encode(), built[1])
    assert cells["q2a-derivation"].attachments == {"sheet.png": {"image/png": "aGVsbG8="}}


def test_a_notebook_without_any_ids_is_known_by_what_it_defines(mended, work, built):
    raw = json.loads(as_text(work))
    raw["nbformat_minor"] = 4
    for cell in raw["cells"]:
        del cell["id"]
        cell["metadata"] = {}
    content = json.dumps(raw).encode()
    assert recognise(read_notebook(content), {item.name: item.release for item in built}) == ("01_feedforward", False)
    cells, _ = mended(content)
    for cell in filter(is_solution, work.cells):
        assert cells[cell.id].source == cell.source


def test_ids_in_the_metadata_of_an_older_format_count(mended, work):
    raw = json.loads(as_text(work))
    raw["nbformat_minor"] = 0
    for cell in raw["cells"]:
        cell["metadata"] = {"id": cell.pop("id")}
    cells, said = mended(json.dumps(raw).encode())
    assert [cell.source for cell in cells.values()] == [cell.source for cell in work.cells]
    assert "q1a-relu had lost its marking: it is restored." in said


def test_the_third_format_is_converted(mended, work):
    old = nbformat.convert(nbformat.from_dict(work), 3)
    cells, said = mended(json.dumps(old).encode())
    assert cells["q1a-relu"].source == cell_of(work, "q1a-relu").source
    assert said == []


def test_the_same_file_gives_the_same_notebook(work, built):
    raw = json.loads(as_text(work))
    for cell in raw["cells"]:
        del cell["id"]
    once, again = (as_text(repair(read_notebook(json.dumps(raw).encode()), built[0].release)[0]) for _ in range(2))
    assert once == again


def test_repairing_twice_changes_nothing_more(work, built):
    drop(work, "q1a-affine", "q1a-relu-test")
    work.cells.insert(0, work.cells.pop())
    once, _ = repair(read_notebook(as_text(work).encode()), built[0].release)
    again, said = repair(once, built[0].release)
    assert (as_text(once), said) == (as_text(again), [])


def test_changed_tests_are_named(work, built):
    cell_of(work, "q1a-relu-test").source = "pass"
    marks(cell_of(work, "q1a-affine-test"))["points"] = 100
    drop(work, "q1b-loss-test")
    assert changed_tests(read_notebook(as_text(work).encode()), built[0].release) == {
        "q1a-relu",
        "q1a-affine",
        "q1b-loss",
    }


def test_ids_that_are_taken_or_no_ids_are_replaced(mended, work):
    raw = json.loads(as_text(work))
    for identity in ("q1a-relu", "b07b12611f06", "no id!", "x" * 65, ""):
        raw["cells"].append({"cell_type": "code", "id": identity, "source": "1"})
    mended(json.dumps(raw).encode())


def hostile(work, **changes):
    raw = json.loads(as_text(work))
    raw["cells"][5] |= changes
    return json.dumps(raw).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": 7},
        {"metadata": {"nbgrader": [1]}},
        {"metadata": {"nbgrader": {"grade_id": [1]}}},
        {"metadata": {"nbgrader": {"grade_id": {}}}},
        {"metadata": {"nbgrader": {"grade_id": "q1-warmup", "grade": {}, "points": "x"}}},
        {"metadata": {"nbgrader": {"grade_id": "unknown", "grade": True}}},
        {"metadata": {"tags": [{}, "\ud800", 7]}},
        {"metadata": {"tags": "skip-grading"}},
        {"attachments": {"a": {"b": []}}},
        {"outputs": 7, "execution_count": {}},
        {"source": "\ud800\x00"},
        {"id": 7},
        {"unknown": {}},
    ],
)
def test_nonsense_in_a_cell_is_left_out(mended, work, changes):
    cells, _ = mended(hostile(work, **changes))
    "".join(cell.source for cell in cells.values()).encode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b" " * (LARGEST_NOTEBOOK + 1), "is larger than 20 MB"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"{", "broken JSON at line 1"),
        (b"[" * 100_000, "nested too deeply"),
        (b"9" * 10_000, "absurd number"),
        (b"7", "is not a Jupyter notebook"),
        (b"{}", "has no list of cells"),
        (b'{"worksheets": [7]}', "cannot be converted"),
        (b'{"cells": [7]}', "cell 1 is no cell"),
        (b'{"cells": [{"cell_type": []}]}', "cell 1 is no cell"),
        (b'{"cells": [{"cell_type": "code", "source": 7}]}', "cell 1 has no text"),
        (b'{"cells": [{"cell_type": "code", "source": ["a", 7]}]}', "cell 1 has no text"),
        (b'{"cells": [], "nbformat": 5}', "newer format"),
        (json.dumps({"cells": [{}] * (MOST_CELLS + 1)}).encode(), "2001 cells"),
        (
            json.dumps({"cells": [{"cell_type": "code", "source": "x" * (LONGEST_CELL + 1)}]}).encode(),
            "500,001 characters",
        ),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_reason(content, says):
    with pytest.raises(NotANotebook, match=says):
        read_notebook(content)


def test_a_byte_order_mark_is_no_obstacle(work):
    assert len(read_notebook(b"\xef\xbb\xbf" + as_text(work).encode()).cells) == len(work.cells)
