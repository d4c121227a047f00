"""`course doctor`: is the room for submitted code there, and does it hold?"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from autograde.commands.speaking import clear_errors, console, fail
from autograde.course import Course


@click.command()
@clear_errors
def doctor() -> None:
    """Say whether the room for submitted code is there, and try to break out of it."""
    from autograde.doctor import examine, lacking

    course = Course.find(Path.cwd())
    layers, attempts = lacking(), []
    if all(layer.holds is None for layer in layers):
        layers, attempts = examine(course)
    _show("layer", layers, {True: "there", False: "missing", None: "not here, can be done without"})
    if attempts:
        _show("submitted code tries to", attempts, {True: "held", False: "BROKEN OUT", None: ""})
    bad = [check for check in (*layers, *attempts) if check.holds is False]
    for check in bad:
        fail(f"{check.what}: {check.detail}")
    click.echo("The room does not hold." if bad else "The room holds.")
    sys.exit(1 if bad else 0)


def _show(title: str, checks: Iterable[Any], words: dict[bool | None, str]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for name in (title, "", "seen"):
        table.add_column(name, overflow="fold")
    for check in checks:
        table.add_row(check.what, words[check.holds], check.detail)
    console.print(table)
