"""Hints name the mistake that was made, and say nothing where nothing matches."""

import numpy as np
import pytest

from autograde import truth
from helpers import second_probe, toy_problem
from helpers.hints import likely_mistake


def variants(problem):
    """Wrong losses, computed here, with a word of the hint that each must bring."""
    N, K = problem.cache["Z3"].shape
    W1, W2, reg, data = problem.params["W1"], problem.params["W2"], problem.reg, problem.data_loss
    penalty = np.sum(W1**2) + np.sum(W2**2)
    return [
        (data, "without the penalty"),
        (data + reg / 2 * penalty, "half"),
        (data + reg * np.sum(W1**2), "W2 is missing"),
        (data + reg * np.sum(W2**2), "W1 is missing"),
        (data + reg * (np.linalg.norm(W1) + np.linalg.norm(W2)), "not squared"),
        (data - reg * penalty, "wrong sign"),
        (data + reg * penalty / N, "divided by N"),
        (N * data + reg * penalty, "summed over the samples"),
        (data / np.log(2) + reg * penalty, "base 2"),
        (data / K + reg * penalty, "N times K"),
        (-data + reg * penalty, "minus sign"),
        (data + reg * (np.linalg.norm(W1, 2) ** 2 + np.linalg.norm(W2, 2) ** 2), "spectral norm"),
    ]


@pytest.mark.parametrize("make", [toy_problem, second_probe])
def test_wrong_losses_are_named(make):
    problem = make()
    for value, word in variants(problem):
        hint = " ".join(likely_mistake(np.array(value), np.array(problem.loss)))
        assert word in hint, (word, value, hint)


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


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_guessed(seed):
    rng = np.random.default_rng(seed)
    assert likely_mistake(rng.normal(size=(3, 4)), rng.normal(size=(3, 4))) == []
    params, X, y, reg = truth.random_problem(rng)
    assert likely_mistake(np.array(rng.uniform(1, 3)), np.array(truth.loss(params, X, y, reg))) == []


def test_hints_hold_no_code():
    for problem in (toy_problem(), second_probe()):
        for value, _ in variants(problem):
            for hint in likely_mistake(np.array(value), np.array(problem.loss)):
                assert "np." not in hint
                assert "**" not in hint
