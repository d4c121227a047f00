"""One training step in NumPy against PyTorch, and loading images against torchvision: python -m benchmarks.speed.

Both sides of a ratio are measured in turns in one process, with the same number of threads, in float32.
"""

import hashlib
import pickle
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn
from torchvision.datasets import CIFAR10
from tqdm import tqdm

from benchmarks import solution
from benchmarks.report import machine, write
from helpers.data import load_images

N, D, H, K, BATCH, REG, RATE, MOMENTUM = 20_000, 3072, 200, 10, 256, 1e-3, 1e-2, 0.9


def in_turns(repeats: int, **sides: Callable[[], object]) -> dict[str, dict[str, float]]:
    """Median and quartiles of the seconds of each side, measured one after the other, again and again."""
    for side in sides.values():
        side()
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in tqdm(range(repeats), unit="round", desc=" against ".join(sides)):
        for name, side in sides.items():
            started = time.perf_counter()
            side()
            seconds[name].append(time.perf_counter() - started)
    return {
        name: dict(zip(("q1", "median", "q3"), statistics.quantiles(values, n=4), strict=True))
        for name, values in seconds.items()
    }


def training_steps() -> dict[str, Callable[[], None]]:
    """Ten steps of SGD with momentum of the two-layer network: sampling, loss with penalty, gradients, update."""
    course, rng = solution.functions(), np.random.default_rng(0)
    X, y = rng.normal(size=(N, D)).astype(np.float32), rng.integers(K, size=N)
    start = course.initial_parameters(D, H, K, rng)
    start = {name: value.astype(np.float32) for name, value in start.items()}
    settings = {"learning_rate": RATE, "momentum": MOMENTUM, "reg": REG, "batch_size": BATCH, "iterations": 10}

    def in_numpy() -> None:
        course.train(course.loss_and_gradients, start, X, y, rng=rng, **settings)

    model = nn.Sequential(nn.Linear(D, H), nn.ReLU(), nn.Linear(H, K))
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM)
    X_tensor, y_tensor = torch.from_numpy(X), torch.from_numpy(y)

    def in_torch() -> None:
        for _ in range(10):
            chosen = torch.randint(N, (BATCH,))
            penalty = REG * ((model[0].weight ** 2).sum() + (model[2].weight ** 2).sum())
            loss = nn.functional.cross_entropy(model(X_tensor[chosen]), y_tensor[chosen]) + penalty
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()  # the loss of every step is kept on both sides

    return {"numpy": in_numpy, "torch": in_torch}


def loading(place: Path) -> dict[str, Callable[[], object]]:
    """All pixels of a set of CIFAR-10's size and layout in memory: our cache, and torchvision from disk."""
    _write_cifar(place)

    def from_cache() -> list[np.ndarray]:
        images = load_images("cifar10", place=place)
        return [np.array(X) for X in (images.X_train, images.X_val, images.X_test)]

    return {
        "cache": from_cache,
        "torchvision": lambda: [CIFAR10(place, train=part).data for part in (True, False)],
    }


def _write_cifar(place: Path) -> None:
    """Random images in CIFAR-10's files, with torchvision told their checksums."""
    rng, folder = np.random.default_rng(0), place / CIFAR10.base_folder
    folder.mkdir()
    sums = {}
    for name in [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta"]:
        entry = {"data": rng.integers(256, size=(10_000, 3072), dtype=np.uint8), "labels": [0, 1] * 5000}
        content = pickle.dumps({"label_names": list("abcdefghij")} if name == "batches.meta" else entry)
        (folder / name).write_bytes(content)
        sums[name] = hashlib.md5(content).hexdigest()
    CIFAR10.train_list = [[f"data_batch_{number}", sums[f"data_batch_{number}"]] for number in range(1, 6)]
    CIFAR10.test_list = [["test_batch", sums["test_batch"]]]
    CIFAR10.meta = CIFAR10.meta | {"md5": sums["batches.meta"]}


@click.command()
def main() -> None:
    """Measure, and write benchmarks/results/speed.json."""
    steps = in_turns(60, **training_steps())
    with tempfile.TemporaryDirectory() as folder:
        loads = in_turns(15, **loading(Path(folder)))
    ratios = {
        "a NumPy step takes, in PyTorch steps": steps["numpy"]["median"] / steps["torch"]["median"],
        "loading from the cache is faster than torchvision by": loads["torchvision"]["median"]
        / loads["cache"]["median"],
    }
    write("speed", {"machine": machine(), "ratios": ratios, "ten steps, seconds": steps, "loading, seconds": loads})
    for name, ratio in ratios.items():
        click.echo(f"{name} {ratio:.2f}")


if __name__ == "__main__":
    main()
