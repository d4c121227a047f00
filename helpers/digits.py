"""Built-in digits of 28x28 pixels, drawn with a pen: no network, made in seconds, the same on every machine.

A digit is one or two lines through points on a unit square. Each image moves the points, then turns, slants, stretches and
shifts the whole, and draws it with a pen of its own width and pressure. Some digits have two shapes.
"""

import numpy as np

SIZE = 28  # pixels a side

_CHUNK = 500  # images drawn at once, to bound memory


def _arc(x: float, y: float, across: float, down: float, start: float, end: float) -> list[tuple[float, float]]:
    """Points of an ellipse around (x, y), y downwards, from one angle to another, in turns; 0 is right, 0.25 below."""
    angles = 2 * np.pi * np.linspace(start, end, 9)
    return [(x + across * float(np.cos(a)), y + down * float(np.sin(a))) for a in angles]


#: For each digit its shapes; for each shape its lines; for each line its points (x, y), y downwards.
_SHAPES: tuple[tuple[tuple[list[tuple[float, float]], ...], ...], ...] = (
    ((_arc(0.5, 0.5, 0.26, 0.4, 0, 1),),),
    (([(0.5, 0.1), (0.5, 0.9)],), ([(0.34, 0.27), (0.52, 0.1), (0.52, 0.9)],)),
    (([*_arc(0.5, 0.3, 0.24, 0.2, -0.5, 0.1), (0.28, 0.9), (0.76, 0.9)],),),
    (([*_arc(0.46, 0.3, 0.22, 0.2, -0.45, 0.25), *_arc(0.46, 0.7, 0.26, 0.2, -0.25, 0.42)],),),
    (
        ([(0.62, 0.9), (0.62, 0.1), (0.22, 0.62), (0.8, 0.62)],),
        ([(0.28, 0.12), (0.28, 0.5), (0.7, 0.5)], [(0.7, 0.12), (0.7, 0.9)]),
    ),
    (([(0.72, 0.1), (0.34, 0.1), (0.32, 0.46), *_arc(0.46, 0.65, 0.26, 0.24, -0.25, 0.42)],),),
    (([(0.64, 0.1), (0.36, 0.42), *_arc(0.5, 0.68, 0.22, 0.22, 0.5, 1.5)],),),
    (([(0.24, 0.12), (0.76, 0.12), (0.42, 0.9)],), ([(0.24, 0.12), (0.76, 0.12), (0.42, 0.9)], [(0.36, 0.5), (0.7, 0.5)])),
    ((_arc(0.5, 0.3, 0.2, 0.19, 0.25, 1.25) + _arc(0.5, 0.7, 0.24, 0.21, -0.25, 0.75),),),
    (([*_arc(0.5, 0.32, 0.22, 0.22, 0, 1), (0.7, 0.5), (0.62, 0.9)],),),
)  # fmt: skip


def synthetic_digits(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Fresh images (count, 28, 28, 1), uint8, white on black, and their labels (count,), int64, equally many of each digit."""
    y = rng.permutation(np.arange(count) % len(_SHAPES))
    images = [_draw(y[start : start + _CHUNK], rng) for start in range(0, count, _CHUNK)]
    return np.concatenate([np.empty((0, SIZE, SIZE, 1), np.uint8), *images]), y


def _draw(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Images of these digits."""
    starts, ends = _segments(y, rng)
    starts *= SIZE
    ends *= SIZE
    width = rng.uniform(0.9, 1.9, size=(len(y), 1, 1)).astype(np.float32)
    places = np.arange(SIZE, dtype=np.float32) + 0.5
    nearest = np.full((len(y), SIZE, SIZE), np.inf, np.float32)
    for segment in range(starts.shape[1]):
        x0, y0, x1, y1 = (part[:, segment, axis, None, None] for part in (starts, ends) for axis in (0, 1))
        across, down = places[None, None, :] - x0, places[None, :, None] - y0
        length = np.maximum((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-6)
        along = np.clip((across * (x1 - x0) + down * (y1 - y0)) / length, 0, 1)
        away = (across - along * (x1 - x0)) ** 2 + (down - along * (y1 - y0)) ** 2
        np.fmin(nearest, away, out=nearest)  # a segment that a digit does not have is nan
    ink = np.clip(width + 0.5 - np.sqrt(nearest), 0, 1) * rng.uniform(0.7, 1.0, size=(len(y), 1, 1))
    return np.round(255 * ink[..., None]).astype(np.uint8)


def _segments(y: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Start and end (N, most segments, 2) of each digit's segments, distorted, in shares of the image; nan where it has fewer."""
    lines = [_SHAPES[digit][int(rng.integers(len(_SHAPES[digit])))] for digit in y]
    most = max(sum(len(line) - 1 for line in shape) for digit in _SHAPES for shape in digit)
    ends = np.full((2, len(y), most, 2), np.nan, np.float32)
    for image, shape in enumerate(lines):
        moved = [np.array(line) + 0.022 * rng.normal(size=(len(line), 2)) for line in shape]
        for side, cut in ((0, slice(None, -1)), (1, slice(1, None))):
            points = np.concatenate([line[cut] for line in moved])
            ends[side, image, : len(points)] = points
    turn, slant = rng.normal(scale=0.16, size=len(y)), rng.normal(loc=0.08, scale=0.18, size=len(y))
    wide, high = rng.uniform(0.55, 0.95, size=len(y)), rng.uniform(0.65, 0.9, size=len(y))
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]).transpose(2, 0, 1)
    shear = np.zeros_like(matrix)
    shear[:, 0, 0], shear[:, 0, 1], shear[:, 1, 1] = wide, -slant * high, high
    ends = np.einsum("nij,snkj->snki", matrix @ shear, ends - 0.5) + 0.5
    ends += rng.normal(scale=0.042, size=(len(y), 1, 2))
    return ends[0].astype(np.float32), ends[1].astype(np.float32)
