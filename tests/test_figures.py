"""Every figure has labelled axes, a title, and its content in words where Jupyter puts it."""

import numpy as np
import pytest

from helpers.convolution_figures import plot_side_by_side, show_filters
from helpers.figures import draw_network, plot_gradient_errors, plot_step_sizes, plot_times
from helpers.image_figures import plot_confusion, show_images, show_weights
from helpers.planar import ellipse_and_circle, plot_division
from helpers.problems import toy_problem
from helpers.training import History
from helpers.training_figures import (
    plot_curves,
    plot_depths,
    plot_intervals,
    plot_range_test,
    plot_signals,
    plot_spread,
    plot_training,
    plot_update_ratios,
)

HISTORY = History(
    losses=[2.3 / (step + 1) for step in range(100)],
    measured=[49, 99],
    accuracies={"training": [0.3, 0.52], "validation": [0.29, 0.48]},
    update_ratios={"W1": [1e-2, 1e-3], "W2": [2e-2, 3e-3]},
)
DIVERGED = History(losses=[2.0, np.inf, np.nan], measured=[2], accuracies={"training": [0.1]})
COMPARED = {f"{a} {b}": [0.9, 0.5] for a in ("training", "validation") for b in ("loss", "accuracy")}
SMOOTH = np.add.outer(np.arange(8.0), np.arange(8.0))[:, :, None].repeat(3, axis=2).reshape(-1, 1)

PICTURES = {
    "filters": lambda: show_filters(np.random.default_rng(0).normal(size=(5, 3, 3, 3))),
    "side by side": lambda: plot_side_by_side({"perceptron": COMPARED, "ConvNet": COMPARED}),
    "network": lambda: draw_network((4, 10, 3)),
    "errors": lambda: plot_gradient_errors(toy_problem().grads),
    "times": lambda: plot_times([1, 2, 4], {"slow": [1, 2, 4], "fast": [0.1, 0.1, 0.2]}),
    "steps": lambda: plot_step_sizes([1e-3, 1e-5], {"central": [1e-6, 1e-9], "one-sided": [1e-2, 1e-4]}),
    "training": lambda: plot_training(HISTORY),
    "diverged": lambda: plot_training(DIVERGED, "epoch", "A bad one"),
    "nothing yet": lambda: plot_training(History()),
    "curves": lambda: plot_curves({"slow": [1.0, 0.9], "fast": [1.0, 0.1]}, "iteration", "loss", "Two", log=True),
    "ratios": lambda: plot_update_ratios(HISTORY),
    "range": lambda: plot_range_test([1e-3, 1e-2, 1e-1, 1.0], [2.3, 1.9, 3.0, np.nan]),
    "range, all wild": lambda: plot_range_test([1e-3, 1e-2], [np.inf, np.nan]),
    "intervals": lambda: plot_intervals(["a", "b"], [0.5, 0.4], [(0.47, 0.53), (0.37, 0.43)]),
    "depths": lambda: plot_depths({"2 layers": [(0.6, 0.5), (0.62, 0.52)], "3 layers": [(0.7, 0.5)]}),
    "spread": lambda: plot_spread([[1.0, 0.5], [0.8, 0.4], [0.9, 0.6]], "epoch", "loss", "Three runs"),
    "division": lambda: plot_division(
        *ellipse_and_circle(50, np.random.default_rng(0)), lambda X: X[:, 0] > 0.5, "Plane"
    ),
    "signals": lambda: plot_signals({"He": [1.0, 1.0], "default": [1.0, 1e-3]}, "spread", "Signals"),
    "a signal that vanishes": lambda: plot_signals({"0.001": [1e-2, 1e-5, 0.0]}, "spread", "Signals"),
    "images": lambda: show_images(np.zeros((6, 4, 4, 3), np.uint8), np.arange(6) % 2, ["cat", "dog"], columns=3),
    "grey images": lambda: show_images(np.zeros((2, 4, 4, 1), np.uint8), np.arange(2), ["0", "1"], columns=2),
    "weights": lambda: show_weights(np.hstack([SMOOTH, np.random.default_rng(0).normal(size=(192, 1))]), (8, 8, 3)),
    "dead weights": lambda: show_weights(np.zeros((12, 3)), (2, 2, 3)),
    "confusion": lambda: plot_confusion(np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0]), ["cat", "dog"]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_jupyter_gets_the_figure_with_its_text(name):
    picture = PICTURES[name]()
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == metadata["image/png"]["alt"] == picture.alt
    assert len(picture.alt) > 60


PLOTS = ["side by side", "times", "steps", "training", "diverged", "curves", "ratios", "range", "depths", "signals"]


@pytest.mark.parametrize("name", PLOTS)
def test_plots_have_labels_and_a_title(name):
    for axes in PICTURES[name]().figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel()
        assert axes.get_title()


def test_text_says_the_numbers():
    assert "slow 4.0e+00 s, fast 2.0e-01 s" in PICTURES["times"]().alt
    assert "central 1e-09 at h = 1e-05" in PICTURES["steps"]().alt
    assert "training 52.0%, validation 48.0%" in PICTURES["training"]().alt
    assert "it is not finite from step 2 on" in PICTURES["diverged"]().alt
    assert "W1 from 1.0e-02 to 1.0e-03" in PICTURES["ratios"]().alt
    assert "is lowest, 1.9, at a rate of 1.0e-02" in PICTURES["range"]().alt
    assert "1 of the 2 accuracies lie in its interval" in PICTURES["intervals"]().alt
    assert "2 layers: 61.0% and 51.0%" in PICTURES["depths"]().alt
    assert "60.0% of 5 images are right" in PICTURES["confusion"]().alt
    assert "most often confused: cat, taken for dog in 50% of its images" in PICTURES["confusion"]().alt
    assert "no class is taken for another" in plot_confusion(np.arange(2), np.arange(2), ["cat", "dog"]).alt
    assert "ConvNet: validation loss 0.5, accuracy 50.0%" in PICTURES["side by side"]().alt
    assert "4 inputs, 10 hidden units, 3 outputs" in PICTURES["network"]().alt


def test_smooth_weights_and_noise_are_told_apart():
    noise = np.random.default_rng(0).normal(size=(192, 1))
    assert "differ by 0.2" in show_weights(SMOOTH, (8, 8, 3)).alt
    rough = float(show_weights(noise, (8, 8, 3)).alt.split("differ by ")[1].split()[0])
    assert 0.85 < rough < 1.15


def test_small_differences_are_written_out_not_as_an_offset():
    stuck = History(losses=[2.302585, 2.302584, 2.302583], measured=[2], accuracies={"training": [0.1]})
    for picture in (plot_training(stuck), plot_curves({"stuck": stuck.losses}, "epoch", "loss", "Stuck")):
        picture.figure.draw_without_rendering()
        axes = picture.figure.axes[0]
        assert not axes.yaxis.get_offset_text().get_text()
        assert any(label.get_text().startswith("2.30258") for label in axes.get_yticklabels())


def test_no_text_of_the_update_ratios_lies_on_a_curve():
    (axes,) = PICTURES["ratios"]().figure.axes
    assert not axes.texts
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["usually healthy", "W1", "W2"]


def test_curves_that_coincide_are_both_seen():
    curves = {name: [1.0, 0.5] for name in "abcdefg"}
    lines = plot_curves(curves, "epoch", "loss", "The same").figure.axes[0].lines
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in lines}) == len(curves)


def test_the_first_step_is_seen():
    figure = plot_training(History(losses=[2.0], measured=[0], accuracies={"training": [0.1]})).figure
    assert figure.axes[0].lines[0].get_marker() == "o"


def test_figures_can_be_shown_in_words(monkeypatch):
    monkeypatch.setenv("COURSE_FIGURES", "words")
    picture = PICTURES["ratios"]()
    assert picture._repr_mimebundle_() == ({"text/plain": picture.alt}, {})
