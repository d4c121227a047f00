"""The stored answers are torch's, and the numbers of the exercise sheet."""

import json
from pathlib import Path

import numpy as np
import pytest

import helpers
from helpers import second_probe, toy_problem
from tests.torch_truth import answers


@pytest.mark.parametrize("make", [toy_problem, second_probe])
def test_answers_are_those_of_torch(make):
    problem = make()
    truth = answers(problem.params, problem.X, problem.y, problem.reg)
    assert problem.loss == pytest.approx(truth["loss"], rel=1e-14)
    assert problem.data_loss == pytest.approx(truth["data_loss"], rel=1e-14)
    for key in ("Z2", "A2", "Z3", "P"):
        np.testing.assert_allclose(problem.cache[key], truth["cache"][key], rtol=1e-12, atol=1e-14)
    for key in problem.params:
        np.testing.assert_allclose(problem.grads[key], truth["grads"][key], rtol=1e-10, atol=1e-15)
        assert problem.grads[key].shape == problem.params[key].shape
        assert problem.grads[key].dtype == np.float64


def test_numbers_of_the_sheet():
    toy = toy_problem()
    assert toy.loss == pytest.approx(1.30378789133, abs=1e-11)
    np.testing.assert_allclose(toy.cache["P"][0], [0.36446210, 0.22911264, 0.40642526], atol=5e-9)
    assert toy.reg == 0.05


def test_probe_sees_what_the_toy_problem_cannot():
    probe = second_probe()
    (N, D), (H, K) = probe.X.shape, probe.params["W2"].shape
    assert len({N, D, H, K, N - 1, 2 * N, N * K}) == 7
    assert np.all(probe.params["b1"] != 0)
    assert np.all(probe.params["b2"] != 0)
    assert np.abs(probe.cache["Z2"]).min() > 0.05
    assert probe.loss == pytest.approx(2.941295725391, abs=1e-11)


def test_each_call_gives_fresh_arrays():
    toy_problem().params["W1"][:] = 0
    assert toy_problem().params["W1"].any()


def test_no_stored_answer_is_missing():
    stored = json.loads(Path(helpers.__file__).with_name("answers.json").read_text())
    assert stored.keys() == {"toy", "probe"}
