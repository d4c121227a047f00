"""What a person who sits before a notebook sees: verdicts as cards, and the points at its top."""

import shutil
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers import check_close, exercise, points
from helpers.cards import Card, somebody_reads
from helpers.points import Strip, show_points
from helpers.verdicts import WrongValue
from tests.conftest import ROOT

CHECK = 'from helpers import check_close, exercise\nwith exercise("{}"):\n    check_close({}, 2.0, "it")'


class Screen(list):
    """What was displayed, and in `updates` what became of it."""

    def __init__(self) -> None:
        self.updates: list[str] = []

    def __call__(self, shown: object, **_: object) -> "Screen":
        self.append(shown)
        return self

    def update(self, shown: object) -> None:
        self.updates.append(repr(shown))


@pytest.fixture
def screen(monkeypatch):
    """A person reads."""
    screen = Screen()
    for module in ("helpers.exercise", "helpers.points"):
        monkeypatch.setattr(sys.modules[module], "somebody_reads", lambda: True)
        monkeypatch.setattr(sys.modules[module], "display", screen)
    return screen


@pytest.fixture
def shell(monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(points, "get_ipython", lambda: shell)
    return shell


def test_a_verdict_is_a_card_and_its_line_in_red(screen):
    with exercise("q1-a"):
        check_close(2.0, 2.0, "it")
    with pytest.raises(WrongValue) as raised, exercise("q1-a"):
        check_close(-2.5, 2.5, "f(<b>)")
    passed, wrong = screen
    assert (passed.outcome, wrong.outcome) == ("passed", "wrong")
    assert repr(passed) == "✓ q1-a: passed"
    assert repr(wrong) == f"✗ {raised.value}"
    assert "f(&lt;b&gt;) is wrong." in wrong._repr_html_()
    assert "opposite sign" in wrong._repr_html_()
    assert raised.value._render_traceback_() == ["\x1b[0;31m✗ q1-a: wrong value\x1b[0m"]


def test_where_nobody_reads_a_verdict_is_text(capsys):
    assert not somebody_reads()
    with exercise("q1-a"):
        check_close(2.0, 2.0, "it")
    assert capsys.readouterr().out == "✓ q1-a: passed\n"
    with pytest.raises(WrongValue) as raised, exercise("q1-a"):
        check_close(-2.5, 2.5, "it")
    assert len(raised.value._render_traceback_()) == 4
    show_points("01_feedforward.ipynb", ROOT / "notebooks")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("outcome", ["passed", "wrong", "open"])
def test_a_card_says_the_same_without_colour(outcome):
    card = Card(outcome, "q1-a", ("the <i>first</i>", "yours     1", "a nudge"))
    for line in ("the &lt;i&gt;first", "yours     1", "a nudge", repr(card)[0]):
        assert line in card._repr_html_()


def test_the_strip_is_what_the_notebook_says_and_follows_its_checks(screen, shell):
    show_points("02_backprop.ipynb", ROOT / "notebooks")
    strip = screen[0]
    assert sum(strip.points.values()) == 50
    assert strip.by_hand
    for exercise_id, value, points_now in (("q2a-scores", 2.0, 5), ("q2b-weights", 3.0, 5), ("q2a-scores", 1.0, 0)):
        gained = strip.points["q2a-scores"] if points_now else 0
        shell.run_cell(CHECK.format(exercise_id, value))
        assert screen.updates[-1].startswith(f"Checks pass for {gained:g} of ")
    assert strip.outcomes == {"q2a-scores": "wrong", "q2b-weights": "wrong"}
    shell.run_cell(
        'from helpers import exercise\nwith exercise("q2a-scores"):\n    raise NotImplementedError("q2a-scores")'
    )
    assert strip.outcomes["q2a-scores"] == "open"
    before = list(screen.updates)
    shell.run_cell(CHECK.format("q9-not-of-this-notebook", 2.0))
    shell.run_cell("1 + 1")
    assert screen.updates == before


def test_the_cell_run_again_keeps_what_passed(screen, shell):
    show_points("01_feedforward.ipynb", ROOT / "notebooks")
    shell.run_cell(CHECK.format("q1-warmup", 2.0))
    show_points("01_feedforward.ipynb", ROOT / "notebooks")
    assert repr(screen[-1]).startswith("Checks pass for 1 of 20 points.")
    shell.run_cell(CHECK.format("q1a-affine", 2.0))
    assert len(screen.updates) == 2  # one for each check: of one strip, not two
    assert screen.updates[-1].startswith("Checks pass for 3 of 20 points.")


def test_a_strip_tells_by_signs_and_words_too():
    strip = Strip({"q1-a": 2.0, "q1-<b>": 3.0, "q1-why": 4.0}, frozenset({"q1-why"}), {"q1-a": "passed"})
    assert repr(strip) == (
        "Checks pass for 2 of 5 points; 4 more are marked by hand.\n✓ q1-a (2)  … q1-<b> (3)  ✎ q1-why (4)"
    )
    html = strip._repr_html_()
    for told in ('aria-label="its check passes:"', 'aria-label="marked by hand:"', "q1-&lt;b&gt; · 3"):
        assert told in html


@pytest.mark.parametrize("broken", ["", "[]", "not a notebook", '{"cells": [{"metadata": 3}]}'])
def test_a_notebook_that_is_not_there_costs_nothing(screen, shell, tmp_path, capsys, broken):
    shutil.copy(ROOT / "notebooks" / "01_feedforward.ipynb", tmp_path / "renamed.ipynb")
    if broken:
        (tmp_path / "01_feedforward.ipynb").write_text(broken)
    show_points("01_feedforward.ipynb", tmp_path)
    assert not screen
    assert "not in this folder under that name" in capsys.readouterr().out
