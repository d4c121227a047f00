"""Mini-batches, momentum and batch normalisation as worlds. Truth is written as loops, sums or NumPy's own mean and variance."""

import numpy as np

from autograde.handout.networks import columns, sizes
from autograde.handout.worlds import View, World, column

WORLDS = ("mini_batch", "descent", "normalised")


def mini_batch(rng: np.random.Generator) -> World:
    """A batch i_1, ..., i_B from the network of `columns`; theta is all of its parameters as one column, g the batch's gradient."""
    network = columns(rng)
    names = ("W^(1)", "b^(1)", "W^(2)", "b^(2)")
    parts = [np.asarray(network.quantities[name]) for name in names]
    ends = np.cumsum([0, *(part.size for part in parts)])
    drawn = rng.integers(1, int(network.quantities["N"]) + 1, size=5)

    def part(place: int):
        start, end = ends[place], ends[place + 1]
        return lambda at: at[r"\theta"][start:end].reshape(parts[place].shape)

    def objective(at: View) -> float:
        penalty = sum(np.sum(at[name] ** 2) for name in ("W^(1)", "W^(2)"))
        return float(np.mean(at["losses"][drawn - 1]) + at[r"\lambda"] * penalty)

    return network.with_(
        quantities={
            r"\theta": column(np.concatenate([part.ravel() for part in parts])),
            **{name: part(place) for place, name in enumerate(names)},
            "B": len(drawn), "i": drawn, "J": lambda at: at["losses"],
            "g": lambda at: at.derivative(objective, r"\theta", ()),
        },
        indices={"j": len(drawn)},
    )  # fmt: skip


def descent(rng: np.random.Generator, momentum: bool = False, damped: bool = False, constant: bool = False) -> World:
    """Steps 0 to t + 1 of gradient descent with columns g^(s) as gradients; the velocity is a sum over all past ones."""
    t, n = 4, sizes(rng, 1)[0]
    rate, mu = rng.uniform(0.1, 0.5), rng.uniform(0.6, 0.95)
    g = rng.normal(size=(t + 2, n, 1))
    if constant:
        g[:] = g[0]
    share = rate * (1 - mu) if damped else rate

    def velocity(step: int) -> np.ndarray:
        weights = [mu ** (step - 1 - s) if momentum else float(s == step - 1) for s in range(step)]
        return -share * np.einsum("s,sno->no", weights, g[:step])

    v = np.array([velocity(step) for step in range(t + 2)])
    return World(
        {
            "t": t, r"\mu": mu, r"\alpha": rate, "g": g[0], "g^{()}": g, "v^{()}": v,
            r"\theta^{()}": rng.normal(size=(n, 1)) + np.cumsum(v, axis=0),
        },
    )  # fmt: skip


def normalised(rng: np.random.Generator) -> World:
    """Batch norm of one feature; L is a loss that is linear in no output. g is its gradient at the outputs."""
    N = sizes(rng, 1)[0] + 2
    pull, epsilon = rng.normal(size=(N, 1)), 0.1
    return World(
        {
            "N": N, "x": column(rng.normal(size=N)), r"\gamma": rng.uniform(0.5, 2.0),
            r"\beta": rng.normal(), r"\varepsilon": epsilon,
            "m": lambda at: np.mean(at["x"]), "s": lambda at: np.mean((at["x"] - at["m"]) ** 2),
            r"\hat x": lambda at: (at["x"] - at["m"]) * (at["s"] + epsilon) ** -0.5,
            "o": lambda at: at[r"\gamma"] * at[r"\hat x"] + at[r"\beta"],
            "L": lambda at: np.sum(pull * np.sin(at["o"])), "g": lambda at: pull * np.cos(at["o"]),
        },
        indices={"i": N, "j": N},
    )  # fmt: skip
