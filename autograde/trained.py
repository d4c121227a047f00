"""Trained weights for planted submissions: small networks that pass, trained in seconds on the synthetic set."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from autograde.build import Built
from autograde.planted import answers_of
from helpers import synthetic
from helpers.data import as_rows
from helpers.weights import save_model, save_weights

TWO_LAYER, MODEL = "best_two_layer.npz", "best_mlp.safetensors"
_SCALE = 64.0
_EPOCHS = 10


def train_and_save(
    built: list[Built], folder: Path, *, progress: Callable[..., Iterable[int]] = lambda epochs, **_: epochs
) -> list[Path]:
    """Write the two files that a right submission hands in beside its notebooks; returns them. progress: such as tqdm."""
    X, y = synthetic.synthetic_images(10_000, np.random.default_rng(0))
    rows = as_rows(X)
    mean = rows.mean(axis=0)
    inputs, labels = torch.from_numpy((rows - mean) / np.float32(_SCALE)), torch.from_numpy(y)
    settings = {"input_size": rows.shape[1], "hidden_sizes": [150], "num_classes": len(synthetic.CLASSES)}
    torch.manual_seed(0)
    model = _their_class(built)(**settings)
    _train(model, inputs, labels, progress)
    save_model(folder / MODEL, model, settings, synthetic.CLASSES, mean, _SCALE)
    save_weights(folder / TWO_LAYER, _two_layer(model, mean), synthetic.CLASSES)
    return [folder / TWO_LAYER, folder / MODEL]


def _their_class(built: list[Built]) -> type[nn.Module]:
    """The solution's MultiLayerPerceptron."""
    namespace = {"nn": nn, "ACTIVATIONS": {"relu": nn.ReLU}}
    (source,) = (answers_of(item.full)["q4a-model"] for item in built if item.name == "04_pytorch")
    exec(source, namespace)
    return namespace["MultiLayerPerceptron"]


def _train(model: nn.Module, X: torch.Tensor, y: torch.Tensor, progress: Callable[..., Iterable[int]]) -> None:
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, _EPOCHS)
    for _ in progress(range(_EPOCHS), desc="training a network to hand in", unit="epoch"):
        for chosen in torch.randperm(len(X)).split(128):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(X[chosen]), y[chosen]).backward()
            optimizer.step()
        schedule.step()


def _two_layer(model: nn.Module, mean: np.ndarray) -> dict[str, np.ndarray]:
    """The model's parameters as notebook 03 hands them in, acting on raw pixels."""
    first, second = (part for part in model.modules() if isinstance(part, nn.Linear))
    W1 = first.weight.detach().numpy().T / _SCALE
    params = {"W1": W1, "b1": first.bias.detach().numpy() - mean @ W1}
    return params | {"W2": second.weight.detach().numpy().T, "b2": second.bias.detach().numpy()}
