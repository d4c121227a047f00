"""The curve that watches a training: what it measures, when it draws, and that it changes nothing."""

import numpy as np
import pytest

from helpers import training
from helpers.training import TrainingCurve, update_ratios


class Screen:
    """Stands in for the notebook: keeps what is displayed."""

    def __init__(self):
        self.pictures = []

    def __call__(self, picture, display_id):
        assert display_id
        self.pictures.append(picture)
        return self

    def update(self, picture):
        self.pictures.append(picture)


@pytest.fixture
def screen(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(training, "display", screen)
    return screen


def watched(curve, steps, in_place=False):
    """A training of one weight that halves, and a bias."""
    params = {"W": np.array([8.0]), "b": np.array([1.0])}
    for step in range(steps):
        if in_place:
            params["W"] /= 2
        else:
            params = params | {"W": params["W"] / 2}
        curve(step, 1.0 / (step + 1), params)


def test_it_measures_when_asked_and_at_the_end(screen, capsys):
    curve = TrainingCurve(7, {"size": lambda params: params["W"][0] / 8}, every=3)
    watched(curve, 7)
    assert curve.history.losses == [1 / step for step in range(1, 8)]
    assert curve.history.measured == [2, 5, 6]
    assert curve.history.accuracies == {"size": [1 / 8, 1 / 64, 1 / 128]}
    captured = capsys.readouterr()
    assert "7/7" in captured.out
    assert captured.err == ""
    assert len(screen.pictures) == 1
    assert "from 1 to 0.143 after 7" in screen.pictures[0].alt


@pytest.mark.parametrize("in_place", [False, True])
def test_update_ratios_are_of_one_step_even_in_place(screen, in_place):
    curve = TrainingCurve(6, {}, every=3)
    watched(curve, 6, in_place)
    assert curve.history.update_ratios == {"W": [0.5, 0.5]}


def test_the_figure_grows_while_it_runs(screen, monkeypatch):
    monkeypatch.setattr(training, "_SECONDS_BETWEEN_FIGURES", -1.0)
    watched(TrainingCurve(4, {"one": lambda _: 1.0}), 4)
    assert len(screen.pictures) == 4


def test_no_progress_bar_stands_still_above_the_figure(screen, monkeypatch, capsys):
    monkeypatch.setattr(training, "_SECONDS_BETWEEN_FIGURES", -1.0)
    curve = TrainingCurve(3, {})
    watched(curve, 1)  # the first step draws; what is printed later comes below the figure
    *_, line, end = capsys.readouterr().out.split("\r")
    assert line.isspace()
    assert end == ""


def test_it_watches_models_too(screen):
    curve = TrainingCurve(2, {"half": lambda _: 0.5}, unit="epoch")
    for epoch in range(2):
        curve(epoch, 1.0, object())
    assert curve.history.update_ratios == {}
    assert curve.history.accuracies == {"half": [0.5, 0.5]}


def test_update_ratios_leave_biases_out():
    before = {"W1": np.array([3.0, 4.0]), "b1": np.zeros(1)}
    after = {"W1": np.array([3.0, 3.5]), "b1": np.ones(1)}
    assert update_ratios(before, after) == {"W1": 0.1}
    assert update_ratios({"W1": np.zeros(2)}, {"W1": np.zeros(2)}) == {"W1": 0.0}
