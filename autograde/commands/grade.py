"""`course grade`, and `course demo`, which grades a planted class."""

import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from autograde.commands.options import Examiners, claim, examiners_options, refuse_inside, sources_argument
from autograde.commands.speaking import clear_errors, console, fail, tell
from autograde.course import Course


@click.command()
@sources_argument
@click.option(
    "--out",
    default="marks",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where marks and feedback go.",
)
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Images that students do not have, in one folder for each class: trained weights are judged on them, "
    "from now on. Weights trained on the synthetic set need none.",
)
@examiners_options
@clear_errors
def grade(
    sources: tuple[Path, ...],
    out: Path,
    images: Path | None,
    workers: int | None,
    scheduler: str | None,
    isolation: str,
) -> None:
    """Grade what was handed in: what Moodle or Canvas gives, folders, zip archives, notebooks, and weights with them.

    Of several SOURCEs the last is the latest attempt. What was graded before and is in none of them stands.
    """
    from autograde.gradebook import CourseFolder
    from autograde.settings import read_settings
    from autograde.unseen import keep

    refuse_inside(out, sources, "--out")
    examiners = Examiners.of(workers, scheduler, isolation)
    course = Course.find(Path.cwd())
    settings = read_settings(course.root)
    if images is not None:
        keep(images, CourseFolder(course.gradebook, settings.name).images)
    sys.exit(_grade(course, sources, out, course.gradebook, settings, examiners))


@click.command()
@clear_errors
def demo() -> None:
    """Build the course in memory and grade a planted class of eight, in demo/."""
    from tqdm import tqdm

    from autograde.build import read_course
    from autograde.demo import refuse_other_course, submit_class
    from autograde.planted import read_patches
    from autograde.settings import Settings
    from autograde.trained import train_and_save

    course = Course.find(Path.cwd())
    built = read_course(course)
    patches = read_patches(course.planted)
    refuse_other_course(patches)
    folder = course.root / "demo"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    trained = train_and_save(built, folder, progress=tqdm)
    submit_class(built, patches, trained, folder / "submissions", course.solutions)
    sys.exit(_grade(course, [folder / "submissions"], folder / "marks", folder / "gradebook", Settings(), Examiners()))


def _grade(
    course: Course, sources: Iterable[Path], out: Path, gradebook: Path, settings: Any, examiners: Examiners
) -> int:
    """Grade, and say what came of it; returns the exit code."""
    examiners.require_room()
    from autograde.build import read_course
    from autograde.diagnosis import PlantedMistakes
    from autograde.grade import grade
    from autograde.gradebook import CourseFolder
    from autograde.release import versions
    from autograde.screen import Screen

    screen = Screen()
    built = read_course(course)
    folder = CourseFolder(gradebook, settings.name)
    claim(folder)
    graded = grade(
        built,
        list(sources),
        out,
        folder,
        settings=settings,
        **asdict(examiners),
        diagnose=PlantedMistakes(course, built).name,
        progress=screen.progress,
        show=screen.show,
        version=versions(course, built),
    )
    return _show(course, graded)


def _show(course: Course, graded: Any) -> int:
    """Show the table, say where things lie and what somebody should look at; returns the exit code."""
    from autograde.grade import NOT_GRADED
    from autograde.screen import graded_table

    console.print(graded_table(graded))
    click.echo(f"marks     {course.shown(graded.csv.resolve())}")
    click.echo(f"reasons   {course.shown(graded.csv.resolve().with_name('reasons.csv'))}")
    click.echo(f"feedback  {course.shown(graded.feedback.resolve())}/<student>/index.html")
    click.echo(f"report    {course.shown(graded.csv.resolve().with_name('report.html'))}")
    click.echo(f"intake    {course.shown(graded.csv.resolve().with_name('intake.csv'))}")
    tell(graded.findings)
    refused = {refusal.student for refusal in graded.refusals}
    for row in graded.marks:
        for result in row.unjudged if row.student not in refused else []:
            fail(f"{row.student}: {' '.join(result.message.split())}")
    incomplete = graded.refusals or any(result.reason == NOT_GRADED for row in graded.marks for result in row.results)
    return 1 if incomplete else 0
