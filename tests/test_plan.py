"""Is a cell that only shows something left out exactly when nothing of the student's could miss it?"""

import pytest

from autograde.plan import idle

SHOWS = {1: "toy = make()\nshow(toy)", 2: "steps = [1]\nplot(toy, steps)"}


@pytest.mark.parametrize(
    ("source", "left_out"),
    [
        ("def answer(x):\n    return x", {1, 2}),
        ("def answer(toy):\n    steps = toy\n    return steps", {1, 2}),  # its own names
        ("def answer(x):\n    return toy.x", {2}),
        ("print(toy)", {2}),
        ("class Answer:\n    steps = steps", set()),  # and steps need toy
        ("def answer(x):\n    return globals()['toy']", set()),
        ("def answer(x):\n    return eval('to' + 'y')", set()),
        ("%time answer(toy)", set()),
        ("answer?", set()),
        ("def answer(:", set()),
        ("(" * 5000, set()),
    ],
)
def test_what_shows_is_left_out_unless_it_is_used(source, left_out):
    assert idle(SHOWS | {0: source}, SHOWS, []) == left_out


def test_what_a_test_needs_is_run():
    assert idle(SHOWS | {0: "x = 1"}, SHOWS, ["toy"]) == {2}
    assert idle(SHOWS | {0: "x = 1"}, SHOWS, ["answer"]) == {1, 2}
