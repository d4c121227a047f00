"""A built-in set of images on which the course's lessons hold: no network, made in seconds, the same on every machine.

A class shows in three ways, each for one kind of model: a tint (any model), one of four coarse layouts (a network with
hidden units), and fine stripes of one direction and width at a random place (a network that looks for a pattern wherever it
is). Clutter that all classes share hides them. benchmarks/ measures what each kind of model reaches.
"""

import numpy as np

CLASSES = tuple(f"{width} stripes {angle}°" for width in ("wide", "narrow") for angle in (0, 36, 72, 108, 144))
SIZE = 32  # pixels a side

_LAYOUTS = 4  # a class
_PATCH = 9  # pixels a side
_PATCHES = 2  # an image
_CHUNK = 2000  # images made at once, to bound memory


def synthetic_images(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Fresh images (count, 32, 32, 3), uint8, and their labels (count,), int64, with equally many of each class."""
    y = rng.permutation(np.arange(count) % len(CLASSES))
    images = [_draw(y[start : start + _CHUNK], rng) for start in range(0, count, _CHUNK)]
    return np.concatenate([np.empty((0, SIZE, SIZE, 3), np.uint8), *images]), y


def _draw(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Images of these classes. All strengths are in steps of brightness, of 256."""
    look = np.random.default_rng(7)  # what makes the classes: the same for every draw
    layouts = _enlarge(look.normal(size=(len(CLASSES) * _LAYOUTS, 4, 4, 3)))
    tints = look.normal(size=(len(CLASSES), 1, 1, 3)).astype(np.float32)

    def noise(*shape: int) -> np.ndarray:
        return rng.normal(size=(len(y), *shape)).astype(np.float32)

    X = 120 + 30 * noise(1, 1, 3) + 58 * _enlarge(noise(5, 5, 3)) + 12 * noise(SIZE, SIZE, 3)
    X += 21 * tints[y] + 11 * layouts[y * _LAYOUTS + rng.integers(_LAYOUTS, size=len(y))]
    rows, columns = np.arange(_PATCH)[None, :, None], np.arange(_PATCH)[None, None, :]
    for _ in range(_PATCHES):
        top, left = rng.integers(SIZE - _PATCH + 1, size=(2, len(y), 1, 1))
        color = rng.uniform(0.4, 1.0, size=(len(y), 1, 1, 3))
        X[np.arange(len(y))[:, None, None], top + rows, left + columns] += color * _stripes(y, rng)[..., None]
    return np.clip(X, 0, 255).astype(np.uint8)


def _stripes(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One patch of stripes for each image (N, 9, 9): the class says direction and width, chance their phase and strength."""
    angle = np.pi * (y % 5) / 5
    frequency = np.where(y < 5, 0.9, 1.7)  # radians a pixel
    steps = np.arange(_PATCH) - (_PATCH - 1) / 2
    across = np.cos(angle)[:, None, None] * steps[None, None, :] + np.sin(angle)[:, None, None] * steps[None, :, None]
    wave = np.cos(frequency[:, None, None] * across + rng.uniform(0, 2 * np.pi, size=(len(y), 1, 1)))
    window = np.exp(-(steps[:, None] ** 2 + steps[None, :] ** 2) / (2 * (_PATCH / 3.5) ** 2))
    return 46 * rng.uniform(0.5, 1.2, size=(len(y), 1, 1)) * wave * window


def _enlarge(grids: np.ndarray) -> np.ndarray:
    """Smooth images (N, 32, 32, C), float32, from coarse grids (N, g, g, C), bilinear."""
    cells = grids.shape[1]
    places = np.clip((np.arange(SIZE) + 0.5) * cells / SIZE - 0.5, 0, cells - 1)
    near = np.minimum(places.astype(int), cells - 2)
    weights = np.zeros((SIZE, cells), np.float32)
    weights[np.arange(SIZE), near] = 1 - (places - near)
    weights[np.arange(SIZE), near + 1] = places - near
    return np.einsum("ia,jb,nabc->nijc", weights, weights, grids.astype(np.float32), optimize=True)
