"""`course audit` and `course mistakes`: what the course's own tests notice, and by what numbers mistakes are known again."""

import sys
from pathlib import Path

import click

from autograde.commands.options import known
from autograde.commands.speaking import clear_errors, console, fail
from autograde.course import Course


@click.command()
@clear_errors
def mistakes() -> None:
    """Try every planted mistake on the visible tests, and keep by what numbers it is known again (fingerprints.json)."""
    from autograde.build import read_course
    from autograde.diagnosis import keep

    course = Course.find(Path.cwd())
    count = keep(course, read_course(course))
    click.echo(f"{count} mistakes are known by their numbers: {course.shown(course.fingerprints)}")


@click.command()
@click.argument("notebooks", nargs=-1)
@click.option("--seeds", default=3, show_default=True, help="How many fresh draws hidden tests get.")
@clear_errors
def audit(notebooks: tuple[str, ...], seeds: int) -> None:
    """Try the course's own tests, of all NOTEBOOKS or those named: no slip may keep its marks, nothing right may lose any."""
    from tqdm import tqdm

    from autograde import audited
    from autograde.audit import audit
    from autograde.build import read_course
    from autograde.planted import all_patches
    from autograde.screen import audit_table

    course = Course.find(Path.cwd())
    built = read_course(course)
    names = known(notebooks, built)
    found = list(tqdm(audit(course, built, seeds, names), desc="auditing", unit=" exercises", leave=False))
    console.print(audit_table(found))
    audited.keep(course, [item for item in built if item.name in names], all_patches(course), found, seeds)
    problems = [problem for exercise in found for problem in exercise.problems]
    for problem in problems:
        fail(problem)
    if problems:
        sys.exit(1)
    click.echo("No mistake keeps its marks, and nothing right loses any.")
