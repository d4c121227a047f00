"""The truth of the hidden tests agrees with torch, which computes it in another way."""

import numpy as np
import pytest

from autograde import truth
from helpers.gradients import norm_error
from tests.torch_truth import answers


@pytest.mark.parametrize("seed", range(20))
def test_random_problems_agree_with_torch(seed):
    params, X, y, reg = truth.random_problem(np.random.default_rng(seed))
    expected = answers(params, X, y, reg)
    assert truth.loss(params, X, y, reg) == pytest.approx(expected["loss"], rel=1e-12)
    assert truth.cross_entropy(truth.cache(params, X)["Z3"], y) == pytest.approx(expected["data_loss"], rel=1e-12)
    for key, value in expected["cache"].items():
        np.testing.assert_allclose(truth.cache(params, X)[key], value, rtol=1e-9, atol=1e-12)
    for key, value in truth.gradient(params, X, y, reg).items():
        assert norm_error(value, np.array(expected["grads"][key])) < 1e-7, key


@pytest.mark.parametrize("seed", range(50))
def test_random_problems_are_never_degenerate(seed):
    params, X, y, reg = truth.random_problem(np.random.default_rng(seed))
    sizes = (*X.shape, *params["W2"].shape)
    assert len(set(sizes)) == 4
    assert np.abs(truth.cache(params, X)["Z2"]).min() > truth.KINK_DISTANCE
    assert reg > 0
    assert len(set(y)) > 1
    assert np.all(params["b1"] != 0)
    assert np.all(params["b2"] != 0)


def test_right_blocks_replace_wrong_ones_for_a_second_try_only():
    namespace = {"half": lambda x: x / 3}
    tried = []

    def check():
        tried.append(namespace["half"](6))
        assert tried[-1] == 3

    truth.either(check, namespace, half=lambda x: x / 2, unused=None)()
    assert tried == [2, 3]
    assert namespace["half"](6) == 2
    assert "unused" not in namespace


def test_a_check_that_fails_both_times_tells_the_first_failure():
    failures = iter([ValueError("first"), KeyError("second")])

    def check():
        raise next(failures)

    with pytest.raises(ValueError, match="first"):
        truth.either(check, {}, half=None)()


def test_the_right_blocks_are_right():
    params, X, y, reg = truth.random_problem(np.random.default_rng(3))
    cache, expected = truth.cache(params, X), answers(params, X, y, reg)["grads"]
    dZ3 = truth.scores_gradient(cache["P"], y)
    dZ2 = truth.hidden_gradient(dZ3, params["W2"], cache["Z2"])
    np.testing.assert_allclose(truth.weight_gradient(cache["A2"], dZ3, params["W2"], reg), expected["W2"], rtol=1e-10)
    np.testing.assert_allclose(truth.weight_gradient(X, dZ2, params["W1"], reg), expected["W1"], rtol=1e-10)
    np.testing.assert_allclose(truth.bias_gradient(dZ3), expected["b2"], rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(truth.bias_gradient(dZ2), expected["b1"], rtol=1e-10, atol=1e-15)
