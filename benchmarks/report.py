"""Where results go, and on what they were measured."""

import json
import os
import platform
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """What the measurement depends on, the load before it too."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__.split("+")[0],
        "threads": torch.get_num_threads(),
        "load before": round(os.getloadavg()[0], 1),
    }


def write(name: str, results: dict[str, Any]) -> None:
    """Keep results as benchmarks/results/<name>.json, whole or not at all."""
    RESULTS.mkdir(exist_ok=True)
    draft = RESULTS / f".{name}.json"
    draft.write_text(json.dumps({"measured": date.today().isoformat()} | results, indent=2) + "\n", encoding="utf-8")
    draft.replace(RESULTS / f"{name}.json")


def read(name: str) -> dict[str, Any]:
    """The results kept under a name."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def kept(name: str) -> bool:
    """Whether there are results under a name."""
    return (RESULTS / f"{name}.json").exists()
