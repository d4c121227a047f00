"""The handout's figures: the network, the computational graph with shapes, the gradient check on the toy problem."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np

from autograde import truth
from autograde.handout.drawing import BLUE, GREEN, GREY, INK, ORANGE, Drawing, Figure
from helpers import numerical_gradient, relative_error, toy_problem

_EXPONENTS = range(-9, -2)


def network() -> Figure:
    """The two-layer network of the toy problem."""
    drawing, sizes = Drawing(560, 330), (4, 10, 3)
    columns = [
        [(90 + 190 * layer, 165 + 24 * (row - (size - 1) / 2)) for row in range(size)]
        for layer, size in enumerate(sizes)
    ]
    for left, right in pairwise(columns):
        for start in left:
            for end in right:
                drawing.line([start, end], "#c4c4c4", 0.6)
    for places, color in zip(columns, (BLUE, ORANGE, GREEN), strict=True):
        for x, y in places:
            drawing.circle(x, y, 8, "#ffffff", color)
    names = ("*x*, *D* = 4 inputs", "*a*^{(2)}, *H* = 10 hidden units", "*a*^{(3)}, *K* = 3 classes")
    for places, name, color in zip(columns, names, (BLUE, ORANGE, GREEN), strict=True):
        drawing.words(places[0][0], 28, name, 14, color=color)
    for x, text in ((185, "*W*^{(1)}, *b*^{(1)}, ReLU"), (375, "*W*^{(2)}, *b*^{(2)}, softmax")):
        drawing.words(x, 318, text, 14)
    return Figure(
        drawing.svg(),
        "Three columns of circles: 4 inputs x, 10 hidden units a(2), 3 classes a(3). A line, one weight, "
        "joins every circle to "
        "every circle of the next column. Below the first gap: W(1), b(1), ReLU; below the second: W(2), b(2), softmax.",
        "The network of the toy problem. Each line is a weight; the biases are not drawn.",
    )


def graph() -> Figure:
    """The computational graph of the regularised loss, with the shape of every quantity."""
    drawing, middle = Drawing(704, 225), 112
    steps = [
        (38, "*X*", "(*N*, *D*)"), (196, "*Z*^{(2)}", "(*N*, *H*)"), (340, "*A*^{(2)}", "(*N*, *H*)"),
        (498, "*Z*^{(3)}", "(*N*, *K*)"), (610, "*J*", "number"), (676, "*J̃*", "number"),
    ]  # fmt: skip
    for x, name, shape in steps:
        drawing.box(x, middle, 48, 30, "#eef5fa", BLUE)
        drawing.words(x, middle + 5, name, 16)
        drawing.words(x, middle + 33, shape, 14, color="#444444")
    for (left, *_), (right, *_) in pairwise(steps):
        drawing.arrow((left + 24, middle), (right - 24, middle))
    for x, text in ((117, "affine"), (268, "ReLU"), (419, "affine"), (556, "softmax,")):
        drawing.words(x, middle - 8, text, 14)
    drawing.words(556, middle + 17, "log", 14)
    for x, number, weights, biases in ((117, 1, "(*D*, *H*)", "(1, *H*)"), (419, 2, "(*H*, *K*)", "(1, *K*)")):
        for shift, name, shape in ((-32, f"*W*_{{{number}}}", weights), (32, f"*b*_{{{number}}}", biases)):
            drawing.box(x + shift, 42, 40, 26, "#fdf3ea", ORANGE)
            drawing.words(x + shift, 47, name, 14)
            drawing.words(x + shift, 22, shape, 14, color="#444444")
            drawing.arrow((x + shift, 55), (x + shift * 0.3, middle - 20))
    drawing.box(556, 42, 30, 26, "#ffffff", GREY)
    drawing.words(556, 47, "*y*", 15)
    drawing.words(556, 22, "(*N*,)", 14, color="#444444")
    drawing.arrow((556, 55), (556, middle - 20))
    drawing.line([(85, 10), (85, 4), (660, 4)], ORANGE, 1.2, "5 3")
    drawing.line([(387, 10), (387, 4)], ORANGE, 1.2, "5 3")
    drawing.arrow((660, 4), (672, middle - 15), ORANGE, "5 3")
    drawing.arrow((676, 186), (38, 186), GREEN)
    drawing.words(357, 210, "backward: the gradient of each quantity, in its own shape", 15, color=GREEN)
    return Figure(
        drawing.svg(),
        "A chain from left to right. X, shape (N, D), goes with W1 (D, H) and b1 (1, H) through an affine "
        "layer to Z(2) (N, H); "
        "ReLU gives A(2) (N, H); an affine layer with W2 (H, K) and b2 (1, K) gives Z(3) (N, K); softmax, "
        "logarithm and the labels "
        "y give the number J. A dashed line from both weight matrices adds the penalty and gives J tilde. A "
        "long arrow below points back.",
        "The regularised loss as a graph, for a batch of rows. The dashed line is the penalty, which goes "
        "from the weights straight "
        "to the loss.",
    )


@cache
def check() -> Figure:
    """The relative error of numerical gradients of the toy problem, over the step."""
    errors = gradient_errors()
    drawing = Drawing(560, 330)
    left, right, top, bottom = 70, 540, 20, 275

    def place(step: float, error: float) -> tuple[float, float]:
        across = (np.log10(step) + 9) / 6
        down = (0 - np.log10(error)) / 10
        return left + across * (right - left), top + down * (bottom - top)

    for power in _EXPONENTS:
        x = place(10.0**power, 1.0)[0]
        drawing.line([(x, top), (x, bottom)], "#e4e4e4", 0.7)
        drawing.words(x, bottom + 20, f"10^{{{power}}}".replace("-", "−"), 13)
    for power in range(-10, 1, 2):
        y = place(1e-9, 10.0**power)[1]
        drawing.line([(left, y), (right, y)], "#e4e4e4", 0.7)
        drawing.words(left - 8, y + 5, f"10^{{{power}}}".replace("-", "−") if power else "1", 13, "end")
    drawing.line([place(1e-9, 1e-8), place(1e-3, 1e-8)], GREY, 1.2, "2 3")
    drawing.words(left + 6, place(1e-3, 1e-8)[1] + 15, "the sheet's bar, 10^{−8}", 12, "start", "#555555")
    styles = {"one-sided": (ORANGE, "6 3", "one side: (*J*(*w*+*h*) − *J*(*w*)) / *h*"),
              "central": (BLUE, "", "both sides: (*J*(*w*+*h*) − *J*(*w*−*h*)) / 2*h*")}  # fmt: skip
    for number, (name, (color, dash, text)) in enumerate(styles.items()):
        points = [place(10.0**power, error) for power, error in zip(_EXPONENTS, errors[name], strict=True)]
        drawing.line(points, color, 2.0, dash)
        for x, y in points:
            drawing.circle(x, y, 3.6, color, color) if name == "central" else drawing.box(x, y, 7, 7, color, color, 0)
        drawing.line([(left + 14, top + 18 + 22 * number), (left + 44, top + 18 + 22 * number)], color, 2.0, dash)
        drawing.words(left + 52, top + 23 + 22 * number, text, 13, "start")
    drawing.line([(left, top), (left, bottom), (right, bottom)], INK)
    drawing.words((left + right) / 2, bottom + 46, "step *h*", 14)
    drawing.words(16, (top + bottom) / 2, "largest relative error", 14, turn=-90)
    best = {name: min(values) for name, values in errors.items()}
    return Figure(
        drawing.svg(),
        "Largest relative error over the step h, both axes logarithmic. The central difference falls with the "
        "square of h from 1e-3 "
        f"down to {best['central']:.1e} at h = 1e-5, then rises again as h gets smaller. The one-sided "
        f"difference falls in proportion to h and "
        f"never gets below {best['one-sided']:.1e}.",
        "The gradient check on the toy problem: largest relative error of a right gradient, for W₁.",
        floats=True,
    )


def gradient_errors() -> dict[str, list[float]]:
    """The largest relative error of dJ~/dW1 on the toy problem, for each step of the figure."""
    toy = toy_problem()
    here = truth.loss(toy.params, toy.X, toy.y, toy.reg)

    def loss(W1: np.ndarray) -> float:
        return truth.loss({**toy.params, "W1": W1}, toy.X, toy.y, toy.reg)

    def one_sided(step: float) -> np.ndarray:
        result = np.zeros_like(toy.params["W1"])
        for place in np.ndindex(result.shape):
            moved = toy.params["W1"].copy()
            moved[place] += step
            result[place] = (loss(moved) - here) / step
        return result

    def worst(found: np.ndarray) -> float:
        return float(np.max(relative_error(found, toy.grads["W1"])))

    steps = [10.0**power for power in _EXPONENTS]
    return {
        "central": [worst(numerical_gradient(loss, toy.params["W1"], step)) for step in steps],
        "one-sided": [worst(one_sided(step)) for step in steps],
    }


FIGURES: dict[str, Callable[[], Figure]] = {"network": network, "graph": graph, "check": check}
