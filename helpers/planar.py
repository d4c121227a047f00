"""Two overlapping clouds of points in the plane, an ellipse and a circle, and a figure of how a network divides the plane."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from helpers.figures import BLUE, ORANGE, Picture

CLASSES = ("ellipse", "circle")


def ellipse_and_circle(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points X (count, 2) and labels y (count,): 0 for a long ellipse, 1 for a circle that covers one end of it."""
    y = rng.permutation(np.arange(count) % 2)
    angle, radius = rng.uniform(0, 2 * np.pi, size=count), np.sqrt(rng.uniform(size=count))
    disc = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    places = {0: disc * (2.0, 0.6), 1: disc * 0.8 + (1.3, 0.5)}
    return np.where(y[:, None] == 0, places[0], places[1]), y


def plot_division(X: np.ndarray, y: np.ndarray, probability: Callable[[np.ndarray], np.ndarray], title: str) -> Picture:
    """The points X (N, 2) of both classes, y (N,), and where the network says "circle"; probability: rows (n, 2) to (n,)."""
    figure = Figure(figsize=(6.6, 3.9), layout="constrained")
    axes = figure.add_subplot()
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    across, down = np.meshgrid(np.linspace(low[0], high[0], 120), np.linspace(low[1], high[1], 80))
    values = probability(np.stack([across.ravel(), down.ravel()], axis=1)).reshape(across.shape)
    shades = axes.contourf(across, down, values, levels=np.linspace(0, 1, 11), cmap="Greys", alpha=0.6)
    axes.contour(across, down, values, levels=[0.5], colors="black", linewidths=1.5)
    for label, (name, color, marker) in enumerate(zip(CLASSES, (ORANGE, BLUE), "so", strict=True)):
        axes.scatter(
            *X[y == label][:300].T, s=14, color=color, marker=marker, edgecolor="white", linewidth=0.3, label=name
        )
    axes.set_xlabel("first coordinate")
    axes.set_ylabel("second coordinate")
    axes.set_title(title)
    axes.set_aspect("equal")
    axes.legend(frameon=True, loc="upper left")
    figure.colorbar(shades, ax=axes, label="probability of the circle", shrink=0.8)
    right = np.mean((probability(X) > 0.5) == (y == 1))
    alt = (
        f"{title}. Points of a long ellipse and of a circle that covers its right end, grey by the probability of the circle, with "
        f"a line at one half. {right:.1%} of the points are on the right side of it."
    )
    return Picture(figure, alt)
