"""`course regrade`: what today's tests make of what was graded."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from autograde.commands.options import Examiners, claim, examiners_options
from autograde.commands.speaking import clear_errors, console, tell
from autograde.course import Course, CourseError


@click.command()
@click.option("--preview", "what", flag_value="preview", help="Say what would change, and change nothing.")
@click.option("--accept", "what", flag_value="accept", help="Change the marks, as a preview says.")
@click.option(
    "--out",
    default="marks",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the marks of the last run lie.",
)
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Other images to judge trained weights on; kept when accepted.",
)
@examiners_options
@clear_errors
def regrade(
    what: str | None, out: Path, images: Path | None, workers: int | None, scheduler: str | None, isolation: str
) -> None:
    """Grade again what was handed in, after a test or the images changed: who loses or gains what, and why.

    Marks given by hand are kept. Run it with --preview first.
    """
    from autograde.build import read_course
    from autograde.diagnosis import PlantedMistakes
    from autograde.gradebook import CourseFolder
    from autograde.regrade import lowered, regrade
    from autograde.screen import Screen, changes_table
    from autograde.settings import read_settings

    if what is None:
        raise click.UsageError("say --preview to see what would change, or --accept to change it.")
    examiners = Examiners.of(workers, scheduler, isolation)
    course = Course.find(Path.cwd())
    if not (course.gradebook / "gradebook.db").exists():
        raise CourseError(
            f"{course.shown(course.gradebook)}/gradebook.db is not there: nothing was graded. Run: course grade"
        )
    examiners.require_room()
    built = read_course(course)
    settings = read_settings(course.root)
    folder = CourseFolder(course.gradebook, settings.name)
    claim(folder)
    regraded = regrade(
        built,
        out,
        folder,
        accept=what == "accept",
        settings=settings,
        images=images,
        **asdict(examiners),
        diagnose=PlantedMistakes(course, built).name,
        progress=Screen().progress,
    )
    for line in regraded.points_changed:
        click.echo(f"now worth {line}")
    if regraded.before:
        console.print(changes_table(regraded))
        done = "changed" if what == "accept" else "would change"
        click.echo(
            f"{len(regraded.changes)} marks of {len(regraded.before)} students {done}, {lowered(regraded)} of them to less."
        )
        click.echo(f"changes   {course.shown(regraded.csv.resolve())}")
    else:
        click.echo("No mark changes.")
    if what == "preview" and regraded.again:
        click.echo("Nothing was changed. To change it, run: course regrade --accept")
    tell(regraded.failures)
    sys.exit(1 if regraded.failures else 0)
