"""Where results go, on what they were measured, and how they read: python -m benchmarks.report prints the tables."""

import json
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """What the measurement depends on."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__.split("+")[0],
        "threads": torch.get_num_threads(),
    }


def write(name: str, results: dict[str, Any]) -> None:
    """Keep results as benchmarks/results/<name>.json."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def read(name: str) -> dict[str, Any]:
    """The results kept under a name."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def accuracy_table(name: str) -> str:
    """Markdown: each network's accuracies, one number a seed, and the seconds of the slowest run."""
    runs = pd.DataFrame(read(name)["runs"])
    lines = ["| network | training | validation | test | seconds |", "|---|---|---|---|---|"]
    for network, group in runs.groupby("network", sort=False):
        shares = [
            " ".join(f"{100 * value:.1f}" for value in group[part]) for part in ("training", "validation", "test")
        ]
        lines.append(f"| {network} | {' | '.join(shares)} | {group['seconds'].max():.0f} |")
    return "\n".join(lines)


def speed_table() -> str:
    """Markdown: the two ratios."""
    ratios = read("speed")["ratios"]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {ratio:.2f} |" for name, ratio in ratios.items())])


def grading_table() -> str:
    """Markdown: what both sides took, ours by the number of submissions, and what parts cost."""
    found = read("grading")
    stock, ours = found["stock"], found["ours"]
    lines = ["| | wall, s | CPU of the machine, s |", "|---|---|---|"]
    for name, side in (("`nbgrader autograde`", stock), ("`course grade`", ours)):
        lines.append(f"| {name} | {side['median wall']:.0f} | {side['median cpu']:.0f} |")
    wall, cpu = (stock[f"median {what}"] / ours[f"median {what}"] for what in ("wall", "cpu"))
    lines.append(f"| ratio | {wall:.1f} | {cpu:.1f} |")
    lines += ["", "| submissions of one notebook | wall, s | CPU, s | coordinator, MB | all processes, MB |"]
    lines.append("|---|---|---|---|---|")
    for count, run in found["sizes"].items():
        held = run["MB"]
        lines.append(f"| {count} | {run['wall']:.0f} | {run['cpu']:.0f} | {held['coordinator']} | {held['all']} |")
    bare = " ".join(f"{seconds:.2f}" for seconds in found["bare cells, s of CPU"].values())
    per_student = ours["median cpu"] / found["students"]
    return "\n".join(
        [
            *lines,
            "",
            "| part | |",
            "|---|---|",
            f"| a fresh room with a candidate that answers | {found['room and fork, ms']:.0f} ms |",
            f"| all four notebooks of a student, of the machine's CPU, start-up of the run included | {per_student:.1f} s |",
            f"| their cells alone, everything imported, no rooms: 01 to 04 | {bare} s |",
        ]
    )


def handout_table() -> str:
    """Markdown: the seconds of both sides, median and quartiles, and their ratio."""
    found = read("handout")
    lines = ["| | seconds, median | quartiles |", "|---|---|---|"]
    for name, side in (("nbconvert, XeLaTeX", "nbconvert"), ("`course handout`", "course")):
        taken = found["seconds"][side]
        lines.append(f"| {name} | {taken['median']:.1f} | {taken['q1']:.1f} to {taken['q3']:.1f} |")
    return "\n".join([*lines, f"| ratio | {found['ratio']:.1f} | |"])


def notebooks_table() -> str:
    """Markdown: the CPU seconds of each notebook, and what the clock said at which load."""
    lines = ["| notebook | CPU, s | wall, s | other load on the two cores |", "|---|---|---|---|"]
    for name, taken in read("notebooks-offline")["notebooks"].items():
        lines.append(f"| `{name}` | {taken['cpu']} | {taken['wall']} | {taken['load before']:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    for path in sorted(RESULTS.glob("accuracy-*.json")):
        print(path.stem, accuracy_table(path.stem), sep="\n\n", end="\n\n")
    print(speed_table(), notebooks_table(), grading_table(), handout_table(), sep="\n\n")
