"""`course pack`: a student's notebooks and weights in one file to hand in."""

from pathlib import Path

import click

from autograde.commands.speaking import clear_errors
from autograde.course import CourseError


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@clear_errors
def pack(folder: Path | None) -> None:
    """What a notebook's last cell does: pack FOLDER's notebooks and weights for handing in, into submission.zip.

    It says what is missing or failing, and refuses nothing. Without FOLDER: this one, or its notebooks/.
    """
    from helpers.handing_in import pack_from_shell
    from helpers.submission import CannotHandIn

    try:
        click.echo(str(pack_from_shell(folder)))
    except CannotHandIn as error:
        raise CourseError(str(error)) from None
