"""`course collect`: what was handed in, sorted by student, to look at."""

import sys
from pathlib import Path

import click

from autograde.commands.options import refuse_inside, sources_argument
from autograde.commands.speaking import clear_errors, tell
from autograde.course import Course


@click.command()
@sources_argument
@click.option(
    "--to",
    "folder",
    default="collected",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the copies go: one folder for each student, and intake.csv. It must be new or empty.",
)
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who should hand in: a CSV file with a column 'student'.",
)
@clear_errors
def collect(sources: tuple[Path, ...], folder: Path, roster: Path | None) -> None:
    """Sort what was handed in by student: what Moodle or Canvas gives, folders, zip archives, notebooks.

    `course grade` does this on its own; use this to look first. Of several SOURCEs the last is the latest attempt.
    """
    from dataclasses import replace

    from autograde.build import read_course
    from autograde.findings import write_findings
    from autograde.intake import collect
    from autograde.settings import read_settings

    course = Course.find(Path.cwd())
    refuse_inside(folder, sources, "--to")
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"--to {folder} is not empty, and nothing in it should get lost. Name a new folder.")
    settings = read_settings(course.root)
    collected = collect(sources, read_course(course), folder, replace(settings, roster=roster or settings.roster))
    write_findings(folder / "intake.csv", collected.findings)
    notebooks = sum(len(submission.notebooks) for submission in collected.submissions)
    click.echo(f"{len(collected.submissions)} students, {notebooks} notebooks that count")
    click.echo(f"copies    {course.shown(folder.resolve())}/<student>/")
    click.echo(f"report    {course.shown((folder / 'intake.csv').resolve())}")
    tell(collected.findings)
    sys.exit(1 if collected.refusals else 0)
