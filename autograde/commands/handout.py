"""`course handout`: the derivations, or what students wrote, on paper."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from autograde.commands.speaking import clear_errors, fail
from autograde.course import KIT, Course, CourseError
from autograde.trouble import told


@click.command()
@click.argument(
    "notebooks", metavar="[NOTEBOOK]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--check", is_flag=True, help="Write nothing; check every displayed equation, and exit with 1 if one fails."
)
@click.option(
    "--to",
    "folder",
    default="handout",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files go.",
)
@click.option("--paper", type=click.Choice(["a4", "us-letter"]), help="Without it, what course.toml says, else a4.")
@clear_errors
def handout(notebooks: tuple[Path, ...], check: bool, folder: Path, paper: str | None) -> None:
    """Print the derivations, as PDF and HTML; or what a student wrote in a NOTEBOOK, as PDF for marking on paper."""
    from dataclasses import replace
    from importlib.metadata import version

    from autograde.settings import read_settings

    if check and notebooks:
        raise click.UsageError("--check is for the handout itself; name no notebook.")
    course = Course.find(Path.cwd())
    texts = read_settings(course.root).handout
    texts = replace(texts, paper=paper or texts.paper, version=texts.version or f"version {version(KIT)}")
    try:
        import pypandoc  # noqa: F401
        import typst  # noqa: F401
    except ImportError as error:
        raise CourseError(
            f"the handout needs {error.name}. Run: make handout, or without a clone: pip install '{KIT}[handout]'"
        ) from None
    if notebooks:
        sys.exit(_print_written(course, notebooks, folder, texts))
    from autograde.handout.make import HandoutError, make, verify

    if check:
        found = verify(course)
        for failure in found.failures:
            fail(str(failure))
        right = found.count - len(found.failures)
        click.echo(
            f"{right} of {found.count} equations verified ({found.for_students} of them in the students' version)"
        )
        sys.exit(1 if found.failures else 0)
    try:
        for path in make(course, texts, folder):
            click.echo(f"wrote {course.shown(path.resolve())}")
    except HandoutError as error:
        for problem in error.problems:
            fail(problem)
        sys.exit(1)


def _print_written(course: Course, notebooks: Iterable[Path], folder: Path, texts: Any) -> int:
    """Print each student's written answers; one that cannot be printed is said, and the others are. Returns the exit code."""
    from autograde.build import read_course
    from autograde.handout.written import print_written

    built, failed, made = read_course(course), False, {}
    for path in notebooks:
        student = path.resolve().parent.name
        target = folder / "written" / f"{student}-{path.stem}.pdf"
        try:
            if target in made:
                raise CourseError(
                    f"{path} would overwrite what was made of {made[target]}. Print it --to another folder."
                )
            content = print_written(path, built, texts, student)
        except (CourseError, OSError, RecursionError) as error:
            fail(told(error))
            failed = True
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        made[target] = path
        click.echo(f"wrote {course.shown(target.resolve())}")
    return 1 if failed else 0
