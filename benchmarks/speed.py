"""One training step in NumPy against PyTorch, and loading images against torchvision.

Both sides of a ratio are measured in turns in one process, with the same number of threads, in float32.
"""

import hashlib
import pickle
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torchvision.datasets import CIFAR10

from benchmarks import solution
from benchmarks.turns import Part, Progress, Results, Side, clocked, in_turns
from helpers.data import load_images

NUMPY, TORCH, CACHE, TORCHVISION = "NumPy", "PyTorch", "the course's cache", "torchvision"
N, D, H, K, BATCH, REG, RATE, MOMENTUM = 20_000, 3072, 200, 10, 256, 1e-3, 1e-2, 0.9


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

    return {NUMPY: in_numpy, TORCH: in_torch}


def loading(place: Path) -> dict[str, Callable[[], object]]:
    """All pixels of a set of CIFAR-10's size and layout in memory: our cache, and torchvision from disk."""
    _write_cifar(place)

    def from_cache() -> list[np.ndarray]:
        images = load_images("cifar10", place=place)
        return [np.array(X) for X in (images.X_train, images.X_val, images.X_test)]

    return {
        CACHE: from_cache,
        TORCHVISION: lambda: [CIFAR10(place, train=part).data for part in (True, False)],
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


def measure_steps(sides: Sequence[Side], progress: Progress) -> Results:
    """Seconds of ten steps of each side."""
    steps = training_steps()
    for work in steps.values():
        work()  # the first time memory is got and threads are started
    return {"sides": in_turns(sides, {name: clocked(work) for name, work in steps.items()}, progress)}


def measure_loading(sides: Sequence[Side], progress: Progress) -> Results:
    """Seconds of loading the whole set with each side."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        loads = loading(Path(folder))
        for work in loads.values():
            work()  # the first time the cache is made, and files come from the disk
        return {"sides": in_turns(sides, {name: clocked(work) for name, work in loads.items()}, progress)}


STEP = Part("step", (Side(NUMPY, 30, 0.07), Side(TORCH, 30, 0.14)), measure_steps)
LOADING = Part("loading", (Side(CACHE, 9, 0.07), Side(TORCHVISION, 9, 0.7)), measure_loading)
