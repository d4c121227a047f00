"""The two-layer network as worlds, with random sizes and values: in the sheet's columns and in the code's rows.

All truth is SciPy's and NumPy's; no formula of the handout is used here. Both worlds are the same network.
"""

import numpy as np
from scipy import special

from autograde.handout.worlds import View, World, column, family, row

WORLDS = ("columns", "rows", "one_column", "sizes")
#: Pre-activations stay this far from 0, so that no difference crosses a kink.
_KINK = 0.02


def sizes(rng: np.random.Generator, count: int) -> list[int]:
    """Different sizes, none of them 1."""
    return [int(size) for size in rng.choice(np.arange(2, 8), size=count, replace=False)]


def _draw(rng: np.random.Generator) -> dict[str, np.ndarray | int]:
    """A network in which no unit is always on or always off, every class occurs among neighbours, and nothing is zero."""
    N, D, H, K = sizes(rng, 4)
    while True:
        drawn = {
            "X": rng.normal(size=(N, D)), "W1": rng.normal(size=(D, H)), "b1": rng.normal(size=H),
            "W2": rng.normal(scale=0.5, size=(H, K)), "b2": rng.normal(size=K), "y": rng.integers(K, size=N),
        }  # fmt: skip
        Z = drawn["X"] @ drawn["W1"] + drawn["b1"]
        mixed = (Z > 0).any() and (Z < 0).any() and (Z > 0).any(axis=1).all() and len(set(drawn["y"])) > 1
        if mixed and np.abs(Z).min() > _KINK:
            return drawn | {"N": N, "D": D, "H": H, "K": K, "lambda": rng.uniform(0.1, 0.5)}


def _cross_entropies(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The loss of each sample, a column, for scores (N, K)."""
    return column(np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(labels)), labels])


def _penalty(at: View, *weights: str) -> float:
    return float(at[r"\lambda"]) * sum(float(np.vdot(at[name], at[name])) for name in weights)


def one_column(rng: np.random.Generator) -> World:
    """The sheet's network for a single input x, a column."""
    D, H, K = sizes(rng, 3)
    return World(
        {
            "x": column(rng.normal(size=D)), "a^{(1)}": lambda at: at["x"],
            "W^{(1)}": rng.normal(size=(H, D)), "b^{(1)}": column(rng.normal(size=H)),
            "W^{(2)}": rng.normal(size=(K, H)), "b^{(2)}": column(rng.normal(size=K)),
            "z^{(2)}": lambda at: np.einsum("hd,do->ho", at["W^(1)"], at["x"]) + at["b^(1)"],
            "a^{(2)}": lambda at: np.maximum(at["z^(2)"], 0.0),
            "z^{(3)}": lambda at: np.einsum("kh,ho->ko", at["W^(2)"], at["a^(2)"]) + at["b^(2)"],
            "a^{(3)}": lambda at: special.softmax(at["z^(3)"]),
        },
        {
            r"f_\theta": lambda at, x: special.softmax(
                at["W^(2)"] @ np.maximum(at["W^(1)"] @ x + at["b^(1)"], 0.0) + at["b^(2)"]
            ),
            r"\psi": lambda _at, z: special.softmax(z), r"\phi": lambda _at, z: np.maximum(z, 0.0),
        },
    )  # fmt: skip


def columns(rng: np.random.Generator) -> World:
    """The sheet's notation: one sample a column, z = Wx + b. Indices: i, n samples; j, k, l classes; h, p hidden; q inputs."""
    drawn = _draw(rng)
    N, D, H, K = (drawn[size] for size in "NDHK")
    labels = np.asarray(drawn["y"])

    def layer(weights: str, bias: str, below: str):
        return lambda at: np.einsum("hd,ndo->nho", at[weights], at[below]) + at[bias]

    def losses(at: View) -> np.ndarray:
        return _cross_entropies(at["z^(3)"][:, :, 0], labels)

    def penalty(at: View) -> float:
        return _penalty(at, "W^(1)", "W^(2)")

    def one_sample(at: View, x: np.ndarray) -> np.ndarray:
        hidden = np.maximum(at["W^(1)"] @ x + at["b^(1)"], 0.0)
        return special.softmax(at["W^(2)"] @ hidden + at["b^(2)"], axis=0)

    def loss(at: View, _theta: np.ndarray, x: np.ndarray | None = None, y: np.ndarray | None = None) -> float:
        return float(np.mean(losses(at))) if x is None else -np.log(one_sample(at, x)[int(y) - 1, 0])

    return World(
        {
            "N": N, "D": D, "H": H, "K": K, r"\lambda": drawn["lambda"], r"\theta": 0.0, "y": labels + 1.0,
            "x": family(drawn["X"]), "a^{(1)}": lambda at: at["x"],
            "W^{(1)}": drawn["W1"].T, "b^{(1)}": column(drawn["b1"]),
            "W^{(2)}": drawn["W2"].T, "b^{(2)}": column(drawn["b2"]),
            "z^{(2)}": layer("W^(1)", "b^(1)", "a^(1)"), "a^{(2)}": lambda at: np.maximum(at["z^(2)"], 0.0),
            "z^{(3)}": layer("W^(2)", "b^(2)", "a^(2)"), "z": lambda at: at["z^(3)"],
            "a^{(3)}": lambda at: special.softmax(at["z^(3)"], axis=1),
            "S": lambda at: np.sum(np.exp(at["z"]), axis=(1, 2)),
            r"\Delta": family(np.eye(K)[labels]),
            "losses": losses, "J": lambda at: np.mean(losses(at)),
            r"\tilde J": lambda at: np.mean(losses(at)) + penalty(at),
        },
        {
            "J": loss, r"\tilde J": lambda at, theta: loss(at, theta) + penalty(at),
            r"f_\theta": one_sample, r"\psi": lambda _at, z: special.softmax(z), r"\phi": lambda _at, z: np.maximum(z, 0.0),
        },
        {"i": N, "n": N, "j": K, "k": K, "l": K, "h": H, "p": H, "q": D},
    )  # fmt: skip


def rows(rng: np.random.Generator) -> World:
    """The code's notation: one sample a row, Z = XW + b. Indices as for columns; G are the error signals."""
    drawn = _draw(rng)
    N, D, H, K = (drawn[size] for size in "NDHK")
    labels = np.asarray(drawn["y"])

    def losses(at: View) -> np.ndarray:
        return _cross_entropies(at["Z^(3)"], labels)

    def penalty(at: View) -> float:
        return _penalty(at, "W_1", "W_2")

    def error_signal(layer: str):
        return lambda at: at.derivative(lambda moved: np.mean(losses(moved)), layer, ())

    return World(
        {
            "N": N, "D": D, "H": H, "K": K, r"\lambda": drawn["lambda"], "X": drawn["X"],
            "W_1": drawn["W1"], "b_1": row(drawn["b1"]), "W_2": drawn["W2"], "b_2": row(drawn["b2"]),
            "b^{(2)}": lambda at: at["b_2"],
            "Z^{(2)}": lambda at: at["X"] @ at["W_1"] + at["b_1"], "A^{(2)}": lambda at: np.maximum(at["Z^(2)"], 0.0),
            "Z^{(3)}": lambda at: at["A^(2)"] @ at["W_2"] + at["b^(2)"],
            "P": lambda at: special.softmax(at["Z^(3)"], axis=1),
            r"\Delta": np.eye(K)[labels],
            "J": lambda at: np.mean(losses(at)), r"\tilde J": lambda at: np.mean(losses(at)) + penalty(at),
            "G^{(3)}": error_signal("Z^(3)"), "G^{(2)}": error_signal("Z^(2)"),
        },
        {r"\phi": lambda _at, Z: np.maximum(Z, 0.0), r"\psi": lambda _at, Z: special.softmax(Z, axis=1)},
        {"i": N, "n": N, "j": K, "k": K, "h": H, "d": D},
    )  # fmt: skip
