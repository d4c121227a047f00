"""Stacks of layers, one sample, and weights drawn by chance, as worlds.

Truth is SciPy's and NumPy's, or found by going through all cases.
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from autograde.handout.networks import sizes
from autograde.handout.worlds import View, World, column, row

WORLDS = ("stack", "layer", "one_sample", "samples", "weights")
#: Pre-activations stay this far from 0, so that no difference crosses a kink.
_KINK = 0.02
#: Eight rows of signs; all columns but the first have mean 0 and are uncorrelated, as independent signs are.
_SIGNS = np.array([[(-1.0) ** (a & b).bit_count() for b in range(8)] for a in range(8)])


def stack(rng: np.random.Generator) -> World:
    """Three layers for a batch of rows, all of different sizes, each with a penalty of its own. Index l: layers."""
    N, *widths = sizes(rng, 5)
    layers = range(1, len(widths))
    last = len(layers)

    def linear(l: int):
        return lambda at: np.einsum("nd,dh->nh", at[f"a^({l - 1})"], at[f"W^({l})"]) + at[f"b^({l})"]

    def relu(l: int):
        return lambda at: np.maximum(linear(l)(at), 0.0)

    labels = rng.integers(widths[-1], size=N)
    while True:
        drawn: dict = {"a^{(0)}": rng.normal(size=(N, widths[0]))}
        for l in layers:
            drawn |= {
                f"W^{{({l})}}": rng.normal(size=(widths[l - 1], widths[l])),
                f"b^{{({l})}}": row(rng.normal(size=widths[l])),
            }
        drawn |= {f"a^{{({l})}}": relu(l) for l in layers if l < last}
        view = View(World(drawn))
        before = [linear(l)(view) for l in layers if l < last]
        if all(np.abs(Z).min() > _KINK and (Z > 0).any() and (Z < 0).any() for Z in before):
            break
    rates = rng.uniform(0.1, 0.5, size=last)

    def penalties(at: View) -> np.ndarray:
        return np.array([rate * np.vdot(at[f"W^({l})"], at[f"W^({l})"]) for l, rate in zip(layers, rates, strict=True)])

    return World(
        drawn
        | {
            "L": last, "N": N, "y": labels + 1.0, r"\lambda": rates, "z": linear(last),
            "P": lambda at: special.softmax(at["z"], axis=1), r"\text{penalty}": penalties,
            "J": lambda at: -np.mean(special.log_softmax(at["z"], axis=1)[np.arange(N), labels]) + np.sum(penalties(at)),
        },
        {r"\phi": lambda _at, z: np.maximum(z, 0.0)},
        {"l": last},
    )  # fmt: skip


def layer(rng: np.random.Generator, kind: str = "linear") -> World:
    """One layer (linear with its penalty, "relu" or "centring") from X to Y, and a cost J that depends on Y."""
    N, D, H = sizes(rng, 3)
    pull = rng.normal(size=(N, H if kind == "linear" else D))
    X = rng.choice([-1.0, 1.0], size=(N, D)) * rng.uniform(_KINK, 2.0, size=(N, D))

    def output(at: View) -> np.ndarray:
        match kind:
            case "relu":
                return np.maximum(at["X"], 0.0)
            case "centring":
                return np.array([[at["X"][n, d] - at[r"\mu"][0, d] for d in range(D)] for n in range(N)])
        return np.einsum("nd,dh->nh", at["X"], at["W"]) + at["b"]

    def cost(at: View) -> float:
        penalty = at[r"\lambda"] * np.vdot(at["W"], at["W"]) if kind == "linear" else 0.0
        return np.sum(pull * np.sin(at["Y"])) + penalty

    return World(
        {
            "N": N, "X": X, "W": rng.normal(size=(D, H)), "b": row(rng.normal(size=H)), r"\lambda": rng.uniform(0.1, 0.5),
            r"\mu": row(rng.normal(size=D)), r"\mathbf 1": np.ones((N, 1)), "Y": output, "J": cost,
        },
        indices={"n": N, "d": D, "h": H},
    )  # fmt: skip


def one_sample(
    rng: np.random.Generator, columns: bool = False, target: Callable[[int], np.ndarray] | None = None
) -> World:
    """Notebook 06's network for one sample with label t, a row; columns: z = W^T x + b.

    target: makes a vector of K numbers in place of the one-hot one.
    """
    D, H, K = sizes(rng, 3)
    t = int(rng.integers(K))
    tau = np.eye(K)[t] if target is None else target(K)
    spelled = "dh,do->ho" if columns else "od,dh->oh"
    as_vector = column if columns else row

    def affine(weights: str, bias: str, below: str):
        operands = (lambda at: (at[weights], at[below])) if columns else (lambda at: (at[below], at[weights]))
        return lambda at: np.einsum(spelled, *operands(at)) + at[bias]

    return World(
        {
            "x": as_vector(rng.normal(size=D)), "W": rng.normal(size=(D, H)), "b": as_vector(rng.normal(size=H)),
            "V": rng.normal(size=(H, K)), "c": as_vector(rng.normal(size=K)), "t": t + 1.0, r"\tau": as_vector(tau),
            "s": np.sum(tau), "z": affine("W", "b", "x"), "h": lambda at: special.expit(at["z"]), "o": affine("V", "c", "h"),
            "p": lambda at: special.softmax(at["o"]), r"\ell": lambda at: -np.sum(tau * np.log(np.ravel(at["p"]))),
        },
        {r"\sigma": lambda _at, z: special.expit(z), "softmax": lambda _at, o: special.softmax(o)},
        {"j": K, "k": K},
    )  # fmt: skip


def samples(rng: np.random.Generator) -> World:
    """The same network for N samples: h_n, ... are rows, bold capitals hold all of them; ell_n are the losses, J their mean."""
    N, D, H, K = sizes(rng, 4)
    labels = rng.integers(K, size=N)
    return World(
        {
            "N": N, r"\mathbf X": rng.normal(size=(N, D)), "W": rng.normal(size=(D, H)), "b": row(rng.normal(size=H)),
            "V": rng.normal(size=(H, K)), "c": row(rng.normal(size=K)), r"\mathbf 1": np.ones((N, 1)),
            r"\mathbf H": lambda at: special.expit(np.einsum("nd,dh->nh", at[r"\mathbf X"], at["W"]) + at["b"]),
            "O": lambda at: np.einsum("nh,hk->nk", at[r"\mathbf H"], at["V"]) + at["c"],
            r"\mathbf P": lambda at: special.softmax(at["O"], axis=1), r"\mathbf T": np.eye(K)[labels],
            "h": lambda at: at[r"\mathbf H"][:, None, :], "p": lambda at: at[r"\mathbf P"][:, None, :],
            r"\tau": np.eye(K)[labels][:, None, :],
            r"\ell": lambda at: -special.log_softmax(at["O"], axis=1)[np.arange(N), labels],
            "J": lambda at: np.mean(at[r"\ell"]),
        },
        indices={"n": N},
    )  # fmt: skip


def weights(rng: np.random.Generator, keep: str = "", relu: bool = False, wider: bool = False) -> World:
    """A linear layer whose weights w are independent signs times one number, and all that its input x and error e may be.

    keep: that number is such that the layer keeps E[y^2] ("forward"), the gradient's mean square ("backward") or the mean of both
    factors at 1 ("both"). relu: the input is phi(u) for a u that is symmetric about 0. wider: there are more outputs than inputs.
    """
    n_in, n_out = (2, 3) if wider or rng.integers(2) else (3, 2)
    chosen = 1 + rng.permutation(7)[:6]
    W = np.concatenate([_SIGNS, -_SIGNS])[:, chosen].reshape(-1, n_in, n_out)
    before, error = rng.normal(size=n_in), rng.normal(size=n_out)
    u = np.array([sign * np.roll(before, shift) for sign in ((1, -1) if relu else (1,)) for shift in range(n_in)])
    e = np.array([np.roll(error, shift) for shift in range(n_out)])
    x = np.maximum(u, 0.0) if relu else u
    onward = np.mean(np.einsum("ti,aij->taj", x, W) ** 2) / np.mean(u**2)
    back = np.mean(np.einsum("tj,aij->tai", e, W) ** 2) / np.mean(e**2)
    factor = {"forward": onward, "backward": back, "both": (onward + back) / 2, "": rng.uniform(0.5, 2.0)}[keep]
    W = W / np.sqrt(factor)
    outcomes = [
        {"w": matrix, "W": matrix, "u": column(u[number % len(u)]), "e": column(e[number % len(e)])}
        for matrix in W
        for number in range(2 * 6 if relu else 6)
    ]
    spread = float(np.var([outcome["w"][0, 0] for outcome in outcomes]))
    return World(
        {
            r"n_\text{in}": n_in, r"n_\text{out}": n_out, "n": n_in, r"\text{number of inputs of the layer}": n_in,
            "w": W[0], "W": column([0.0, spread]), "u": column(before), "e": column(error),
            "x": lambda at: np.maximum(at["u"], 0.0) if relu else at["u"],
            "y": lambda at: np.einsum("io,ij->jo", at["x"], at["w"]), "J": lambda at: np.sum(at["e"] * at["y"]),
        },
        {r"\phi": lambda _at, u: np.maximum(u, 0.0), r"\mathcal N": lambda _at, mean, variance: column([mean, variance])},
        {"i": n_in, "j": n_out},
        outcomes=outcomes,
    )  # fmt: skip
