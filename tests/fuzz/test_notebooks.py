"""Notebooks that were handed in, or lie in a student's folder."""

import ast
import json
import os
import re
import tempfile
from functools import cache
from pathlib import Path

import nbformat
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator

from autograde.cells import grade_id, is_solution, is_test
from autograde.definitions import definitions
from autograde.notebook_file import NotANotebook, read_notebook, recognise
from autograde.plan import idle
from autograde.repair import changed_tests, repair
from helpers import course_notebook
from helpers.bundle import cell_digest, source_of
from helpers.carry import CannotCarry, _statements
from helpers.merge import merge
from helpers.verdicts import NotAllowed
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.mutations import SPELLED, as_json, letters, mutated_bytes, mutated_json, one_of, texts, values

_FOLDER = Path(__file__).parents[2] / "notebooks"
FIRST = (_FOLDER / "01_feedforward.ipynb").read_text(encoding="utf-8")


@cache
def _releases() -> dict:
    names = ("01_feedforward", "03_sgd")
    return {name: nbformat.reads((_FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"), 4) for name in names}


def _short() -> dict:
    """Some cells of notebook 01 of every kind, with an output, an attachment and tags: a change hits what matters."""
    notebook = json.loads(FIRST)
    graded = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    text = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    code = next(cell for cell in graded if cell["cell_type"] == "code")
    picture = {"image/png": "iVBORw0KGgo=\n", "text/plain": ["<Figure>"]}
    shown = [
        {"output_type": "display_data", "data": picture, "metadata": {}},
        {"output_type": "stream", "name": "stdout", "text": ["✓ q1a-relu: passed\n"]},
        {"output_type": "error", "ename": "E", "evalue": "e", "traceback": []},
    ]
    code |= {"outputs": shown, "execution_count": 3}
    own = text | {
        "id": "own",
        "attachments": {"a.png": {"image/png": "aaaa"}},
        "metadata": {"tags": ["a", "skip-grading"]},
    }
    return notebook | {"cells": [own, text, *graded[:7]]}


SHORT = _short()
#: As notebooks were in 2014.
OLD = {
    "metadata": {"name": "old"},
    "nbformat": 3,
    "nbformat_minor": 0,
    "worksheets": [
        {
            "metadata": {},
            "cells": [
                {"cell_type": "heading", "level": 2, "source": "a", "metadata": {}},
                {"cell_type": "markdown", "source": ["b"], "metadata": {}},
                {
                    "cell_type": "code",
                    "input": "def relu(Z):\n    return Z",
                    "language": "python",
                    "collapsed": False,
                    "metadata": {},
                    "prompt_number": 1,
                    "outputs": [{"output_type": "pyout", "prompt_number": 1, "text": "1", "metadata": {}}],
                },
            ],
        }
    ],
}


def _with_source(number: int, source: object) -> bytes:
    """The short notebook with another text in one of its cells."""
    cells = [cell | {"source": source} if index == number else cell for index, cell in enumerate(SHORT["cells"])]
    return as_json(SHORT | {"cells": cells}).encode()


def _with_copies(number: int, one: str, other: str) -> bytes:
    """The short notebook with two copies of one of its cells."""
    cells = list(SHORT["cells"])
    cells[number : number + 1] = [cells[number] | {"source": one}, cells[number] | {"source": other}]
    return as_json(SHORT | {"cells": cells}).encode()


def _handing_in(names: list) -> bytes:
    """The short notebook, which says that these files are handed in with it."""
    return as_json(SHORT | {"metadata": SHORT["metadata"] | {"hands_in": names}}).encode()


_FILES = ("best.npz", "../best.npz", "/tmp/best.npz", "a/b.safetensors", "best.npz\n", "..", "a.npz/../../b.npz")


contents = st.one_of(
    st.builds(_with_source, st.integers(0, len(SHORT["cells"]) - 1), st.one_of(texts, st.lists(texts, max_size=3))),
    st.builds(_with_copies, st.integers(0, len(SHORT["cells"]) - 1), texts, texts),
    st.lists(st.one_of(st.sampled_from(_FILES), values), max_size=3).map(_handing_in),
    one_of(SHORT, SHORT, OLD, json.loads(FIRST), mutate=mutated_json).map(lambda raw: as_json(raw).encode()),
    mutated_bytes(FIRST.encode()),
    mutated_bytes(as_json(SHORT).encode()),
    values.map(lambda value: as_json(value).encode()),
    st.sampled_from(SPELLED).map(str.encode),
    st.builds(
        lambda raw, encoding: as_json(raw).encode(encoding),
        mutated_json(SHORT),
        st.sampled_from(["utf-16", "utf-8-sig"]),
    ),
    st.binary(max_size=300),
)


def check_repaired(content: bytes, *, pictures: bool) -> None:
    """What holds of every file that is taken for a notebook."""
    try:
        found = read_notebook(content, pictures=pictures)
    except NotANotebook as problem:
        assert problem.todo
        return
    recognise(found, _releases())
    release = _releases()["01_feedforward"]
    repaired, said = repair(found, release)
    changed_tests(found, release)
    assert all(isinstance(line, str) and len(line) < 1000 for line in said)
    text = nbformat.v4.writes(repaired)
    text.encode()
    again = nbformat.v4.reads(text)
    nbformat.validate(again)
    MetadataValidator().validate_nb(again)
    tests = {cell.id: cell for cell in release.cells if is_test(cell)}
    assert {cell.id: cell for cell in again.cells if is_test(cell)} == tests
    known = [grade_id(cell) for cell in release.cells if grade_id(cell)]
    assert [grade_id(cell) for cell in again.cells if "nbgrader" in cell.metadata] == known
    given = {cell.id: cell.source for cell in release.cells if grade_id(cell) and not is_solution(cell)}
    assert {cell.id: cell.source for cell in again.cells if cell.id in given} == given
    twice, said = repair(read_notebook(text.encode(), pictures=pictures), release)
    assert [cell.source for cell in twice.cells] == [cell.source for cell in again.cells]
    assert said == []


@fuzz(contents, st.booleans(), examples=60)
def test_what_is_handed_in_is_refused_or_put_in_order(content, pictures):
    check_repaired(content, pictures=pictures)


@fuzz(contents)
def test_a_students_folder_is_read(content):
    with tempfile.TemporaryDirectory() as name:
        for file in ("01_feedforward.ipynb", "copy.ipynb"):
            Path(name, file).write_bytes(content)
        found, said = course_notebook.notebooks_in(Path(name))
        assert all(isinstance(line, str) for line in said)
        for one in found:
            assert os.path.basename(f"{one.name}.ipynb") == f"{one.name}.ipynb"  # noqa: PTH119
            assert all(os.path.basename(weights) == weights for weights in one.weights)  # noqa: PTH119
            course_notebook.unsaved(one.cells, ["", "a", "b"], True)
            assert isinstance(one.begun, bool)
        try:
            _statements(Path(name, "01_feedforward.ipynb"))
        except CannotCarry:
            pass


@fuzz(contents, st.booleans())
def test_nothing_that_was_written_is_lost_in_an_update(content, before_is_known):
    new = json.loads(FIRST)
    before = {cell["id"]: cell_digest(cell) for cell in new["cells"]} if before_is_known else {}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "01_feedforward.ipynb")
        path.write_bytes(content)
        mine = course_notebook.read_notebook(path)
        if mine is None or mine.trouble:
            return
        raw = json.loads(content.decode("utf-8-sig"))
        if raw.get("nbformat") != 4:
            return
        result = merge(raw, new, before, "2")
        again = merge(result.notebook, new, before, "2")
        assert json.dumps(again.notebook) == json.dumps(result.notebook)
        there = "\n".join(map(source_of, result.notebook["cells"]))
        for cell in raw["cells"]:
            # Without a record of what was released, a given cell that was changed may be an earlier release's.
            if cell.get("id") == "own" or (before and cell_digest(cell) not in before.values()):
                assert source_of(cell).strip() in there
        assert {cell["id"] for cell in new["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")} <= {
            cell["id"] for cell in result.notebook["cells"]
        }


ANSWERS = (
    "%%time\ndef f(x):\n    return [y for y in x if y]\n",
    "import numpy as np\n@decorated\nclass A(B):\n    x: int = 1\n",
    "%timeit -n 1 f(2)\n!ls\nf?\n",
    "try:\n    a = b = 1\nexcept (E, F) as e:\n    del a\nfinally:\n    pass\n",
    "match x:\n    case {'a': [b, *c], **d} | {}:\n        f'{b!r:>{c}}'\n",
    "lambda *a, b=1, **c: (yield a)\nglobal z; z += 1\n",
    "async def g():\n    async with a as b: await c\n",
    "x = 1 if y else (w := 2)\nprint(f'{x=}')\n",
)
NESTED = tuple(
    begin * count + end * count
    for begin, end in (
        ("(", ")"),
        ("[", "]"),
        ("-", ""),
        ("a.", "b"),
        ("f(", ")"),
        ("lambda: ", "1"),
        ("{1:", "}"),
        ("not ", "1"),
        ("a[", "]"),
        ("x=", "1"),
        ("1+", "1"),
        ("'a' ", ""),
        ("\\\n", ""),
        ("if 1:", "pass\n"),
        ("?", ""),
        ("%time ", "1"),
        ("!", ""),
        ("f'{", "}'"),
        ("a**", "b"),
        ("*", "a"),
        ("@", "a"),
    )
    for count in (30, 90, 200, 1500, 20000)
)
sources = st.one_of(
    one_of(*(answer.encode() for answer in ANSWERS), mutate=mutated_bytes).map(
        lambda content: content.decode(errors="replace")
    ),
    st.lists(st.sampled_from([*ANSWERS, *NESTED, "\n", " ", "%%time\n"]), min_size=1, max_size=4).map("".join),
    st.text(letters, max_size=60),
    texts,
)


@fuzz(sources, sources)
def test_text_of_any_kind_says_what_it_defines_or_that_it_does_not(one, other):
    written = [re.sub("[\ud800-\udfff\x00]", "\ufffd", source) for source in (one, other)]  # as read_notebook leaves it
    try:
        found = definitions(written)
        assert all(isinstance(name, str) for name in found)
    except NotAllowed:
        pass
    given = "plot(losses)"
    assert idle(dict(enumerate([*written, given])), {2}, ["f"]) <= {2}


def test_nested_sources_are_not_too_long_for_the_parser():
    """They are what they are meant to be: text that some parser refuses, and none crashes on."""
    for source in NESTED[:3]:
        ast.parse(source)
