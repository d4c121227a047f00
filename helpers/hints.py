"""The likely mistake behind a wrong number: patterns and fingerprints. A nudge, never the answer; no match, no guess."""

import numpy as np

_TOLERANCE = 1e-6

#: What classic mistakes make of the loss on the toy problem and on the second probe.
_LOSS_FINGERPRINTS: tuple[tuple[tuple[float, ...], str], ...] = (
    ((1.265857052118, 1.931195725391), "This is the loss without the penalty: which term of (1.6) is missing?"),
    ((1.284822471724, 2.436245725391), "The penalty is half as large as in (1.6), which has no ½."),
    ((1.290466839229, 2.318195725391), "Only one of the two weight matrices is penalised: W2 is missing."),
    ((1.279178104219, 2.554295725391), "Only one of the two weight matrices is penalised: W1 is missing."),
    ((1.326743378811, 2.175667781749), "The norms in the penalty are not squared."),
    ((1.227926212906, 0.921095725391), "The penalty has the wrong sign."),
    ((1.273443219960, 2.075495725391), "The penalty is divided by N: it does not belong inside the mean over samples."),
    ((6.367216099802, 14.528470077738), "The data term is summed over the samples, not averaged."),
    ((1.864176530777, 3.796226496008), "This is the logarithm to base 2; the loss uses the natural one."),
    ((0.459883189918, 1.492898931348), "The mean runs over N times K numbers; there are N samples."),
    ((-1.227926212906, -0.921095725391), "The minus sign of (1.4) is missing."),
    (
        (1.136543127880,),
        "This is what a network that prefers no class gives. Is something applied to the scores that belongs to the hidden layer?",
    ),
)


def likely_mistake(actual: np.ndarray, expected: np.ndarray) -> list[str]:
    """One line naming the likely mistake, or none. actual, expected: finite float64 arrays of one shape."""
    nudge = _loss_mistake(float(actual)) if actual.ndim == 0 else _array_mistake(actual, expected)
    return [nudge or _scale(actual, expected)] if nudge or _scale(actual, expected) else []


def _loss_mistake(value: float) -> str:
    for fingerprints, nudge in _LOSS_FINGERPRINTS:
        if any(abs(value - mark) < _TOLERANCE * abs(mark) for mark in fingerprints):
            return nudge
    return ""


def _array_mistake(actual: np.ndarray, expected: np.ndarray) -> str:
    if actual.ndim == 2 and actual.shape[0] == actual.shape[1] and _same(actual, expected.T):
        return "These are the right numbers, transposed."
    if actual.ndim == 2 and _same(expected.sum(axis=1), np.ones(len(expected))):
        if _same(actual.sum(axis=0), np.ones(actual.shape[1])):
            return "Every column sums to 1; every row should."
        if np.isclose(actual.sum(), 1.0):
            return "The whole matrix sums to 1; every row should."
    if actual.size > 1 and _same(np.sort(actual, axis=None), np.sort(expected, axis=None)):
        return "These are the right numbers in another order: was something reshaped or transposed on the way?"
    return ""


def _scale(actual: np.ndarray, expected: np.ndarray) -> str:
    """Whether one factor turns the expected values into these."""
    if actual.size == 0 or not np.any(actual) or not np.any(expected):
        return "Every entry is 0." if actual.size and not np.any(actual) and np.any(expected) else ""
    ratio = float(np.vdot(expected, actual) / np.vdot(expected, expected))
    if actual.size == 1 and not any(np.isclose(abs(ratio), whole, rtol=1e-9) for whole in (1.0, 2.0, 0.5)):
        return ""
    if not _same(actual, ratio * expected):
        return ""
    if np.isclose(ratio, -1.0):
        return "Right size, opposite sign."
    return f"Every entry is {ratio:.6g} times what it should be: which factor is that?"


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=_TOLERANCE, atol=_TOLERANCE * np.abs(b).max(initial=0.0)))
