"""Numerical gradients, relative errors and the gradient check."""

import itertools

import numpy as np
import pytest

from autograde import truth
from helpers import exercise, gradient_check, numerical_gradient, relative_error, second_probe, toy_problem
from helpers.gradients import norm_error


def loss_of(problem):
    return lambda params: truth.loss(params, problem.X, problem.y, problem.reg)


def test_numerical_gradient_of_a_known_function():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    np.testing.assert_allclose(numerical_gradient(lambda v: np.sum(np.sin(v)), x), np.cos(x), atol=1e-10)


def test_numerical_gradient_of_integers_and_scalars():
    gradient = numerical_gradient(lambda v: float(np.sum(v**2)), np.array([1, 2, 3]))
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, [2, 4, 6], rtol=1e-9)
    assert numerical_gradient(lambda v: v**3, np.array(2.0)) == pytest.approx(12.0)


def test_numerical_gradient_of_a_dict_leaves_its_argument_alone():
    params = {"a": np.array([1.0, 2.0]), "b": np.array(3.0)}
    gradient = numerical_gradient(lambda p: p["a"].sum() * p["b"], params)
    np.testing.assert_allclose(gradient["a"], [3, 3])
    assert gradient["b"] == pytest.approx(3.0)
    np.testing.assert_array_equal(params["a"], [1.0, 2.0])


def test_a_function_that_changes_its_argument_does_no_harm():
    def spoil(v):
        value = np.sum(v**2)
        v[:] = 99.0
        return value

    np.testing.assert_allclose(numerical_gradient(spoil, np.array([1.0, -1.0])), [2.0, -2.0])


def test_a_function_of_several_numbers_is_refused():
    with pytest.raises(ValueError, match="returned shape"):
        numerical_gradient(lambda v: v, np.ones(2))


def test_relative_error_is_the_sheets_measure():
    assert relative_error(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == 0
    assert relative_error(np.array([1.0, 1.1]), np.array([1.0, 0.9])) == pytest.approx(0.1)
    assert relative_error(np.zeros(2), np.array([0.0, 1e-12])) == pytest.approx(1e-4)
    with pytest.raises(ValueError, match="shapes differ"):
        relative_error(np.zeros(2), np.zeros(3))


def test_norm_error_of_zero_and_opposite():
    assert norm_error(np.zeros(3), np.zeros(3)) == 0
    assert norm_error(np.ones(3), -np.ones(3)) == pytest.approx(1.0)


@pytest.mark.parametrize("make", [toy_problem, second_probe])
def test_right_gradients_pass(make):
    problem = make()
    check = gradient_check(loss_of(problem), problem.params, problem.grads)
    assert check.passed
    assert [row.verdict for row in check.rows] == ["right"] * 4


def test_toy_problem_is_below_the_sheets_bar():
    toy = toy_problem()
    assert gradient_check(loss_of(toy), toy.params, toy.grads).max_error < 1e-8


@pytest.mark.parametrize("h", [1e-3, 1e-4, 1e-6, 1e-7])
def test_no_other_step_reaches_the_sheets_bar(h):
    toy = toy_problem()
    assert gradient_check(loss_of(toy), toy.params, toy.grads, h=h).max_error > 1e-8


def test_a_wrong_gradient_is_located():
    probe = second_probe()
    grads = {**probe.grads, "W2": probe.grads["W2"].copy()}
    grads["W2"][3, 1] *= 2
    check = gradient_check(loss_of(probe), probe.params, grads)
    assert not check.passed
    wrong = [row for row in check.rows if row.verdict == "wrong"]
    assert [(row.name, row.worst) for row in wrong] == [("W2", (3, 1))]
    assert wrong[0].ratio == pytest.approx(2.0, rel=1e-6)
    assert "W2" in str(check)
    assert "wrong" in str(check)


def at_a_kink():
    """The second probe with one pre-activation, of sample 6 and unit 2, exactly 0."""
    probe = second_probe()
    probe.params["W1"][:, 2], probe.params["b1"][2], probe.X[6, :2] = [0.5, -0.5, 0, 0, 0], 0.0, 0.75
    return probe


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_every_slope_between_both_sides_is_right_at_a_kink(slope):
    problem = at_a_kink()
    cache = truth.cache(problem.params, problem.X)
    assert cache["Z2"][6, 2] == 0
    dZ3 = cache["P"].copy()
    dZ3[np.arange(7), problem.y] -= 1
    mask = np.where(cache["Z2"] == 0, slope, cache["Z2"] > 0)
    dZ2 = dZ3 / 7 @ problem.params["W2"].T * mask
    grads = {
        "W1": problem.X.T @ dZ2 + 2 * problem.reg * problem.params["W1"],
        "b1": dZ2.sum(0),
        "W2": cache["A2"].T @ dZ3 / 7 + 2 * problem.reg * problem.params["W2"],
        "b2": dZ3.sum(0) / 7,
    }
    check = gradient_check(loss_of(problem), problem.params, grads)
    assert check.passed, str(check)
    if slope != 0.5:  # half-way is what a central difference gives at a kink
        assert {row.name for row in check.rows if row.verdict == "kink"} == {"W1", "b1"}
    wrong = {**grads, "b1": grads["b1"] + np.where(np.arange(9) == 2, 1.0, 0.0)}
    assert not gradient_check(loss_of(problem), problem.params, wrong).passed


def test_missing_or_misshapen_gradients_are_named():
    toy = toy_problem()
    with pytest.raises(KeyError, match="no gradient for 'b2'"):
        gradient_check(loss_of(toy), toy.params, {k: v for k, v in toy.grads.items() if k != "b2"})
    with pytest.raises(ValueError, match="the gradient of W1 has shape"):
        gradient_check(loss_of(toy), toy.params, {**toy.grads, "W1": toy.grads["W1"].T})


def test_the_picture_has_one_labelled_panel_per_parameter():
    toy = toy_problem()
    picture = gradient_check(loss_of(toy), toy.params, toy.grads).plot()
    panels = picture.figure.axes[:4]
    assert [panel.get_title().split(":")[0] for panel in panels] == ["W1", "b1", "W2", "b2"]
    assert all(panel.get_xlabel() for panel in panels)
    assert "W1 3.6e-09" in picture.alt


@pytest.mark.parametrize(
    ("name", "spoil", "says"),
    [
        ("W1", lambda value, parameter: value - 0.03 * parameter, "off by -0.03 times its own parameter"),
        ("W2", lambda value, parameter: value + 0.5 * parameter, "off by 0.5 times its own parameter"),
        ("b1", lambda value, _: 7 * value, "Every entry is 7 times what it should be"),
        ("W2", lambda value, _: -value, "opposite sign"),
        ("b2", lambda value, _: value + np.array([0.0, 0.1, -0.3, 0.7]), ""),
    ],
)
def test_the_pattern_in_a_wrong_gradient_is_written_under_its_heat_map(name, spoil, says):
    probe = second_probe()
    grads = {**probe.grads, name: spoil(probe.grads[name], probe.params[name])}
    check = gradient_check(loss_of(probe), probe.params, grads)
    patterns = {row.name: row.pattern for row in check.rows if row.pattern}
    assert list(patterns) == ([name] if says else [])
    assert says in patterns.get(name, "")
    picture = check.plot()
    assert all(pattern in str(check) and pattern in picture.alt for pattern in patterns.values())
    under = [" ".join(axes.get_xlabel().split()) for axes in picture.figure.axes]
    assert all(f"column {pattern}" in under for pattern in patterns.values())


def test_a_slow_gradient_has_a_progress_bar_but_not_in_what_a_check_says_was_printed(monkeypatch, capsys):
    monkeypatch.setattr("tqdm.std.time", itertools.count(0, 10).__next__)  # every look at the clock, ten seconds later
    numerical_gradient(np.sum, np.ones(3))
    assert "numerical gradient" in capsys.readouterr().out
    with exercise("slow"):
        numerical_gradient(np.sum, np.ones(3))
    assert capsys.readouterr().out == "✓ slow: passed\n"
