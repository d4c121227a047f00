"""The figures of the notebooks, each with its content in words. The last line of a cell displays it."""

import io
import os
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

#: Okabe and Ito's palette: told apart with any kind of colour vision.
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"


#: Set to "words", every figure is shown as its text alone: JupyterLab gives a screen reader no text of a picture.
FORM_VARIABLE = "COURSE_FIGURES"


@dataclass(frozen=True)
class Picture:
    """A matplotlib figure and what it shows, in words."""

    figure: Figure
    alt: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:  # noqa: ARG002
        """What Jupyter displays: the figure as PNG with its text, or the text alone."""
        if os.environ.get(FORM_VARIABLE) == "words":
            return {"text/plain": self.alt}, {}
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", metadata={"Software": None})
        width = int(self.figure.get_size_inches()[0] * 80)
        return {"image/png": buffer.getvalue(), "text/plain": self.alt}, {
            "image/png": {"alt": self.alt, "width": width}
        }


def whole_steps() -> MaxNLocator:
    """Where the axis of iterations or epochs has its numbers: at round whole ones."""
    return MaxNLocator(nbins=8, steps=[1, 2, 5, 10], integer=True)


def draw_network(sizes: Sequence[int] = (4, 10, 3)) -> Picture:
    """A two-layer network of these sizes (D, H, K): one column of circles a layer, one line a weight."""
    figure = Figure(figsize=(7.2, 4.2))
    axes = figure.add_subplot()
    columns = [[(2.0 * layer, row - (size - 1) / 2) for row in range(size)] for layer, size in enumerate(sizes)]
    for left, right in pairwise(columns):
        for x0, y0 in left:
            for x1, y1 in right:
                axes.plot([x0, x1], [y0, y1], color="0.75", linewidth=0.6, zorder=1)
    top = max(sizes) / 2 + 0.4
    names = ("input X", "hidden A2", "output P")
    for column, color, name, size in zip(columns, (BLUE, ORANGE, GREEN), names, sizes, strict=True):
        axes.scatter(*zip(*column, strict=True), s=190, color=color, edgecolor="black", linewidth=0.8, zorder=2)
        axes.annotate(f"{name}\n{size} units", (column[0][0], top), ha="center", va="bottom", fontsize=11)
    D, H, K = sizes
    for middle, text in ((1, f"W1 ({D}, {H}), b1 ({H},)\nthen ReLU"), (3, f"W2 ({H}, {K}), b2 ({K},)\nthen softmax")):
        axes.annotate(text, (middle, -top), ha="center", va="top", fontsize=10)
    axes.set_ylim(-top - 1.6, top + 1.6)
    axes.set_axis_off()
    axes.set_title("The two-layer network of the toy problem", fontsize=12)
    alt = (
        f"A network drawn as three columns of circles: {D} inputs, {H} hidden units, {K} outputs. "
        "Every unit is joined to every unit of the next column by a line, one for each weight."
    )
    return Picture(figure, alt)


def plot_gradient_errors(
    errors: Mapping[str, np.ndarray], patterns: Mapping[str, str] = MappingProxyType({})
) -> Picture:
    """Heat maps of log10 of the relative error of every entry; one panel per parameter, biases as one row.

    patterns: what to write under a parameter's panel.
    """
    figure = Figure(figsize=(11, 4.4 if patterns else 3.4), layout="constrained")
    panels = figure.subplots(1, len(errors), squeeze=False)[0]
    colors = mpl.colormaps["viridis"]
    for axes, (name, values) in zip(panels, errors.items(), strict=True):
        image = axes.imshow(
            np.log10(np.maximum(np.atleast_2d(values), 1e-16)), vmin=-12, vmax=0, cmap=colors, aspect="auto"
        )
        axes.set_title(f"{name}: worst {values.max():.1e}", fontsize=11)
        axes.set_xlabel("\n".join(["column", "", *textwrap.wrap(patterns.get(name, ""), 26)]).rstrip())
        axes.xaxis.get_major_locator().set_params(integer=True)
        if np.ndim(values) == 1:
            axes.set_yticks([])
        else:
            axes.set_ylabel("row")
            axes.yaxis.get_major_locator().set_params(integer=True)
    bar = figure.colorbar(image, ax=panels)
    bar.set_label("log₁₀ relative error")
    figure.suptitle("Analytic against numerical gradient: dark agrees, bright differs", fontsize=12)
    worst = ", ".join(f"{name} {values.max():.1e}" for name, values in errors.items())
    alt = (
        f"{len(errors)} heat maps, one for each parameter, of each entry's relative error, logarithmic. Worst: {worst}."
    )
    alt = " ".join([alt, *(f"{name}: {pattern}" for name, pattern in patterns.items())])
    return Picture(figure, alt)


def plot_times(sizes: Sequence[int], times: Mapping[str, Sequence[float]]) -> Picture:
    """Seconds against problem size on logarithmic axes, one line per way of computing the same thing."""
    figure = Figure(figsize=(6.6, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for (label, seconds), color, marker in zip(times.items(), (ORANGE, BLUE, GREEN, PURPLE), "osD^", strict=False):
        axes.loglog(sizes, seconds, color=color, marker=marker, label=label)
        axes.annotate(
            label, (sizes[-1], seconds[-1]), xytext=(8, 0), textcoords="offset points", va="center", color=color
        )
    axes.set_xlabel("rows of the batch, N")
    axes.set_ylabel("seconds")
    axes.set_title("The same product, computed in two ways")
    axes.grid(True, which="major", color="0.9")
    axes.margins(x=0.3)
    last = ", ".join(f"{label} {seconds[-1]:.1e} s" for label, seconds in times.items())
    alt = f"Seconds against the number of rows, both logarithmic, one line for each way. At {sizes[-1]} rows: {last}."
    return Picture(figure, alt)


def plot_step_sizes(
    steps: Sequence[float],
    errors: Mapping[str, Sequence[float]],
    bar: float = 1e-8,
    title: str = "Why h = 1e-5, and why central differences",
) -> Picture:
    """Relative error of a numerical gradient against its step h, on logarithmic axes, with the bar to pass."""
    figure = Figure(figsize=(6.6, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for (label, values), color, marker in zip(errors.items(), (BLUE, ORANGE, GREEN), "osD", strict=False):
        axes.loglog(steps, values, color=color, marker=marker, label=label)
    axes.axhline(bar, color="0.3", linestyle="--", linewidth=1)
    axes.annotate(f"the sheet's bar, {bar:g}", (steps[0], bar), xytext=(0, 4), textcoords="offset points", fontsize=9)
    axes.set_xlabel("step h")
    axes.set_ylabel("max relative error")
    axes.set_title(title)
    axes.legend(frameon=False)
    axes.grid(True, which="major", color="0.9")
    lowest = ", ".join(
        f"{label} {min(values):.0e} at h = {steps[int(np.argmin(values))]:.0e}" for label, values in errors.items()
    )
    alt = f"Relative error against step size, both logarithmic, with a line at the bar of {bar:g}. Lowest errors: {lowest}."
    return Picture(figure, alt)
