"""`course build`: notebooks/ and solutions/ from source/."""

import sys
from pathlib import Path

import click

from autograde.commands.options import require_room
from autograde.commands.speaking import clear_errors, fail
from autograde.course import Course


@click.command()
@click.option(
    "--check", is_flag=True, help="Write nothing; say what is stale or wrong, and exit with 1 if anything is."
)
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="What the solutions train on: a folder with train/<class>/ and test/<class>/. Without it, the synthetic set.",
)
@clear_errors
def build(check: bool, images: Path | None) -> None:
    """Make notebooks/ and solutions/ from source/*.py."""
    from autograde import authoring
    from autograde.build import read_course, solve, stale, write
    from autograde.diagnosis import is_stale, keep
    from autograde.jobs import Workers

    for part in ("train", "test") if images else ():
        if not (images / part).is_dir():
            raise click.UsageError(f"--images {images} has no folder {part}, with one folder for each class in it.")
    course = Course.find(Path.cwd())
    built = read_course(course)
    faults = authoring.check_text(built)
    if not faults:
        require_room(True)
        with Workers() as workers:
            faults = authoring.check_marks(built, workers)
    for fault in faults:
        fail(str(fault))
    if faults:
        sys.exit(1)
    if not check:
        changed = write(course, built, solve(built, images))
        if is_stale(course, built):
            keep(course, built)
            changed.append(course.fingerprints)
        for path in changed:
            click.echo(f"wrote {course.shown(path)}" if path.exists() else f"removed {course.shown(path)}")
        click.echo(f"{len(built)} notebooks are up to date in notebooks/ and solutions/.")
        return
    problems = [f"{course.shown(path)} {problem}. Run: course build" for path, problem in stale(course, built)]
    if is_stale(course, built):
        problems.append(
            f"{course.shown(course.fingerprints)} is older than the tests or the mistakes. Run: course mistakes"
        )
    for problem in problems:
        fail(problem)
    if problems:
        sys.exit(1)
    click.echo(f"{len(built)} notebooks are up to date.")
