"""Every figure has labelled axes, a title, and its content in words where Jupyter puts it."""

import pytest

from helpers.figures import draw_network, plot_gradient_errors, plot_step_sizes, plot_times
from helpers.problems import toy_problem

PICTURES = {
    "network": lambda: draw_network((4, 10, 3)),
    "errors": lambda: plot_gradient_errors(toy_problem().grads),
    "times": lambda: plot_times([1, 2, 4], {"slow": [1, 2, 4], "fast": [0.1, 0.1, 0.2]}),
    "steps": lambda: plot_step_sizes([1e-3, 1e-5], {"central": [1e-6, 1e-9], "one-sided": [1e-2, 1e-4]}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_jupyter_gets_the_figure_with_its_text(name):
    picture = PICTURES[name]()
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == metadata["image/png"]["alt"] == picture.alt
    assert len(picture.alt) > 60


@pytest.mark.parametrize("name", ["times", "steps"])
def test_plots_have_labels_and_a_title(name):
    (axes,) = PICTURES[name]().figure.axes
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    assert axes.get_title()


def test_text_says_the_numbers():
    assert "slow 4.0e+00 s, fast 2.0e-01 s" in PICTURES["times"]().alt
    assert "central 1e-09 at h = 1e-05" in PICTURES["steps"]().alt
    assert "4 inputs, 10 hidden units, 3 outputs" in PICTURES["network"]().alt
