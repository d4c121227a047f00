"""Convolution, pooling and receptive fields as worlds. Rows and columns of images count from 0, all else from 1.

Truth is NumPy's sliding windows, or found by trying.
"""

from itertools import permutations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograde.handout.worlds import Axes, View, World, column, row

WORLDS = ("convolved", "pooled", "receptive")
_PIXELS = Axes((1, 1, 0, 0))


def convolved(rng: np.random.Generator, stride: int = 2, images: int = 2, bias_column: bool = False) -> World:
    """Images of two channels, and three filters with overlapping windows. L is any loss.

    The rows of calligraphic X are windows, those of calligraphic Y places.
    """
    N, C, F, k, P = images, 2, 3, 3, 1
    H, W = (3, 5) if rng.integers(2) else (5, 3)
    below, right = ((side + 2 * P - k) // stride + 1 for side in (H, W))
    pull = rng.normal(size=(N * below * right, F))

    def windows(at: View) -> np.ndarray:
        """(N, C, H', W', k, k)"""
        return sliding_window_view(at[r"\tilde x"], (k, k), axis=(2, 3))[:, :, ::stride, ::stride]

    def apart(values: np.ndarray) -> np.ndarray:
        """Rows by place as images."""
        return values.reshape(N, below, right, F).transpose(0, 3, 1, 2)

    return World(
        {
            "N": N, "C": C, "F": F, "k": k, "P": P, "S": stride, "H": H, "W": W, "H'": below, "W'": right,
            "x": rng.normal(size=(N, C, H, W)), "w": rng.normal(size=(F, C, k, k)),
            "b": (column if bias_column else row)(rng.normal(size=F)), r"\mathbf 1": np.ones((N * below * right, 1)),
            r"\tilde x": lambda at: np.pad(at["x"], ((0, 0), (0, 0), (P, P), (P, P))),
            "y": lambda at: np.einsum("ncijuv,fcuv->nfij", windows(at), at["w"]) + np.reshape(at["b"], (F, 1, 1)),
            r"\mathcal X": lambda at: windows(at).transpose(0, 2, 3, 1, 4, 5).reshape(N * below * right, C * k * k),
            r"\mathcal W": lambda at: at["w"].reshape(F, -1),
            r"\mathcal Y": lambda at: np.einsum("rq,fq->rf", at[r"\mathcal X"], at[r"\mathcal W"]) + np.ravel(at["b"]),
            r"\mathcal G": lambda at: pull * np.cos(at[r"\mathcal Y"]), "g": lambda at: apart(at[r"\mathcal G"]),
            "L": lambda at: np.sum(pull * np.sin(at[r"\mathcal Y"])),
        },
        indices={
            "n": N, "f": F, "c": C, "i": range(below), "j": range(right), "u": range(k), "v": range(k),
            "h": range(H), "w": range(W), "r": N * below * right, "q": C * k * k,
        },
        axes=dict.fromkeys(("x", r"\tilde x", "w", "y"), _PIXELS) | {"g": Axes(_PIXELS.first, zero_outside=True)},
    )  # fmt: skip


def pooled(rng: np.random.Generator, ties: bool = False) -> World:
    """Max pooling of windows of p by p pixels, with a row and a column left over. T: how many entries of a window are largest.

    D is the gradient if ties are broken by chance: the mean over all orders in which a window's entries could be told apart.
    """
    N, C, p, H, W = 2, 2, 2, 5, 3
    x = (
        rng.integers(3, size=(N, C, H, W)).astype(float)
        if ties
        else rng.permutation(N * C * H * W).reshape(N, C, H, W) / 10
    )
    pull = rng.normal(size=(N, C, H // p, W // p))

    def windows(at: View) -> np.ndarray:
        found = sliding_window_view(at["x"], (p, p), axis=(2, 3))[:, :, ::p, ::p]
        return found.reshape(*found.shape[:4], p * p)

    def by_chance(at: View) -> np.ndarray:
        found, inside = np.zeros_like(at["x"]), windows(at)
        orders = list(permutations(range(p * p)))
        for n, c, i, j in np.ndindex(inside.shape[:4]):
            for order in orders:
                u, v = divmod(int(np.argmax(inside[n, c, i, j] + 1e-9 * np.array(order))), p)
                found[n, c, p * i + u, p * j + v] += at["g"][n, c, i, j] / len(orders)
        return found

    return World(
        {
            "p": p, "x": x, "y": lambda at: windows(at).max(axis=-1), "L": lambda at: np.sum(pull * np.sin(at["y"])),
            "g": lambda at: pull * np.cos(at["y"]), "D": by_chance,
            "T": lambda at: np.sum(windows(at) == at["y"][..., None], axis=-1),
        },
        indices={"n": N, "c": C, "i": range(H // p), "j": range(W // p), "u": range(p), "v": range(p)},
        axes=dict.fromkeys(("x", "y", "g", "D", "T"), _PIXELS),
    )  # fmt: skip


def receptive(rng: np.random.Generator) -> World:
    """Four layers of random windows k and strides S; r and d are found by following each number back to the pixels."""
    k, S = rng.integers(1, 4, size=4), np.array([2, *rng.integers(1, 4, size=3)])
    seen = [{pixel} for pixel in range(400)]
    r, d = [1], [1]
    for window, step in zip(k, S, strict=True):
        seen = [set().union(*seen[start : start + window]) for start in range(0, len(seen) - window + 1, step)]
        r.append(max(seen[0]) - min(seen[0]) + 1)
        d.append(min(seen[1]) - min(seen[0]))
    return World(
        {"k": k, "S": S, "r": np.array(r), "d": np.array(d)}, indices={"l": 4}, axes={"r": Axes((0,)), "d": Axes((0,))}
    )
