"""`course new`: a course of one's own."""

from pathlib import Path

import click

from autograde.commands.speaking import clear_errors
from autograde.course import KIT


@click.command()
@click.argument("name")
@clear_errors
def new(name: str) -> None:
    """Begin a course of your own, with one exercise, in a new folder NAME."""
    from autograde.new_course import new_course
    from autograde.settings import GOOD_NAME, is_course_name

    if not is_course_name(name):
        raise click.BadParameter(f"{name!r} should be {GOOD_NAME}.", param_hint="NAME")
    files = new_course(Path(name), name, KIT)
    click.echo(f"{len(files)} files in {name}/, with one exercise. Next:")
    for command, does in (
        (f"cd {name}", "and read README.md"),
        ("course build", "notebooks/ and solutions/ from source/"),
        ("course audit", "are the checks any good?"),
        (f"course release ../{name}-students", "what students get"),
    ):
        click.echo(f"  {command:<{len(name) + 28}} {does}")
