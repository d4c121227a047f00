"""Annotates its functions and calls helpers of its own, defined in the same cells.

loses: nothing
"""

# %% q3a-objective
from collections.abc import Callable

Arrays = dict[str, np.ndarray]


def l2(params: Arrays) -> float:
    """The sum of the squares of all weights."""
    return float(sum(np.linalg.norm(value) ** 2 for name, value in params.items() if name[0] == "W"))


def loss_and_gradients(params: Arrays, X: np.ndarray, y: np.ndarray, reg: float) -> tuple[float, Arrays]:
    cache = forward(params, X)
    return cross_entropy(cache["Z3"], y) + reg * l2(params), backward(params, cache, y, reg)


# %% q3a-batch
def draw(n: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Random indices, each of them 0 to n - 1."""
    return np.floor(rng.random(size) * n).astype(int)


def sample_batch(
    X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    chosen = draw(len(X), batch_size, rng)
    return X[chosen, :], y[chosen]


# %% q3a-momentum
def momentum_step(
    params: Arrays,
    velocity: Arrays,
    grads: Arrays,
    learning_rate: float,
    momentum: float,
    damped: bool = False,
) -> tuple[Arrays, Arrays]:
    def step(v: np.ndarray, g: np.ndarray) -> np.ndarray:
        return momentum * v - (1 - momentum if damped else 1) * learning_rate * g

    moved = {name: step(velocity[name], grads[name]) for name in params}
    return {name: np.add(params[name], moved[name]) for name in params}, moved


# %% q3a-predict
def predict(forward: Callable[[Arrays, np.ndarray], Arrays], params: Arrays, X: np.ndarray) -> np.ndarray:
    return np.array([np.argmax(row) for row in forward(params, X)["P"]], dtype=np.int32)


# %% q3b-init
def he(inputs: int) -> float:
    return float(np.sqrt(2.0 / inputs))


def initial_parameters(D: int, H: int, K: int, rng: np.random.Generator, std: float | None = None) -> Arrays:
    def weights(inputs: int, outputs: int) -> np.ndarray:
        return rng.standard_normal((inputs, outputs)) * (he(inputs) if std is None else std)

    return {"W2": weights(H, K), "b2": np.zeros(K), "W1": weights(D, H), "b1": np.zeros(H)}


# %% q3b-interval
def percentile_of_means(means: np.ndarray, percent: float) -> float:
    return float(np.percentile(means, percent))


def bootstrap_interval(values: np.ndarray, rng: np.random.Generator, repeats: int = 2000) -> tuple[float, float]:
    means = np.array([np.mean(rng.choice(values, size=len(values))) for _ in range(repeats)])
    return percentile_of_means(means, 2.5), percentile_of_means(means, 97.5)
