"""Hints name the mistake that was made, and say nothing where nothing matches."""

import re
from pathlib import Path

import numpy as np
import pytest

from autograde import truth
from autograde.course import Course
from autograde.planted import all_patches
from helpers import check_close, exercise, fresh_inputs, hints, second_probe, toy_problem
from helpers.hints import fingerprint, known_mistakes, likely_mistake
from helpers.verdicts import CheckFailed
from tests.conftest import ROOT

PATCHES = {patch.name: patch for patch in all_patches(Course(ROOT))}


def variants(problem):
    """Wrong losses, computed here, by the name of the mistake."""
    N, K = problem.cache["Z3"].shape
    W1, W2, reg, data = problem.params["W1"], problem.params["W2"], problem.reg, problem.data_loss
    penalty = np.sum(W1**2) + np.sum(W2**2)
    return {
        "loss-penalty-missing": data,
        "loss-half-penalty": data + reg / 2 * penalty,
        "loss-only-w1-penalised": data + reg * np.sum(W1**2),
        "loss-norm-not-squared": data + reg * (np.linalg.norm(W1) + np.linalg.norm(W2)),
        "loss-penalty-over-n": data + reg * penalty / N,
        "loss-spectral-norm": data + reg * (np.linalg.norm(W1, 2) ** 2 + np.linalg.norm(W2, 2) ** 2),
        "loss/only-w2-penalised": data + reg * np.sum(W2**2),
        "loss/penalty-subtracted": data - reg * penalty,
        "loss/sum-instead-of-mean": N * data + reg * penalty,
        "loss/log-base-2": data / np.log(2) + reg * penalty,
        "loss/mean-over-all-entries": data / K + reg * penalty,
        "loss/minus-sign-missing": -data + reg * penalty,
        "loss/relu-on-output": np.log(K) + reg * penalty,
    }


@pytest.mark.parametrize("name", variants(toy_problem()))
def test_wrong_losses_are_named(name):
    problem = toy_problem()
    with pytest.raises(CheckFailed) as failed, exercise("q1b-loss"):
        check_close(variants(problem)[name], problem.loss, "the loss")
    assert PATCHES[name].says
    assert PATCHES[name].says in str(failed.value)
    assert len(str(failed.value).splitlines()) == 4


@pytest.mark.parametrize(
    ("divisor", "names"),
    [(10, ("loss/over-twice-n", "loss/over-the-hidden-units")), (4, ("loss/over-n-minus-1", "loss/over-the-features"))],
)
def test_mistakes_that_cannot_be_told_apart_are_all_named(divisor, names):
    problem = toy_problem()  # where 2N = H and N - 1 = D
    loss = problem.loss - problem.data_loss + problem.data_loss * len(problem.y) / divisor
    with pytest.raises(CheckFailed) as failed, exercise("q1b-loss"):
        check_close(loss, problem.loss, "the loss")
    assert all(PATCHES[name].says in str(failed.value) for name in names)
    assert " Or: " in str(failed.value)


def test_softmax_over_the_wrong_axis_is_named():
    Z, P = second_probe().cache["Z3"], second_probe().cache["P"]
    E = np.exp(Z - Z.max())
    assert "column sums to 1" in likely_mistake(E / E.sum(axis=0), P)[0]
    assert "whole matrix" in likely_mistake(E / E.sum(), P)[0]


def test_scale_sign_transpose_and_order_are_named():
    square = np.array([[1.0, 2.0], [3.0, 4.5]])
    assert "opposite sign" in likely_mistake(-square, square)[0]
    assert "0.2 times" in likely_mistake(square / 5, square)[0]
    assert "transposed" in likely_mistake(square.T, square)[0]
    wide = np.arange(1.0, 7.0).reshape(2, 3)
    assert "another order" in likely_mistake(wide.T.reshape(2, 3), wide)[0]


def test_patterns_of_wrong_entries_are_named():
    Z = second_probe().cache["Z2"]
    relu = np.maximum(Z, 0)
    assert "should be 0" in likely_mistake(np.where(Z > 0, Z, 0.01 * Z), relu)[0]
    assert "should be 0" in likely_mistake(np.abs(Z), relu)[0]
    assert "off by the same numbers" in likely_mistake(Z - second_probe().params["b1"], Z)[0]
    P, y = second_probe().cache["P"], second_probe().y
    onehot = np.eye(4)[y]
    assert "In every row one entry is off, always by 0.142857" in likely_mistake(P / 7, (P - onehot) / 7)[0]
    assert "do not sum to 1" in likely_mistake(np.exp(second_probe().cache["Z3"]), P)[0]


def test_factors_of_a_number_are_named():
    assert "6 times" in likely_mistake(np.array(6 * np.log(3)), np.array(np.log(3)))[0]
    assert "1/3 of" in likely_mistake(np.array(np.log(3) / 3), np.array(np.log(3)))[0]
    assert "base 2" in likely_mistake(np.array(np.log2(3)), np.array(np.log(3)))[0]
    assert "opposite sign" in likely_mistake(np.array(-1.5), np.array(1.5))[0]
    assert likely_mistake(np.array(1.7), np.array(1.3)) == []


def test_simple_functions_of_what_is_expected_are_named():
    expected = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    assert "the square of" in likely_mistake(expected**2, expected)[0]
    assert "the square root of" in likely_mistake(np.sqrt(expected), expected)[0]
    assert "the logarithm of" in likely_mistake(np.log(expected), expected)[0]
    assert "the exponential of" in likely_mistake(np.exp(expected), expected)[0]
    assert "1 divided by" in likely_mistake(1 / expected, expected)[0]
    assert "1 minus" in likely_mistake(1 - expected, expected)[0]
    assert "the square of" in likely_mistake(np.array(0.37**2), np.array(0.37))[0]
    assert "the square root of" in likely_mistake(np.array(0.37**0.5), np.array(0.37))[0]


def test_functions_that_anything_would_match_are_not_named():
    tiny = np.array([1e-9, 2e-9, 3e-9])
    assert likely_mistake(np.ones(3), tiny) == []  # 1 minus, and the exponential
    assert likely_mistake(np.array([1.0, 1.0, 4.0]), np.array([1.0, 1.0, 2.0])) == []  # whole numbers
    assert likely_mistake(np.array(4.0), np.array(2.0)) == ["It is 2 times what it should be: which count is that?"]
    assert likely_mistake(np.array(9.0), np.array(83.0)) == []


def test_signs_are_named():
    expected = np.array([[0.2, -0.3], [0.6, 0.25]])
    assert "some have the wrong sign" in likely_mistake(np.abs(expected), expected)[0]
    assert likely_mistake(np.array([0.5, 0.7]), np.array([0.5, -0.7])) == []


def test_what_is_added_everywhere_is_named():
    Z = second_probe().cache["Z2"]
    assert "same number, 0.25" in likely_mistake(Z + 0.25, Z)[0]
    assert "same number, -3" in likely_mistake(Z[0] - 3, Z[0])[0]


def test_moved_rows_and_columns_are_named():
    Z = second_probe().cache["Z2"]
    assert "rows, from the last to the first" in likely_mistake(Z[::-1], Z)[0]
    assert "columns, from the last to the first" in likely_mistake(Z[:, ::-1], Z)[0]
    assert "Every row is one place further" in likely_mistake(np.roll(Z, 1, axis=0), Z)[0]
    assert "Every column is one place further" in likely_mistake(np.roll(Z, -1, axis=1), Z)[0]
    late = np.vstack([np.zeros(Z.shape[1]), Z[:-1]])
    assert "The rows stand one place beside" in likely_mistake(late, Z)[0]
    assert "The columns stand one place beside" in likely_mistake(late.T, Z.T)[0]
    alike = np.tile(Z[0], (4, 1))
    assert likely_mistake(np.vstack([Z[1], alike[1:]]), alike) == ["Only row 0 is wrong: what is different there?"]


def test_one_row_or_column_is_named():
    Z = second_probe().cache["Z2"]
    for index, words in (((3,), "Only row 3"), ((slice(None), 0), "Only column 0")):
        wrong = Z.copy()
        wrong[index] *= 1.5
        assert words in likely_mistake(wrong, Z)[0]
    wrong = Z.copy()
    wrong[3, 0] += 1
    assert likely_mistake(wrong, Z) == []  # is it the row or the column?


@pytest.mark.parametrize("seed", range(200))
def test_nothing_is_guessed(seed):
    rng = np.random.default_rng(seed)
    draws = (
        lambda size: rng.normal(size=size),
        lambda size: rng.uniform(size=size),
        lambda size: np.exp(rng.normal(scale=5.0, size=size)),
        lambda size: rng.dirichlet(np.ones(size[-1]), size=size[:-1]),
        lambda size: 1e-12 * rng.normal(size=size),
    )
    for size in ((3, 4), (2, 3), (4, 3), (7, 5), (1, 2), (2,), (5,), (2, 3, 4)):
        for draw in draws:
            actual, expected = draw(size), draw(size)
            assert likely_mistake(actual, expected) == []
            assert known_mistakes("q1b-loss", fingerprint(actual)) == []
    params, X, y, reg = truth.random_problem(rng)
    loss = truth.loss(params, X, y, reg)
    for value in (rng.uniform(1, 3), loss + rng.normal(), rng.normal()):
        assert likely_mistake(np.array(value), np.array(loss)) == []
        assert known_mistakes("q1b-loss", fingerprint(value)) == []


@pytest.mark.parametrize(
    "wrong", [lambda Z: 0.37 * Z, lambda Z: Z + 0.37, lambda Z: np.where(np.arange(len(Z))[:, None] == 3, 2 * Z, Z)]
)
def test_a_hint_with_a_number_is_for_visible_inputs_alone(wrong):
    Z = second_probe().cache["Z2"]
    number = r"0\.37|row 3"
    with pytest.raises(CheckFailed, match=number), exercise("q1a-relu"):
        check_close(wrong(Z), Z, "relu(Z)")
    with pytest.raises(CheckFailed) as failed, fresh_inputs("q1a-relu"):
        check_close(wrong(Z), Z, "relu(Z)")
    assert not re.search(number, str(failed.value))
    with pytest.raises(CheckFailed, match="opposite sign"), fresh_inputs("q1a-relu"):
        check_close(-Z, Z, "relu(Z)")


def test_one_wrong_entry_is_no_pattern():
    for seed in range(50):
        rng = np.random.default_rng(seed)
        expected = rng.normal(size=(5, 4))
        wrong = expected.copy()
        wrong[rng.integers(5), rng.integers(4)] += 1
        assert likely_mistake(wrong, expected) == []


def test_hints_hold_no_code():
    for text in Path(hints.__file__).read_text(encoding="utf-8").split('return "')[1:]:
        assert not re.search(r"np\.|\*\*", text.splitlines()[0])
