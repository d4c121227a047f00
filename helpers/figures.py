"""The figures of the notebooks. Each returns a matplotlib figure; `show` displays it with a text for those who cannot see it."""

import io
from collections.abc import Mapping, Sequence
from itertools import pairwise

import matplotlib as mpl
import numpy as np
from IPython.display import Image, display
from matplotlib.figure import Figure

#: Okabe and Ito's palette: told apart with any kind of colour vision.
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"


def show(figure: Figure, alt: str) -> None:
    """Display a figure as PNG, with a text alternative that says what it shows."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", metadata={"Software": None})
    width, _ = figure.get_size_inches() * 80
    display(Image(buffer.getvalue(), format="png", alt=alt, width=int(width)))


def draw_network(
    sizes: Sequence[int] = (4, 10, 3), names: Sequence[str] = ("input X", "hidden A2", "output P")
) -> Figure:
    """Draw a fully connected network: one column of units a layer, one line a weight."""
    figure = Figure(figsize=(7.2, 4.2))
    axes = figure.add_subplot()
    columns = [[(2.0 * layer, row - (size - 1) / 2) for row in range(size)] for layer, size in enumerate(sizes)]
    for left, right in pairwise(columns):
        for x0, y0 in left:
            for x1, y1 in right:
                axes.plot([x0, x1], [y0, y1], color="0.75", linewidth=0.6, zorder=1)
    top = max(sizes) / 2 + 0.4
    for column, color, name, size in zip(columns, (BLUE, ORANGE, GREEN), names, sizes, strict=True):
        axes.scatter(*zip(*column, strict=True), s=190, color=color, edgecolor="black", linewidth=0.8, zorder=2)
        axes.annotate(f"{name}\n{size} units", (column[0][0], top), ha="center", va="bottom", fontsize=11)
    for layer, (weights, step) in enumerate((("W1 (4, 10), b1 (10,)", "ReLU"), ("W2 (10, 3), b2 (3,)", "softmax"))):
        axes.annotate(f"{weights}\nthen {step}", (2.0 * layer + 1, -top), ha="center", va="top", fontsize=10)
    axes.set_ylim(-top - 1.6, top + 1.6)
    axes.set_axis_off()
    axes.set_title("The two-layer network of the toy problem", fontsize=12)
    return figure


def plot_gradient_errors(errors: Mapping[str, np.ndarray]) -> Figure:
    """Heat maps of log10 of the relative error of every entry; one panel per parameter, biases as one row."""
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    panels = figure.subplots(1, len(errors), squeeze=False)[0]
    colors = mpl.colormaps["viridis"]
    for axes, (name, values) in zip(panels, errors.items(), strict=True):
        image = axes.imshow(
            np.log10(np.maximum(np.atleast_2d(values), 1e-16)), vmin=-12, vmax=0, cmap=colors, aspect="auto"
        )
        axes.set_title(f"{name}: worst {values.max():.1e}", fontsize=11)
        axes.set_xlabel("column")
        axes.xaxis.get_major_locator().set_params(integer=True)
        if np.ndim(values) == 1:
            axes.set_yticks([])
        else:
            axes.set_ylabel("row")
            axes.yaxis.get_major_locator().set_params(integer=True)
    bar = figure.colorbar(image, ax=panels)
    bar.set_label("log₁₀ relative error")
    figure.suptitle("Analytic against numerical gradient: dark agrees, bright differs", fontsize=12)
    return figure


def plot_times(sizes: Sequence[int], times: Mapping[str, Sequence[float]]) -> Figure:
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
    return figure


def plot_step_sizes(steps: Sequence[float], errors: Mapping[str, Sequence[float]], bar: float = 1e-8) -> Figure:
    """Relative error of a numerical gradient against its step h, on logarithmic axes, with the bar to pass."""
    figure = Figure(figsize=(6.6, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for (label, values), color, marker in zip(errors.items(), (BLUE, ORANGE, GREEN), "osD", strict=False):
        axes.loglog(steps, values, color=color, marker=marker, label=label)
    axes.axhline(bar, color="0.3", linestyle="--", linewidth=1)
    axes.annotate(f"the sheet's bar, {bar:g}", (steps[0], bar), xytext=(0, 4), textcoords="offset points", fontsize=9)
    axes.set_xlabel("step h")
    axes.set_ylabel("max relative error")
    axes.set_title("Why h = 1e-5, and why central differences")
    axes.legend(frameon=False)
    axes.grid(True, which="major", color="0.9")
    return figure
