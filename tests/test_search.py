"""The search: every setting once, kept as it finishes, resumed; diverged runs are no rank."""

import json
import math

import numpy as np
import pytest

from helpers.search import bottom, grid, plot_search, random_settings, search, top


def run(rate, reg=0.0, log=None):
    """A run that diverges at a rate above 1; it writes down that it was called."""
    if log:
        with open(log, "a") as lines:  # noqa: PTH123
            lines.write(f"{rate} {reg}\n")
    if rate == 13:
        raise ValueError("unlucky")
    loss = np.exp(np.float64(1000.0)) * 0 if rate > 1 else rate  # nan, with a warning of NumPy's
    return {"loss": loss, "validation": 0.087 if rate > 1 else rate - reg}


def test_a_grid_has_every_combination():
    assert grid(a=[1, 2], b=["x"]) == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    assert grid() == [{}]


def test_random_settings_are_uniform_in_the_logarithm_and_reproducible():
    drawn = random_settings(500, np.random.default_rng(0), rate=(1e-4, 1e-2), hidden=[50, 100])
    assert drawn == random_settings(500, np.random.default_rng(0), rate=(1e-4, 1e-2), hidden=[50, 100])
    rates = np.array([setting["rate"] for setting in drawn])
    assert rates.min() >= 0.99e-4
    assert rates.max() <= 1.01e-2
    assert 0.4 < np.mean(rates < 1e-3) < 0.6
    assert {setting["hidden"] for setting in drawn} == {50, 100}
    json.dumps(drawn)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_are_one_row_a_setting_in_order(jobs, capsys):
    table = search(run, grid(rate=[0.1, 0.2, 5.0], reg=[0.0, 0.05]), jobs=jobs)
    assert list(table["rate"]) == [0.1, 0.1, 0.2, 0.2, 5.0, 5.0]
    assert list(table["validation"][:4]) == pytest.approx([0.1, 0.05, 0.2, 0.15])
    assert list(table["diverged"]) == [False] * 4 + [True] * 2
    assert (table["seconds"] >= 0).all()
    captured = capsys.readouterr()
    assert "search: 100%" in captured.out
    assert captured.err == ""


def test_a_search_goes_on_where_it_was(tmp_path, capsys):
    file, log = tmp_path / "results.jsonl", tmp_path / "log"
    first = search(run, grid(rate=[0.1, 5.0], log=[str(log)]), file, jobs=1)
    capsys.readouterr()
    with file.open("a") as lines:
        lines.write('{"setting": {"rate": 0.3')  # an interruption cut this one short
    both = search(run, grid(rate=[0.1, 0.2, 5.0], log=[str(log)]), file, jobs=1)
    assert log.read_text().split() == ["0.1", "0.0", "5.0", "0.0", "0.2", "0.0"]
    assert "2 of 3 results were found in" in capsys.readouterr().out
    assert list(both["diverged"]) == [False, False, True]
    assert both["validation"][0] == first["validation"][0]
    assert math.isnan(both["loss"][2])


def test_after_a_line_that_was_cut_short_results_are_kept_too(tmp_path):
    file, log = tmp_path / "results.jsonl", tmp_path / "log"
    file.write_text('{"setting": {"rate": 0.3')
    for rates in ([0.1], [0.1, 0.2]):
        search(run, grid(rate=rates, log=[str(log)]), file, jobs=1)
    assert log.read_text().split() == ["0.1", "0.0", "0.2", "0.0"]


def test_numbers_of_numpy_are_kept_as_numbers(tmp_path):
    for rates in (np.array([0.5, 0.25]), [0.5, 0.25]):
        table = search(run, grid(rate=rates, reg=np.arange(1)), tmp_path / "results.jsonl", jobs=1)
        assert list(table["rate"]) == [0.5, 0.25]
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 2


def test_an_exception_is_raised_and_what_was_done_is_kept(tmp_path):
    with pytest.raises(ValueError, match="unlucky"):
        search(run, grid(rate=[0.1, 0.2, 13]), tmp_path / "results.jsonl", jobs=1)
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 2


def test_a_setting_that_comes_twice_runs_once(tmp_path):
    log = tmp_path / "log"
    table = search(run, [{"rate": 0.1, "log": str(log)}] * 2, jobs=1)
    assert len(table) == 1
    assert len(log.read_text().splitlines()) == 1


def test_large_arrays_reach_the_workers(tmp_path):
    big = np.ones((500, 1000), np.float32)

    def uses(number):
        return {"sum": big[:number].sum()}

    table = search(uses, grid(number=[1, 2]), jobs=2)
    assert list(table["sum"]) == [1000, 2000]


@pytest.fixture
def table():
    return search(run, grid(rate=[0.1, 0.2, 0.3, 5.0], reg=[0.0, 0.05]), jobs=1)


def test_a_diverged_run_is_never_among_the_best(table):
    assert list(top(table, 3)["rate"]) == [0.3, 0.3, 0.2]
    assert not top(table, 10)["diverged"].any()


def test_the_worst_are_marked_when_they_diverged(table):
    worst = bottom(table, 3)
    assert list(worst["diverged"]) == [True, True, False]
    assert worst["validation"][:2].isna().all()
    assert worst["rate"][2] == 0.1


def test_the_heat_map_says_its_best_and_what_diverged(table):
    picture = plot_search(table, "rate", "reg")
    assert "best 30.0% at rate = 0.3, reg = 0" in picture.alt
    assert "2 runs diverged" in picture.alt
    axes = picture.figure.axes[0]
    shown = [text.get_text() for text in axes.texts]
    assert shown.count("diverged") == 2
    assert "15.0%" in shown
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("rate", "reg")
    nothing = plot_search(table[table["diverged"]], "rate", "reg")
    assert "every run diverged" in nothing.alt
