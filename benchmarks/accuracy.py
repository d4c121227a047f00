"""What the solutions' networks reach, three seeds each: python -m benchmarks.accuracy [--images FOLDER].

Without --images on the built-in synthetic set, with the sheet's defaults and a small convolutional network beside them, to
show that the course's lessons hold on it.
"""

import time
from collections.abc import Callable

import click
import pandas as pd
from tqdm import tqdm

from benchmarks import solution
from benchmarks.report import machine, write
from helpers.data import load_images

SEEDS = (0, 1, 2)


@click.command()
@click.option("--images", default="synthetic", help="A set that load_images takes: a name, or a folder of images.")
@click.option("--name", default=None, help="What to call the set in the results.")
def main(images: str, name: str | None) -> None:
    """Train every network with three seeds, and write the table."""
    course, loaded = solution.functions(), load_images(images)
    synthetic = loaded.name == "synthetic"
    raw, scaled = solution.prepared(loaded, 1.0), solution.prepared(loaded)
    runs: dict[str, Callable[[int], dict[str, float]]] = {
        "NumPy, 2 layers, the sheet's defaults": lambda seed: solution.two_layer(course, raw, seed, defaults=True),
        "NumPy, 2 layers, tuned (notebook 03)": lambda seed: solution.two_layer(course, scaled, seed),
        "PyTorch, 3 layers (notebook 04)": lambda seed: solution.perceptron(course, scaled, seed, mirror=not synthetic),
    }
    if synthetic:
        runs["PyTorch, small ConvNet"] = lambda seed: solution.convnet(course, scaled, seed)
    rows = []
    for network, seed in tqdm([(network, seed) for network in runs for seed in SEEDS], unit="run"):
        started = time.perf_counter()
        measured = runs[network](seed)
        rows.append({"network": network, "seed": seed} | measured | {"seconds": round(time.perf_counter() - started)})
    table = pd.DataFrame(rows)
    write(f"accuracy-{name or loaded.name}", {"set": str(loaded), "machine": machine(), "runs": rows})
    click.echo(table.to_string(index=False))


if __name__ == "__main__":
    main()
