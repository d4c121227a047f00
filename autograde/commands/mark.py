"""`course mark`: marks that a person gives, in formgrader or on a sheet."""

from pathlib import Path
from typing import Any

import click

from autograde.commands.options import claim
from autograde.commands.speaking import clear_errors, console, fail
from autograde.course import Course, CourseError


@click.command()
@click.option(
    "--sheet",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Write a marking sheet, one file to mark in without a server: marks/marking.html if no other is named.",
)
@click.option(
    "--from",
    "marks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Enter the marks that a sheet saved, all or none.",
)
@click.option("--replace", is_flag=True, help="With --from: also replace marks given after the sheet was made.")
@click.option("--port", type=click.IntRange(1, 65535), help="Of formgrader; without it, one that is free.")
@click.option("--no-browser", is_flag=True, help="Only say where formgrader is.")
@click.option(
    "--out",
    default="marks",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the marks of the last run lie; they are brought up to date.",
)
@click.option(
    "--gradebook",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another folder than gradebook/, such as demo/gradebook with --out demo/marks.",
)
@clear_errors
def mark(
    sheet: str | None,
    marks: Path | None,
    replace: bool,
    port: int | None,
    no_browser: bool,
    out: Path,
    gradebook: Path | None,
) -> None:
    """Mark what students wrote: in nbgrader's formgrader, until Ctrl-C, or on a sheet without names (docs/marking.md)."""
    from autograde.gradebook import CourseFolder
    from autograde.settings import read_settings

    if sheet is not None and marks:
        raise click.UsageError("--sheet writes a sheet, --from reads what one saved; say one of them.")
    if replace and not marks:
        raise click.UsageError("--replace is for --from.")
    if (sheet is not None or marks) and (port or no_browser):
        raise click.UsageError("--port and --no-browser are for formgrader, which --sheet and --from do without.")
    course = Course.find(Path.cwd())
    place = (gradebook or course.gradebook).resolve()
    if not (place / "gradebook.db").exists():
        raise CourseError(f"{course.shown(place)}/gradebook.db is not there: nothing was graded. Run: course grade")
    settings = read_settings(course.root)
    folder = CourseFolder(place, settings.name)
    if sheet is not None:
        _write_sheet(course, folder, Path(sheet) if sheet else out / "marking.html")
        return
    if not marks:
        from autograde.marking_server import serve

        click.echo("Marks are given in the browser, and kept at once. Stop with Ctrl-C.")
        serve(place, settings.name, click.echo, port=port or 0, browser=not no_browser)
    from autograde.refresh import refresh

    claim(folder)
    if marks:
        _enter_marks(folder, settings, marks, replace)
    graded = refresh(folder, out, settings)
    click.echo(f"up to date  {course.shown(graded.csv.resolve())}, feedback and report")


def _write_sheet(course: Course, folder: Any, file: Path) -> None:
    from autograde.marking_sheet import sheet
    from helpers.whole import write_whole

    write_whole(file, sheet(course, folder))
    click.echo(f"sheet     {course.shown(file.resolve())}. It holds model answers: do not give it away.")
    click.echo("Open it in a browser, mark, save with the key s, then: course mark --from marks.json")


def _enter_marks(folder: Any, settings: Any, file: Path, replace: bool) -> None:
    """Enter a sheet's marks, and show what changed."""
    from autograde.hand_marks import Refused, answers, enter, read_marks, tally
    from autograde.screen import tally_table

    known = answers(folder)
    try:
        changes = read_marks(file, known, replace=replace)
    except Refused as refused:
        for problem in refused.problems:
            fail(problem)
        raise
    folder.set_policy(settings.late, settings.consistent)
    enter(folder, changes)
    console.print(tally_table(tally(known, changes)))
    click.echo(f"{len(changes)} marks changed." if changes else "No mark changes.")
