"""What notebook 08's ConvNet reaches in minutes and in an hour: python -m benchmarks.convnets --images FOLDER [--hour].

The recipe is the notebook's: SGD with Nesterov's momentum, one cycle of the learning rate, shifted and, on photographs, mirrored
images. One run, one seed; every epoch is a line, so that a run that is ended early has told what it reached.
"""

import time

import click
import numpy as np
import torch
from torch import nn

from benchmarks import solution
from benchmarks.report import machine, write
from helpers.data import ImageSet, load_images

#: widths, convolutions in a block, epochs, highest learning rate
PLANS = {"minutes": ([16, 32, 64], 1, 8, 0.2), "hour": ([32, 64, 128], 2, 16, 0.1)}
BATCH_SIZE = 128


@click.command()
@click.option("--images", default="synthetic", help="A set that load_images takes: a name, or a folder of images.")
@click.option("--name", default=None, help="What to call the set in the results.")
@click.option("--hour", is_flag=True, help="The larger network, for an hour on two cores.")
@click.option("--seed", default=0)
def main(images: str, name: str | None, hour: bool, seed: int) -> None:
    """Train the network, say what each epoch brought, and write the result."""
    loaded, plan = load_images(images), "hour" if hour else "minutes"
    epochs = convnet_run(loaded, *PLANS[plan], seed)
    write(
        f"convnet-{plan}-{name or loaded.name}",
        {"set": str(loaded), "machine": machine(), "seed": seed, "epochs": epochs},
    )


def convnet_run(
    images: ImageSet, widths: list[int], depth: int, epochs: int, rate: float, seed: int
) -> list[dict[str, float]]:
    """Train notebook 08's ConvNet; the loss, the accuracies and the seconds so far of each epoch."""
    course, color = (
        solution.functions("08_convnet"),
        images.X_train.mean(axis=(0, 1, 2), dtype=np.float64).astype(np.float32),
    )
    mirror = images.name != "synthetic"
    (X, y), (X_val, y_val), (X_test, y_test) = (
        _tensors(*part, color)
        for part in (
            (images.X_train, images.y_train),
            (images.X_val, images.y_val),
            (images.X_test, images.y_test),
        )
    )
    torch.manual_seed(seed)
    model = course.ConvNet(X.shape[1], widths, len(images.classes), depth).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9, nesterov=True, weight_decay=5e-4)
    steps = epochs * -(-len(X) // BATCH_SIZE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=rate, total_steps=steps + 1)
    optimizer.register_step_post_hook(lambda *_: schedule.step())
    generator, found, started = torch.Generator().manual_seed(seed), [], time.perf_counter()
    for epoch in range(epochs):
        varied = _varied(X, generator, mirror)
        loss = course.train_epoch(model, optimizer, varied, y, BATCH_SIZE, generator)
        found.append({"epoch": epoch + 1, "loss": loss, "validation": course.accuracy(model, X_val, y_val)})
        found[-1]["seconds"] = round(time.perf_counter() - started)
        click.echo(" ".join(f"{key} {value:.4g}" for key, value in found[-1].items()))
    found[-1]["test"] = course.accuracy(model, X_test, y_test)
    click.echo(f"test {found[-1]['test']:.1%}")
    return found


def _tensors(X: np.ndarray, y: np.ndarray, color: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    X = torch.from_numpy((X - color) / np.float32(64)).permute(0, 3, 1, 2)
    return X.contiguous(memory_format=torch.channels_last), torch.from_numpy(np.array(y))


def _varied(X: torch.Tensor, generator: torch.Generator, mirror: bool, most: int = 4) -> torch.Tensor:
    """The images shifted by up to `most` pixels, a hundred alike, and every other one mirrored if that keeps its class."""
    height, width, parts = *X.shape[2:], []
    for images in X.split(100):
        padded = nn.functional.pad(images, (most, most, most, most), mode="reflect")
        down, across = torch.randint(2 * most + 1, (2,), generator=generator).tolist()
        part = padded[:, :, down : down + height, across : across + width]
        flip = torch.rand(len(part), generator=generator) < 0.5 * mirror
        parts.append(torch.where(flip[:, None, None, None], part.flip(3), part))
    return torch.cat(parts).contiguous(memory_format=torch.channels_last)


if __name__ == "__main__":
    main()
