"""How results read: Markdown tables, and on what they were measured."""

import statistics
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd


def spread(values: Sequence[float], form: Callable[[float], str]) -> str:
    """The quartiles of several turns; of two turns both; nothing of one."""
    if len(values) == 1:
        return "one run"
    low, high = (min(values), max(values)) if len(values) == 2 else statistics.quantiles(values, n=4)[::2]
    return f"{form(low)} to {form(high)}"


def comparison(results: dict[str, Any]) -> str:
    """Markdown: medians and quartiles of each side, and its ratio to the first one, turn by turn."""
    sides, versions = results["sides"], results.get("versions", {})
    first, with_cpu = next(iter(sides)), any("cpu" in numbers for numbers in sides.values())
    cpu = ["CPU of the machine, s", "its ratio"] if with_cpu else []
    lines = _table_head(["", "wall, s", "quartiles", "turns", f"times {first}", *cpu])
    for name, numbers in sides.items():
        wall = numbers["wall"]
        cells = [
            _seconds(statistics.median(wall)),
            spread(wall, _seconds),
            str(len(wall)),
            _ratio(numbers, sides[first], "wall"),
        ]
        if with_cpu:
            cells += [_seconds(statistics.median(numbers["cpu"])), _ratio(numbers, sides[first], "cpu")]
        version = f" {versions[name]}" if name in versions else ""
        lines.append(_row([f"{name}{version}", *cells]))
    for name, why in results.get("missing", {}).items():
        lines.append(_row([name, f"not measured: {why}", *[""] * (3 + len(cpu))]))
    return "\n".join(lines)


def _ratio(numbers: dict[str, list[float]], first: dict[str, list[float]], number: str) -> str:
    if numbers is first:
        return ""
    ratios = [one / other for one, other in zip(numbers[number], first[number], strict=False)]
    quartiles = f" ({spread(ratios, '{:.1f}'.format)})" if len(ratios) > 1 else ""
    return f"{statistics.median(ratios):.1f}{quartiles}"


def _seconds(value: float) -> str:
    return f"{value:.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"


def _table_head(names: Sequence[str]) -> list[str]:
    return [_row(names), f"|{'---|' * len(names)}"]


def _row(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)


_MEMORY = ("coordinator", "workers", "rooms", "all")


def scaling_table(results: dict[str, Any]) -> str:
    """Markdown: seconds and memory by the number of submissions and by what graded them, and what follows from them."""
    sides = results["sides"]
    lines = _table_head(
        ["submissions", "wall, s", "quartiles", "turns", "CPU, s", *(f"{kind}, MB" for kind in _MEMORY)]
    )
    for name, numbers in sides.items():
        wall, memory = numbers["wall"], [f"{max(numbers[f'{kind}, MB']):.0f}" for kind in _MEMORY]
        cells = [_seconds(statistics.median(wall)), spread(wall, _seconds), str(len(wall))]
        lines.append(_row([name, *cells, _seconds(statistics.median(numbers["cpu"])), *memory]))
    further = []
    if {"100", "1000"} <= sides.keys():
        further.append(_row(["a further submission", f"{_further(sides):.2f} s"]))
    if {"100", "100, one worker"} <= sides.keys():
        ratio = _ratio(sides["100, one worker"], sides["100"], "wall")
        further.append(_row(["100 submissions, one worker: times as long as two", ratio]))
    return "\n".join([*lines, "", *_table_head(["", ""]), *further] if further else lines)


def _further(sides: dict[str, Any]) -> float:
    few, many = (statistics.median(sides[count]["wall"]) for count in ("100", "1000"))
    return (many - few) / 900


#: What the parts of starting are, in the order of the table.
_PARTS = {
    "interpreter": "an empty Python interpreter",
    "imports": "what `course grade` imports itself",
    "reading": "reading the course and making its notebooks",
    "planning": "planning which cell runs where",
    "server of rooms": "a server of rooms, until it is ready",
    "first worker": "a nursery with its server of rooms, until the first worker is there",
    "further worker": "a further worker",
    "room": "a fresh room with a candidate that answers",
    "cells": "for comparison: the cells of notebook 02, everything imported, no rooms",
}


def startup_table(results: dict[str, Any]) -> str:
    """Markdown: milliseconds of each part of starting."""
    numbers = {name: values for side in results["sides"].values() for name, values in side.items()}
    lines = _table_head(["part", "ms", "quartiles", "turns"])
    for name, label in _PARTS.items():
        values = [1000 * value for value in numbers.get(name, [])]
        if values:
            form = "{:.0f}".format if statistics.median(values) >= 10 else "{:.1f}".format
            lines.append(_row([label, form(statistics.median(values)), spread(values, form), str(len(values))]))
    return "\n".join(lines)


def accuracy_table(results: dict[str, Any]) -> str:
    """Markdown: each network's accuracies, one number a seed, and the seconds of the slowest run."""
    runs = pd.DataFrame(results["runs"])
    lines = _table_head(["network", "training", "validation", "test", "seconds"])
    for network, group in runs.groupby("network", sort=False):
        shares = [
            " ".join(f"{100 * value:.1f}" for value in group[part]) for part in ("training", "validation", "test")
        ]
        lines.append(_row([str(network), *shares, f"{group['seconds'].max():.0f}"]))
    return "\n".join(lines)


def notebooks_table(results: dict[str, Any]) -> str:
    """Markdown: the CPU seconds of each notebook, and what the clock said at which load."""
    lines = _table_head(["notebook", "CPU, s", "wall, s", "other load on the two cores"])
    for name, taken in results["notebooks"].items():
        lines.append(_row([f"`{name}`", str(taken["cpu"]), str(taken["wall"]), f"{taken['load before']:.0f}"]))
    return "\n".join(lines)


def soak_table(results: dict[str, Any]) -> str:
    """Markdown: what was graded and killed, and what came of it."""
    kinds = ", ".join(f"{number} {kind}" for kind, number in results["students"].items())
    killed = ", ".join(f"{number} {role}" for role, number in results["killed"].items())
    lost = ", then ".join(map(str, results["marks not graded yet, each time"]))
    rows = {
        f"{sum(results['students'].values())} submissions": kinds,
        "notebooks examined": str(results["notebooks"]),
        "undisturbed": f"{results['undisturbed']} s",
        "with kills": f"{results['disturbed']} s, the coordinator started {results['starts']} times",
        f"{len(results['kills'])} kills": killed,
        "marks left open by kills, and after grading again": lost,
        "right submissions that lost a mark undisturbed": _count(results["unexpected"]),
        "differences": _count(results["different"]),
        "left over or grown": _count(results["left over"]),
    }
    return "\n".join([*_table_head(["", ""]), *(_row(row) for row in rows.items())])


def _count(found: list[str] | dict[str, list[str]]) -> str:
    number = len(found) if isinstance(found, list) else sum(map(len, found.values()))
    return str(number) if number else "none"


#: The tables by the names of their results.
TABLES: dict[str, Callable[[dict[str, Any]], str]] = {
    "grading": comparison,
    "grading-four": comparison,
    "scaling": scaling_table,
    "startup": startup_table,
    "step": comparison,
    "loading": comparison,
    "handout": comparison,
    "accuracy-cifar10-jpeg": accuracy_table,
    "accuracy-synthetic": accuracy_table,
    "notebooks-offline": notebooks_table,
    "soak": soak_table,
}


def told(name: str, results: dict[str, Any]) -> str:
    """Markdown: the table of some results, and when and on what they were measured."""
    where = results["machine"]
    day = f"Measured on {results['measured']}: " if "measured" in results else ""
    line = f"{day}{where['cores']} cores ({where['processor']}), Python {where['python']}, NumPy {where['numpy']}, "
    line += f"PyTorch {where['torch']}"
    if "load before" in where:
        line += f"; load of the machine before: {where['load before']}"
    line += "."
    notes = [line, _marks(results), results.get("note", "")]
    return f"{TABLES[name](results)}\n\n{' '.join(filter(None, notes))}"


def _marks(results: dict[str, Any]) -> str:
    if "marks" not in results:
        return ""
    if found := results["differences"]:
        return f"Of {results['marks']} marks {len(found)} differ, theirs and ours: {'; '.join(found[:10])}."
    return f"The graders' {results['marks']} marks are equal."
