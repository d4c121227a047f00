"""Search for hyper-parameters: many settings, on all cores, kept as they finish, with tables and a heat map of the results."""

import itertools
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter
from tqdm import tqdm

from helpers.figures import Picture

Setting = dict[str, Any]


def grid(**values: Sequence[Any]) -> list[Setting]:
    """Every combination of the values: grid(reg=[0, 1], hidden=[50, 100]) has four settings."""
    return [dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())]


def random_settings(count: int, rng: np.random.Generator, **ranges: Sequence[Any]) -> list[Setting]:
    """Random settings: of a tuple (low, high) a number between, uniform in its logarithm; of a list one of its values."""
    return [{name: _draw(wanted, rng) for name, wanted in ranges.items()} for _ in range(count)]


def _draw(wanted: Sequence[Any], rng: np.random.Generator) -> Any:
    if isinstance(wanted, tuple):
        low, high = np.log(wanted)
        return float(f"{np.exp(rng.uniform(low, high)):.3g}")
    return wanted[int(rng.integers(len(wanted)))]


def search(
    run: Callable[..., Mapping[str, float]], settings: Sequence[Setting], file: str | Path | None = None, jobs: int = -1
) -> pd.DataFrame:
    """Call run(**setting) for every setting, on `jobs` cores (-1: all), and return a table with one row a setting.

    run: returns numbers by name, such as loss, training and validation accuracy. file: where each result is kept as soon as
    it is there (JSON lines); settings found in it are not run again, so that an interrupted search goes on.
    A run with a number that is not finite has `diverged` = True. An exception in a run is raised, after the file was kept.
    """
    kept = _read(Path(file)) if file else {}
    keys = [_key(setting) for setting in settings]
    todo = [setting for key, setting in dict(zip(keys, settings, strict=True)).items() if key not in kept]
    if file and len(todo) < len(set(keys)):
        print(
            f"{len(set(keys)) - len(todo)} of {len(set(keys))} results were found in {file}. Remove it to run them anew."
        )
    tasks = (delayed(_timed)(run, setting) for setting in todo)
    done = Parallel(n_jobs=jobs, return_as="generator_unordered")(tasks)
    for setting, result in tqdm(done, total=len(todo), desc="search", unit="run", file=sys.stdout, disable=not todo):
        kept[_key(setting)] = {**setting, **result}
        if file:
            _keep(Path(file), {"setting": setting, "result": result})
    table = pd.DataFrame([kept[key] for key in dict.fromkeys(keys)])
    results = [name for name in table if name not in set().union(*settings)]
    table["diverged"] = ~np.isfinite(table[results].astype(float)).all(axis=1)
    return table


def _timed(run: Callable[..., Mapping[str, float]], setting: Setting) -> tuple[Setting, dict[str, float]]:
    started = time.perf_counter()
    with np.errstate(all="ignore"):  # a run that diverges is marked as such
        result = {name: float(value) for name, value in run(**setting).items()}
    return setting, result | {"seconds": round(time.perf_counter() - started, 2)}


def _key(setting: Setting) -> str:
    return json.dumps(setting, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    """A NumPy number as Python's, and anything else by its name."""
    return value.item() if isinstance(value, np.generic) else str(value)


def _keep(file: Path, row: dict[str, Any]) -> None:
    """Add a line, on a line of its own even where an interruption cut the last one short."""
    with file.open("a+b") as lines:
        lines.seek(max(lines.tell() - 1, 0))
        cut_short = lines.read() not in (b"", b"\n")
        lines.write(b"\n" * cut_short + json.dumps(row, default=_plain).encode() + b"\n")


def _read(file: Path) -> dict[str, dict[str, Any]]:
    """The results kept in a file, by setting; a line that an interruption cut short is left out."""
    kept = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        try:
            row = json.loads(line)
            kept[_key(row["setting"])] = {**row["setting"], **row["result"]}
        except (ValueError, KeyError, TypeError):
            continue
    return kept


def top(results: pd.DataFrame, count: int = 10, by: str = "validation") -> pd.DataFrame:
    """The best runs that did not diverge."""
    return results[~results["diverged"]].nlargest(count, by).reset_index(drop=True)


def bottom(results: pd.DataFrame, count: int = 10, by: str = "validation") -> pd.DataFrame:
    """The worst runs: those that diverged, whose accuracy says nothing, then those of the lowest accuracy."""
    table = results.assign(**{by: results[by].where(~results["diverged"])})
    return table.sort_values(by, na_position="first").head(count).reset_index(drop=True)


def plot_search(results: pd.DataFrame, x: str, y: str, by: str = "validation") -> Picture:
    """A heat map of the best value of `by` for each pair of x and y; pairs where every run diverged are hatched."""
    valid = results[~results["diverged"]]
    table = valid.pivot_table(index=y, columns=x, values=by, aggfunc="max")
    table = table.reindex(index=sorted(results[y].unique()), columns=sorted(results[x].unique()))
    values = table.to_numpy(dtype=float)
    figure = Figure(figsize=(1.3 * len(table.columns) + 2.6, 0.7 * len(table.index) + 1.7), layout="constrained")
    axes = figure.add_subplot()
    low, high = (np.nanmin(values), np.nanmax(values)) if np.isfinite(values).any() else (0.0, 1.0)
    image = axes.imshow(values, cmap="cividis", norm=Normalize(low, high), aspect="auto", origin="lower")
    tried = results.groupby([y, x]).size()
    for row, column in np.ndindex(values.shape):
        value, pair = values[row, column], (table.index[row], table.columns[column])
        if np.isfinite(value):
            color = "white" if value < low + 0.6 * (high - low) else "black"
            axes.text(column, row, f"{value:.1%}", ha="center", va="center", color=color)
        elif pair in tried.index:
            axes.add_patch(_hatched(row, column))
            axes.text(
                column, row, "diverged", ha="center", va="center", bbox={"facecolor": "white", "edgecolor": "none"}
            )
    axes.set_xticks(range(len(table.columns)), [f"{value:g}" for value in table.columns])
    axes.set_yticks(range(len(table.index)), [f"{value:g}" for value in table.index])
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(f"Best {by} accuracy")
    figure.colorbar(image, ax=axes, label=f"{by} accuracy", format=PercentFormatter(1.0))
    best = valid.loc[valid[by].idxmax()] if len(valid) else None
    told = f"best {best[by]:.1%} at {x} = {best[x]:g}, {y} = {best[y]:g}" if best is not None else "every run diverged"
    return Picture(
        figure, f"Heat map of {by} accuracy over {x} and {y}: {told}; {int(results['diverged'].sum())} runs diverged."
    )


def _hatched(row: int, column: int) -> Rectangle:
    return Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor="white", edgecolor="0.5", hatch="///", linewidth=0)
