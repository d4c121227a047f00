"""`course doctor`: is the room for submitted code there, and does it hold?"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from autograde.commands.shared import clear_errors, console, fail
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
    _show_findings("layer", layers, {True: "there", False: "missing", None: "not here, can be done without"})
    if attempts:
        _show_findings("submitted code tries to", attempts, {True: "held", False: "BROKEN OUT", None: ""})
    bad = [finding for finding in (*layers, *attempts) if finding.holds is False]
    for finding in bad:
        fail(f"{finding.what}: {finding.detail}")
    click.echo("The room does not hold." if bad else "The room holds.")
    sys.exit(1 if bad else 0)


def _show_findings(title: str, findings: Iterable[Any], words: dict[bool | None, str]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for name in (title, "", "seen"):
        table.add_column(name, overflow="fold")
    for finding in findings:
        table.add_row(finding.what, words[finding.holds], finding.detail)
    console.print(table)
