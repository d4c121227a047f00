"""The solution's own functions, taken from the sources of the notebooks, and the networks that its notebooks train."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import scipy.special
import torch
from torch import nn

from autograde.build import read_course
from autograde.cells import SKIP_TAG, is_solution, without_solution_markers
from autograde.course import Course
from helpers.data import ImageSet, as_rows

ROOT = Path(__file__).parents[1]
SCALE = 64.0


def functions(*further: str) -> SimpleNamespace:
    """Every function and class that the solution cells of notebooks 01 to 04 define, and of further ones, by name."""
    namespace = {"np": np, "scipy": scipy, "torch": torch, "nn": nn}
    namespace["ACTIVATIONS"] = {"relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "sigmoid": nn.Sigmoid}
    built = read_course(Course(ROOT))
    for item in (*built[:4], *(item for item in built if item.name in further)):
        for cell in filter(is_solution, item.full.cells):
            if cell.cell_type == "code" and SKIP_TAG not in cell.metadata.get("tags", []):
                exec(without_solution_markers(cell.source), namespace)
    return SimpleNamespace(**namespace)


def prepared(images: ImageSet, scale: float = SCALE) -> list[np.ndarray]:
    """Rows less the mean training image, divided by scale, and labels: X and y of training, validation and test images."""
    rows = [as_rows(X) for X in (images.X_train, images.X_val, images.X_test)]
    mean = rows[0].mean(axis=0)
    labels = [np.array(y) for y in (images.y_train, images.y_val, images.y_test)]
    return [array for X, y in zip(rows, labels, strict=True) for array in ((X - mean) / np.float32(scale), y)]


def two_layer(course: SimpleNamespace, data: list[np.ndarray], seed: int, defaults: bool = False) -> dict[str, float]:
    """Accuracies of notebook 03's best network, or of the sheet's defaults (for data of scale 1)."""
    X, y, X_val, y_val, X_test, y_test = data
    if defaults:
        hidden, std, settings = 50, 1e-4, {}
    else:
        iterations = 25 * (len(X) // 256)
        hidden, std = 300, None
        settings = {"learning_rate": 2e-2, "momentum": 0.9, "decay": 0.87, "reg": 1.5e-3}
        settings |= {"batch_size": 256, "iterations": iterations}
    start = course.initial_parameters(X.shape[1], hidden, int(y.max()) + 1, np.random.default_rng(seed), std)
    start = {name: value.astype(np.float32) for name, value in start.items()}
    params, _ = course.train(course.loss_and_gradients, start, X, y, rng=np.random.default_rng(seed), **settings)

    def share(X: np.ndarray, y: np.ndarray) -> float:
        return float(np.mean(course.predict(course.forward, params, X) == y))

    return {"training": share(X[:5000], y[:5000]), "validation": share(X_val, y_val), "test": share(X_test, y_test)}


def perceptron(course: SimpleNamespace, data: list[np.ndarray], seed: int, mirror: bool) -> dict[str, float]:
    """Accuracies of notebook 04's best network. mirror: whether a mirrored image keeps its class."""
    tensors = [torch.from_numpy(array) for array in data]
    torch.manual_seed(seed)
    model = course.MultiLayerPerceptron(data[0].shape[1], [512, 256], int(data[1].max()) + 1, "relu", True, 0.2)
    return _trained(course, model, tensors, seed, epochs=18, mirror=mirror)


def convnet(course: SimpleNamespace, data: list[np.ndarray], seed: int) -> dict[str, float]:
    """Accuracies of a small convolutional network, for images of 32x32x3."""
    tensors = [torch.from_numpy(array) for array in data]
    torch.manual_seed(seed)
    blocks = [
        layer
        for inputs, outputs in ((3, 16), (16, 32), (32, 32))
        for layer in (nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2))
    ]
    model = nn.Sequential(_Pictures(), *blocks[:-1], nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(128, 10))
    return _trained(course, model, tensors, seed, epochs=8, mirror=False, batch_size=128)


class _Pictures(nn.Module):
    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return X.view(-1, 32, 32, 3).permute(0, 3, 1, 2)


def _trained(
    course: SimpleNamespace,
    model: nn.Module,
    tensors: list[torch.Tensor],
    seed: int,
    *,
    epochs: int,
    mirror: bool,
    batch_size: int = 256,
) -> dict[str, float]:
    X, y, X_val, y_val, X_test, y_test = tensors
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=epochs)
    for _ in range(epochs):
        flipped = _mirrored(X, generator) if mirror else X
        course.train_epoch(model, optimizer, flipped, y, batch_size, generator)
        schedule.step()
    return {
        "training": course.accuracy(model, X[:5000], y[:5000]),
        "validation": course.accuracy(model, X_val, y_val),
        "test": course.accuracy(model, X_test, y_test),
    }


def _mirrored(X: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    pictures = X.view(-1, 32, 32, 3)
    flip = torch.rand(len(X), generator=generator) < 0.5
    return torch.where(flip[:, None, None, None], pictures.flip(2), pictures).view(len(X), -1)
