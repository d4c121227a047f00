"""Figures made of images: examples, what the first layer's weights look like, the confusion matrix."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from helpers.figures import Picture


def show_images(X: np.ndarray, y: np.ndarray, classes: Sequence[str], columns: int = 8) -> Picture:
    """The first images (N, height, width, channels) of every class, one row a class."""
    figure = Figure(figsize=(0.75 * columns + 1.6, 0.75 * len(classes)), layout="constrained")
    grid = figure.subplots(len(classes), columns, squeeze=False)
    for label, (name, row) in enumerate(zip(classes, grid, strict=True)):
        for axes, image in zip(row, X[np.flatnonzero(y == label)[:columns]], strict=False):
            axes.imshow(image.squeeze(), cmap="gray")
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
    for axes in grid.flat:
        axes.set_xticks([])
        axes.set_yticks([])
    figure.suptitle("Examples of each class", fontsize=12)
    alt = f"Small pictures, a row for each of {len(classes)} classes with {columns} images of it: {', '.join(classes)}."
    return Picture(figure, alt)


def show_weights(W1: np.ndarray, shape: tuple[int, ...], count: int = 50, columns: int = 10) -> Picture:
    """The incoming weights of the first hidden units as images. W1 (D, H); shape: an image's, (height, width, channels).

    Each is stretched to its own darkest and brightest value; its title is its length, so that a dead unit shows.
    """
    units = np.argsort(-np.linalg.norm(W1, axis=0))[:count]
    rows = -(-len(units) // columns)
    figure = Figure(figsize=(0.95 * columns, 1.1 * rows + 0.5), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, unit in zip(grid.flat, units, strict=False):
        image = W1[:, unit].reshape(shape).astype(float)
        spread = np.ptp(image)
        axes.imshow(((image - image.min()) / (spread if spread else 1.0)).squeeze(), cmap="gray")
        axes.set_title(f"{np.linalg.norm(image):.1g}", fontsize=7, pad=2)
    figure.suptitle("What each hidden unit looks for: its weights as an image, and their length", fontsize=11)
    rough = float(np.median([_roughness(W1[:, unit].reshape(shape)) for unit in units]))
    return Picture(
        figure,
        f"{len(units)} small images, one for each hidden unit with the longest weights. Neighbouring pixels differ by "
        f"{rough:.2f} of what independent noise would give (0 is smooth, 1 is noise).",
    )


def _roughness(image: np.ndarray) -> float:
    """How much neighbouring pixels differ, against what independent pixels of this spread would: near 0 smooth, 1 noise."""
    spread = float(np.std(image.astype(float)))
    steps = np.diff(image.astype(float), axis=0), np.diff(image.astype(float), axis=1)
    return float(np.sqrt(np.mean([np.mean(step**2) for step in steps]) / 2) / spread) if spread else 1.0


def plot_confusion(y: np.ndarray, predicted: np.ndarray, classes: Sequence[str]) -> Picture:
    """How often each class (rows) was taken for each (columns), in percent of its images. y, predicted (N,) of integers."""
    counts = np.zeros((len(classes), len(classes)))
    np.add.at(counts, (y, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(6.6, 6.4), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="cividis", vmin=0, vmax=max(float(shares.max()), 0.01))
    for row, column in np.ndindex(shares.shape):
        dark = shares[row, column] < 0.6 * shares.max()
        axes.text(
            column,
            row,
            f"{shares[row, column]:.0%}",
            ha="center",
            va="center",
            fontsize=8,
            color="white" if dark else "black",
        )
    slanted = {"rotation": 45, "ha": "right"} if max(map(len, classes)) > 2 else {}
    axes.set_xticks(range(len(classes)), classes, **slanted)
    axes.set_yticks(range(len(classes)), classes)
    wrong = shares - np.diag(np.diag(shares))
    row, column = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    confused = (
        f"most often confused: {classes[row]}, taken for {classes[column]} in {wrong[row, column]:.0%} of its images"
    )
    confused = confused if wrong.any() else "no class is taken for another"
    axes.set_xlabel(f"predicted class\n{confused}")
    axes.set_ylabel("true class (each row sums to 100%)")
    accuracy = np.trace(counts) / max(counts.sum(), 1)
    axes.set_title(f"Confusion matrix of {int(counts.sum()):,} images: {accuracy:.1%} right")
    alt = f"Confusion matrix, {len(classes)} by {len(classes)}; {accuracy:.1%} of {int(counts.sum())} images are right; {confused}."
    return Picture(figure, alt)
