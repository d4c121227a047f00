"""`course release`, `course update` and `course site`: what students get, as an archive, as an update, as a site."""

import sys
from pathlib import Path
from typing import Any

import click

from autograde.commands.options import known
from autograde.commands.speaking import clear_errors, fail
from autograde.course import KIT, Course, CourseError


@click.command()
@click.argument("target", default="student.zip", type=click.Path(path_type=Path))
@click.argument("notebooks", nargs=-1)
@clear_errors
def release(target: Path, notebooks: tuple[str, ...]) -> None:
    """Make what students get: all notebooks, or only those named, such as 01_feedforward, and nothing that gives an answer away.

    TARGET is an archive if it ends in .zip (student.zip if none is named), else a new folder.
    """
    from autograde.release import release

    course = Course.find(Path.cwd())
    if (course.notebooks / f"{target}.ipynb").exists():
        raise click.UsageError(f"{target} is a notebook. Say first where it goes: course release student.zip {target}")
    built, patches, names = _releasable(course, notebooks)
    stamp = release(course, built, patches, target, names)
    click.echo(f"{target} is version {stamp}. Nothing in it holds an answer or a hidden test.")


@click.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@clear_errors
def update(bundle: Path, folder: Path, dry_run: bool) -> None:
    """Bring a student's FOLDER to a new release: a student.zip, or that unpacked. Save and close its notebooks first.

    Without `course`, python -m helpers.update does the same. What was written is kept, cell by cell (docs/releasing.md).
    """
    from helpers.update import CannotUpdate, update

    try:
        done = update(bundle, folder, dry_run=dry_run)
    except CannotUpdate as error:
        raise CourseError(str(error)) from None
    click.echo(str(done))
    for trouble in done.troubles:
        fail(trouble)
    sys.exit(1 if done.troubles else 0)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@clear_errors
def site(folder: Path) -> None:
    """Build the course as a static site in FOLDER: notebooks 01 to 03 run in the student's browser, with JupyterLite.

    The first time, JupyterLite is installed into .venv-site. docs/platforms.md says how to publish the folder.
    """
    from importlib.metadata import version

    from autograde.site import NOTEBOOKS, build_site

    course = Course.find(Path.cwd())
    if not set(NOTEBOOKS) <= {path.stem for path in course.sources}:
        raise CourseError("`course site` makes a site of the kit's own course. Give students yours: course release")
    _releasable(course, NOTEBOOKS)
    files = build_site(course, folder, version(KIT))
    size = sum(path.stat().st_size for path in files)
    click.echo(f"{len(files)} files ({size / 1e6:.0f} MB) in {folder}. Nothing in it holds an answer or a hidden test.")
    click.echo(f"To look at it: python3 -m http.server --bind 127.0.0.1 --directory {folder}")


def _releasable(course: Course, notebooks: tuple[str, ...]) -> tuple[list[Any], list[Any], list[str]]:
    """All notebooks as built, all that is planted, and the names of the notebooks asked for, or of all.

    Raises CourseError when one is stale or its tests were not audited as they are.
    """
    from autograde.audited import refuse_unaudited
    from autograde.build import read_course, stale
    from autograde.planted import all_patches

    built = read_course(course)
    for path, problem in stale(course, built):
        raise CourseError(f"{course.shown(path)} {problem}. Run: course build")
    wanted, patches = [item for item in built if item.name in known(notebooks, built)], all_patches(course)
    refuse_unaudited(course, wanted, patches)
    return built, patches, [item.name for item in wanted]
