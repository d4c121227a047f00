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
