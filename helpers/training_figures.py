"""Figures of how a training went: curves, update ratios, the learning-rate range test, depth, signals in deep networks."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from helpers.figures import BLUE, GREEN, ORANGE, PURPLE, Picture, whole_steps

if TYPE_CHECKING:
    from helpers.training import History

_COLORS = (ORANGE, BLUE, GREEN, PURPLE, "#56B4E9", "#D55E00", "0.3")
_MARKERS = "osD^vPX"
#: Where lines coincide, those below show through the gaps.
_LINES = ("-", "--", "-.", (0, (1, 1)), (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 2)))


def plot_training(history: "History", unit: str = "iteration", title: str = "Training") -> Picture:
    """The loss of every step, and accuracies with the gap between them."""
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, sharex=True)
    losses = np.array(history.losses)
    steps = np.arange(1, len(losses) + 1)
    if len(losses) > 60:
        left.plot(steps, losses, color=BLUE, linewidth=0.7, alpha=0.35)
        width = max(len(losses) // 50, 2)
        smooth = np.convolve(losses, np.ones(width) / width, mode="valid")
        left.plot(steps[width - 1 :], smooth, color=BLUE, linewidth=1.8, label=f"mean of {width}")
        left.legend(frameon=False)
    else:
        left.plot(steps, losses, color=BLUE, marker="o", markersize=4)
    left.set_xlabel(unit)
    left.set_ylabel("loss")
    left.ticklabel_format(axis="y", useOffset=False)
    left.set_title(f"{title}: loss")
    for (name, values), color, marker in zip(history.accuracies.items(), _COLORS, _MARKERS, strict=False):
        right.plot(np.array(history.measured) + 1, values, color=color, marker=marker, markersize=4, label=name)
    right.set_xlabel(unit)
    right.set_ylabel("accuracy")
    right.set_title(f"{title}: accuracy")
    right.yaxis.set_major_formatter(PercentFormatter(1.0))
    if history.accuracies:
        right.legend(frameon=False)
    for axes in (left, right):
        axes.grid(True, color="0.9")
        axes.xaxis.set_major_locator(whole_steps())
    left.set_xlim(left=0)
    finite = losses[np.isfinite(losses)]
    told = (
        f"Loss against {unit}, from {losses[0]:.3g} to {losses[-1]:.3g} after {len(losses)}"
        if len(losses)
        else "No steps yet, so both are empty"
    )
    if len(finite) < len(losses):
        told += f"; it is not finite from step {int(np.argmin(np.isfinite(losses))) + 1} on"
    ends = ", ".join(f"{name} {values[-1]:.1%}" for name, values in history.accuracies.items() if values)
    return Picture(figure, f"Two panels. {told}. Accuracies, last: {ends or 'not measured yet'}.")


def plot_curves(
    curves: Mapping[str, Sequence[float]], xlabel: str, ylabel: str, title: str, log: bool = False
) -> Picture:
    """One line for each named sequence of numbers, against their index from 1."""
    figure = Figure(figsize=(7.6, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for (name, values), color, line in zip(curves.items(), _COLORS, _LINES, strict=False):
        axes.plot(np.arange(1, len(values) + 1), values, color=color, linestyle=line, label=name)
    if log:
        axes.set_yscale("log")
    else:
        axes.ticklabel_format(axis="y", useOffset=False)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.set_title(title)
    axes.xaxis.set_major_locator(whole_steps())
    figure.legend(loc="outside right upper", frameon=False)
    axes.grid(True, color="0.9")
    ends = ", ".join(f"{name} {values[-1]:.3g}" for name, values in curves.items())
    return Picture(figure, f"{title}: {ylabel} against {xlabel}, one line for each. At the end: {ends}.")


def plot_update_ratios(history: "History", unit: str = "iteration") -> Picture:
    """The length of an update over the length of its weights, logarithmic, with the range that is usually healthy."""
    figure = Figure(figsize=(6.6, 3.8), layout="constrained")
    axes = figure.add_subplot()
    axes.axhspan(3e-4, 3e-3, color="0.92", label="usually healthy")
    for (name, values), color, marker in zip(history.update_ratios.items(), _COLORS, _MARKERS, strict=False):
        steps = np.array(history.measured[-len(values) :]) + 1
        axes.semilogy(steps, np.maximum(values, 1e-12), color=color, marker=marker, markersize=4, label=name)
    axes.set_xlabel(unit)
    axes.set_ylabel("‖update‖ / ‖weights‖")
    axes.set_title("How far one update moves the weights")
    axes.legend(frameon=False)
    axes.grid(True, color="0.9")
    axes.xaxis.set_major_locator(whole_steps())
    ends = ", ".join(
        f"{name} from {values[0]:.1e} to {values[-1]:.1e}" for name, values in history.update_ratios.items()
    )
    return Picture(
        figure, f"The size of an update relative to its weights, logarithmic, against the {unit}: {ends or 'none'}."
    )


def plot_range_test(learning_rates: Sequence[float], losses: Sequence[float]) -> Picture:
    """Loss against the learning rate that was tried at that step, with the rate where the loss is lowest."""
    figure = Figure(figsize=(6.6, 3.8), layout="constrained")
    axes = figure.add_subplot()
    rates, values = np.asarray(learning_rates), np.asarray(losses, dtype=float)
    finite = np.isfinite(values)
    axes.semilogx(rates[finite], values[finite], color=BLUE)
    told = "every loss is infinite or not a number"
    if finite.any():
        start, lowest = values[finite][0], float(values[finite].min())
        best = float(rates[finite][int(np.argmin(values[finite]))])
        axes.axvline(best, color=ORANGE, linestyle="--")
        axes.annotate(
            f"lowest at {best:.1e}", (best, start), xytext=(-6, 0), textcoords="offset points", ha="right", va="top"
        )
        axes.set_ylim(lowest - 0.15 * (start - lowest) - 0.01, start + (start - lowest) + 0.01)
        told = f"it starts at {start:.3g}, is lowest, {lowest:.3g}, at a rate of {best:.1e}, and then rises"
    axes.set_xlabel("learning rate")
    axes.set_ylabel("loss of the batch")
    axes.set_title("Learning-rate range test")
    axes.grid(True, which="major", color="0.9")
    return Picture(figure, f"Loss against a learning rate that rises with every step, logarithmic: {told}.")


def plot_intervals(labels: Sequence[str], values: Sequence[float], intervals: Sequence[tuple[float, float]]) -> Picture:
    """Accuracies with their intervals, one row each, best on top."""
    figure = Figure(figsize=(7.2, 0.8 + 0.36 * len(labels)), layout="constrained")
    axes = figure.add_subplot()
    rows = np.arange(len(labels))[::-1]
    low, high = np.array(intervals).T
    axes.hlines(rows, low, high, color=BLUE, linewidth=2)
    axes.plot(values, rows, "o", color=ORANGE, markeredgecolor="black")
    axes.axvspan(*intervals[0], color="0.93", zorder=0)
    axes.set_yticks(rows, labels)
    axes.set_xlabel("validation accuracy, with its 95 % interval")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_title("Is the first really better than the second?")
    inside = sum(low[0] <= value <= high[0] for value in values)
    alt = (
        f"{len(labels)} settings, best first, each with its accuracy and interval. The first has {values[0]:.1%} "
        f"({low[0]:.1%} to {high[0]:.1%}); {inside} of the {len(labels)} accuracies lie in its interval."
    )
    return Picture(figure, alt)


def plot_depths(results: Mapping[str, Sequence[tuple[float, float]]], xlabel: str = "network") -> Picture:
    """Training and validation accuracy of several kinds of networks: a dot for each seed, a bar for their mean.

    results: for each kind, a (training, validation) pair of each seed.
    """
    figure = Figure(figsize=(7.2, 3.9), layout="constrained")
    axes = figure.add_subplot()
    means = []
    for place, pairs in enumerate(results.values()):
        for offset, column, color, marker in ((-0.12, 0, ORANGE, "s"), (0.12, 1, BLUE, "o")):
            values = [pair[column] for pair in pairs]
            axes.plot([place + offset] * len(values), values, marker, color=color, markeredgecolor="black", alpha=0.8)
            axes.hlines(np.mean(values), place + offset - 0.1, place + offset + 0.1, color=color, linewidth=2.5)
        means.append([float(np.mean([pair[column] for pair in pairs])) for column in (0, 1)])
    axes.plot([], [], "s", color=ORANGE, markeredgecolor="black", label="training")
    axes.plot([], [], "o", color=BLUE, markeredgecolor="black", label="validation")
    axes.set_xticks(range(len(results)), list(results))
    axes.set_xlabel(xlabel)
    axes.set_ylabel("accuracy")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_title("Accuracy by kind of network: one dot a seed, the bar is their mean")
    axes.legend(frameon=False)
    axes.grid(True, axis="y", color="0.9")
    names = [name.replace("\n", ", ") for name in results]
    told = "; ".join(f"{name}: {a:.1%} and {b:.1%}" for name, (a, b) in zip(names, means, strict=True))
    return Picture(
        figure, f"Training and validation accuracy of {len(results)} kinds of networks, mean over seeds. {told}."
    )


def plot_signals(signals: Mapping[str, Sequence[float]], ylabel: str, title: str) -> Picture:
    """A size at each layer of a network, logarithmic, one line for each way to initialise it."""
    figure = Figure(figsize=(6.6, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for (name, values), color, marker in zip(signals.items(), _COLORS, _MARKERS, strict=False):
        sizes = np.where(np.asarray(values) > 0, values, np.nan)  # 0 has no place on a logarithmic axis
        axes.semilogy(np.arange(1, len(values) + 1), sizes, color=color, marker=marker, label=name)
    axes.xaxis.set_major_locator(whole_steps())
    axes.set_xlabel("layer")
    axes.set_ylabel(ylabel)
    axes.set_title(title)
    axes.legend(frameon=False)
    axes.grid(True, color="0.9")
    ends = ", ".join(f"{name} from {values[0]:.1e} to {values[-1]:.1e}" for name, values in signals.items())
    return Picture(figure, f"{title}. {ylabel} at each layer, logarithmic, from the first to the last: {ends}.")


def plot_spread(runs: Sequence[Sequence[float]], xlabel: str, ylabel: str, title: str) -> Picture:
    """Several runs: their mean, and how far each is from it, with a band of one standard deviation (n - 1) to either side."""
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    values = np.asarray(runs, dtype=float)
    steps = np.arange(1, values.shape[1] + 1)
    mean, spread = values.mean(axis=0), values.std(axis=0, ddof=1)
    for axes, middle in ((left, mean), (right, 0 * mean)):
        axes.fill_between(steps, middle - spread, middle + spread, color=BLUE, alpha=0.25, label="± standard deviation")
        axes.plot(steps, middle, color=BLUE, marker="o", linewidth=2, label=f"mean of {len(values)} runs")
        axes.xaxis.set_major_locator(whole_steps())
        axes.set_xlabel(xlabel)
        axes.grid(True, color="0.9")
    for number, (run, marker) in enumerate(zip(values, _MARKERS, strict=False)):
        right.plot(steps, run - mean, color="0.35", marker=marker, linewidth=0.8, label=f"run {number + 1}")
    left.set_ylabel(ylabel)
    left.set_title(title)
    right.set_ylabel("difference from the mean")
    right.set_title("The same, less the mean: another scale")
    left.legend(frameon=False)
    right.legend(frameon=False, ncols=2, fontsize=8)
    told = ", ".join(f"{m:.3f} ± {s:.3f}" for m, s in zip(mean, spread, strict=True))
    return Picture(
        figure,
        f"Two panels. {title}: {ylabel} against {xlabel}, mean and standard deviation of {len(values)} runs: {told}. "
        "Beside it each run's difference from the mean.",
    )
