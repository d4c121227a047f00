"""What fuzzing found, each with the least that showed it."""

import json
import struct
import time

import nbformat
import numpy as np
import pytest
import torch
from safetensors.torch import save

from autograde.course import CourseError
from autograde.definitions import definitions
from autograde.feedback import Facts, Score, page
from autograde.hand_in_names import can_be_student
from autograde.hand_marks import read_marks
from autograde.jobs import Results
from autograde.ledger import overwrite
from autograde.markdown import inert
from autograde.notebook_file import read_notebook
from autograde.pipe import WireError
from autograde.plan import python_of
from autograde.record import read_record
from autograde.session import Session, _message
from autograde.verdict import Died
from autograde.wire import Decoder
from helpers import course_notebook
from helpers.bundle import NotABundle, Release, file_digest, read_release
from helpers.carry import CannotCarry, _statements
from helpers.merge import merge
from helpers.update import CannotUpdate, update
from helpers.verdicts import NotAllowed, WrongType
from helpers.weights import load_model, load_weights
from tests.fuzz.test_told import _ANSWER, _MARKS
from tests.fuzz.test_weights import _ARRAYS, _headed, _npz, _tensors
from tests.fuzz.test_wire import Liar


def raw_notebook(*cells: dict, **more) -> dict:
    plain = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "outputs": [], "execution_count": None}
    metadata = {"generated_from": "source/01_small.py"}
    return {"cells": [plain | cell for cell in cells], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5} | more


@pytest.mark.parametrize("tags", [["a,b"], [""], ["a", "a"]])
def test_tags_that_are_none_are_left_out(tags):
    found = read_notebook(json.dumps(raw_notebook({"metadata": {"tags": tags}})).encode())
    nbformat.validate(found)
    assert found.cells[0].metadata["tags"] in ([], ["a"])


def test_points_beyond_all_numbers_are_a_damaged_notebook(tmp_path):
    graded = {"metadata": {"nbgrader": {"grade": True, "points": 10**400}}}
    (tmp_path / "01_small.ipynb").write_text(json.dumps(raw_notebook(graded)))
    assert "cannot be read" in course_notebook.read_notebook(tmp_path / "01_small.ipynb").trouble


def test_half_a_character_in_a_text_is_no_end_of_an_update():
    mine = raw_notebook({"source": "\ud800"})
    assert merge(mine, raw_notebook({"id": "b"}), {}, "2").notebook["cells"]


@pytest.mark.parametrize("source", ["\0", "(" * 5000, "1+" * 20_000 + "1", "\ud800"])
def test_a_cell_that_no_parser_takes_is_left_out(tmp_path, source):
    (tmp_path / "01.ipynb").write_text(json.dumps(raw_notebook({"source": source}, {"source": "a = 1"})))
    assert _statements(tmp_path / "01.ipynb")


def test_a_notebook_nested_too_deeply_cannot_be_carried_from(tmp_path):
    (tmp_path / "01.ipynb").write_text("[" * 100_000)
    with pytest.raises(CannotCarry):
        _statements(tmp_path / "01.ipynb")


def test_an_expression_too_deep_to_look_through_is_unclear():
    with pytest.raises(NotAllowed, match="too deeply"):
        definitions(["x = " + "1+" * 1500 + "1"])


@pytest.mark.parametrize("source", ["=%\\", "\0\x1ctime\n"])
def test_what_ipython_cannot_take_is_left_as_it_is(source):
    assert python_of(source).rstrip("\n") == source.rstrip("\n")


@pytest.mark.parametrize(
    "new",
    [
        {"cells": None},
        raw_notebook({"id": None}),
        raw_notebook({"source": ["a", None]}),
        raw_notebook({}, {}),
        raw_notebook({"metadata": {"nbgrader": 1}}),
    ],
)
def test_a_release_whose_notebook_is_none_changes_nothing(tmp_path, new):
    for folder in ("helpers", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "notebooks" / "01_small.ipynb").write_text(json.dumps(raw_notebook()))
    content = json.dumps(new).encode()
    told = Release("2", {"notebooks/01_small.ipynb": file_digest(content)})
    (tmp_path / "new" / "notebooks").mkdir(parents=True)
    (tmp_path / "new" / "notebooks" / "01_small.ipynb").write_bytes(content)
    (tmp_path / "new" / "release.json").write_text(told.as_text())
    with pytest.raises(CannotUpdate, match="cannot be read as a notebook"):
        update(tmp_path / "new", tmp_path)
    assert not (tmp_path / "release.json").exists()


@pytest.mark.parametrize("version", [1, None, [], {}])
def test_a_version_that_is_no_text_is_none(version):
    with pytest.raises(NotABundle, match="names no version"):
        read_release(json.dumps({"format": 1, "version": version, "files": {}, "cells": {}}).encode())


def test_half_a_character_is_no_student():
    assert not can_be_student("a\ud800")


def test_a_comment_that_no_database_holds_is_no_comment(tmp_path):
    row = _MARKS["marks"][0] | {"comment": "\ud800"}
    (tmp_path / "marks.json").write_text(json.dumps(_MARKS | {"marks": [row]}))
    with pytest.raises(CourseError) as refused:
        read_marks(tmp_path / "marks.json", [_ANSWER])
    assert "the comment is no text" in refused.value.problems[0]


def test_kept_results_nested_too_deeply_are_damaged(tmp_path):
    for name in ("key.json", "results.json"):
        (tmp_path / name).write_text("[" * 100_000)
    assert Results(tmp_path).find("key") is None
    with pytest.raises(CourseError, match="is damaged"):
        read_record(tmp_path)


# --- weights


@pytest.mark.parametrize(("kind", "shape"), [("<f4", (1,) * 65), ("<U0", (2**40,)), ("<U0", (0,))])
def test_an_array_that_numpy_cannot_make_is_none(tmp_path, kind, shape):
    header = str({"descr": kind, "fortran_order": False, "shape": shape})
    (tmp_path / "w.npz").write_bytes(_npz(_ARRAYS | {"classes": _headed(header, bytes(4 if "f" in kind else 0), 1)}))
    with pytest.raises(WrongType, match="no whole array"):
        load_weights(tmp_path / "w.npz")


def test_a_name_in_an_archive_that_is_no_text_is_none(tmp_path):
    content = bytearray(_npz(_ARRAYS))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 9] |= 8  # its name is UTF-8, it says
    content[directory + 46] = 0xFF
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(WrongType, match=r"is no \.npz file"):
        load_weights(tmp_path / "w.npz")


def test_settings_have_names(tmp_path):
    told = {"settings": [[1, 2]], "classes": [], "scale": 1.0}
    (tmp_path / "m.safetensors").write_bytes(save({"mean": torch.zeros(1)}, metadata={"course": json.dumps(told)}))
    with pytest.raises(WrongType, match="no file of tensors with settings"):
        load_model(tmp_path / "m.safetensors", dict)


@pytest.mark.parametrize(("kind", "shape", "size"), [("F4", [2], 1), ("F32", [0, 2**62, 4], 0), ("F32", [0, 2**63], 0)])
def test_tensors_that_pytorch_cannot_make_are_none(tmp_path, kind, shape, size):
    course = {"course": '{"settings": {}, "classes": [], "scale": 1}'}
    header = {"__metadata__": course, "mean": {"dtype": kind, "shape": shape, "data_offsets": [0, size]}}
    (tmp_path / "m.safetensors").write_bytes(_tensors(json.dumps(header), bytes(size)))
    with pytest.raises(WrongType):
        load_model(tmp_path / "m.safetensors", dict)


# --- a candidate that lies


@pytest.mark.parametrize(
    "answer",
    [
        ["ok", 1, 1, [], True],
        ["ok", 1, [1], [], True],
        ["ok", 1, [[-1, 1]], [], True],
        ["ok", 1, [[99, 1]], [], True],
        ["ok", 1, [], 1, True],
        ["ok", 1, [], [], 1],
        ["error", None, [], "", [], [], [], True],
        ["error", "E", 1, "", [], [], [], True],
        ["error", "E", [], "", [["f", "1", "x"]], [], [], True],
        ["callback", [], ["l", []], ["d", []]],
        [""],
        [[]],
        ["ok", ["ref", 1.5, "object", "", []], [], [], True],
    ],
)
def test_an_answer_that_is_none_ends_the_conversation(answer):
    room = Liar([answer])
    session = Session(room)
    with pytest.raises(Died, match="its process sent"):
        session.ask("call", [1])
    assert room.closed
    room.end()


def test_names_that_are_none_end_the_conversation():
    room = Liar([["ok", 1, [], [], True]])
    with pytest.raises(Died, match="no names"):
        Session(room).names(["f"])
    assert room.closed
    room.end()


def test_an_exception_says_no_more_than_can_be_shown():
    room = Liar([["error", "ValueError", ["x" * 50_000], "", [], [], [], True]])
    with pytest.raises(ValueError, match=r"x{500}") as raised:
        Session(room).ask("call")
    assert len(str(raised.value)) == 500
    room.end()


def test_dimensions_have_an_end():
    """A product of a million numbers takes minutes."""
    began = time.process_time()
    with pytest.raises(WireError):
        Decoder(list).decode(["T", "float32", [2**63] * 200_000, b"", False])
    assert time.process_time() - began < 5  # of processor time; it was more than 100


@pytest.mark.parametrize(
    ("value", "now"),
    [
        (np.ones(2), np.array(["a", "b"])),
        (np.ones(2), np.ones(2) * 1j),
        (torch.ones(2), torch.ones(2, dtype=torch.int64)),
    ],
)
def test_what_changes_keeps_its_kind(value, now):
    with pytest.raises(TypeError):
        overwrite(value, now)


def test_a_generator_stays_of_its_kind():
    with pytest.raises(TypeError):
        overwrite(np.random.default_rng(0), np.random.Generator(np.random.PCG64DXSM(0)))


@pytest.mark.parametrize("message", [struct.pack("<Q", 1), {"ok": 1}, 1, None], ids=repr)
def test_a_message_is_a_list(message):
    with pytest.raises(WireError):
        _message(message)


# --- HTML


FEW = "<p>" + "".join(f"<b id={number}>" for number in range(150)) + "</p>" + "<p>x</p>" * 150
OPEN = "<p>" + "".join(f"<b id={number}>" for number in range(1000)) + "</p>" + "<p>x</p>" * 1000


@pytest.mark.parametrize(
    "text", [FEW, OPEN, "<div>" * 100_000, "<style" * 100_000, "<!--" * 100_000, "<a " + "b " * 100_000 + ">"]
)
def test_a_little_html_does_not_become_a_lot(text):
    """Each but the first of these took minutes, or gigabytes."""
    made = inert(text)
    assert len(made) < 10 * len(text)
    assert "<b>" not in made


def test_html_that_is_well_formed_stays():
    table = "<table>" + "<tr><td><b>1</b></td><td>2</td></tr>" * 2000 + "</table>"
    assert inert(table).count("<td>") == 4000
    assert inert("<ul><li>a<li>b</ul>" * 200).count("<li>") == 400
    assert inert("a < b & c > d") == "a &lt; b &amp; c &gt; d"


def test_a_page_shows_no_end_of_markdown():
    outputs = [
        nbformat.v4.new_output("display_data", data={"text/markdown": f"**{i}**" + "x" * 9_000}) for i in range(150)
    ]
    made = page(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)]), Facts("a", "b", Score(1, 1))
    )
    assert "<strong>0</strong>" in made
    assert "**149**" in made
