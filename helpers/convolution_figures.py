"""Figures of convolutional networks: the filters of the first layer, and two networks' curves side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from helpers.figures import BLUE, GREEN, ORANGE, PURPLE, Picture, whole_steps


def show_filters(W: np.ndarray, columns: int = 8) -> Picture:
    """The filters W (F, 3, k, k) of a first layer as images, each stretched to its own darkest and brightest value."""
    rows = -(-len(W) // columns)
    figure = Figure(figsize=(0.8 * columns, 0.8 * rows + 0.5), layout="constrained")
    for axes, image in zip(figure.subplots(rows, columns, squeeze=False).flat, W, strict=False):
        spread = np.ptp(image)
        axes.imshow(np.moveaxis((image - image.min()) / (spread if spread else 1.0), 0, -1))
    for axes in figure.axes:
        axes.set_axis_off()
    figure.suptitle("What the first layer looks for: its filters as images", fontsize=11)
    grey = np.mean([np.std(image, axis=0).mean() < np.std(image) / 2 for image in W])
    size = "x".join(map(str, W.shape[2:]))
    return Picture(
        figure,
        f"{len(W)} filters of {size} pixels as small colour images; {grey:.0%} of them treat the three colours alike.",
    )


def plot_side_by_side(histories: Mapping[str, Mapping[str, Sequence[float]]]) -> Picture:
    """Loss and accuracy of several networks, epoch by epoch, in two panels; solid for validation, dashed for training.

    histories: for each network "training loss", "validation loss", "training accuracy" and "validation accuracy".
    """
    figure = Figure(figsize=(9.6, 3.9), layout="constrained")
    for axes, what in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for (name, history), color in zip(histories.items(), (ORANGE, BLUE, GREEN, PURPLE), strict=False):
            for part, line in (("training", "--"), ("validation", "-")):
                values = history[f"{part} {what}"]
                label = f"{name}, {part}" if what == "loss" else None
                axes.plot(np.arange(1, len(values) + 1), values, line, color=color, label=label)
        axes.set_xlabel("epoch")
        axes.set_ylabel(what)
        axes.set_title(what.capitalize())
        axes.grid(True, color="0.9")
        axes.xaxis.set_major_locator(whole_steps())
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    figure.legend(loc="outside lower center", frameon=False, ncols=2)
    ends = "; ".join(
        f"{name}: validation loss {history['validation loss'][-1]:.3g}, accuracy {history['validation accuracy'][-1]:.1%}"
        for name, history in histories.items()
    )
    return Picture(figure, f"Two panels, loss and accuracy by epoch, training dashed, validation solid. Last: {ends}.")
