"""The `course` command. Exit codes: 0 done, 1 something could not be done, 2 wrong usage."""

import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from autograde.course import Course, CourseError

_console = Console(highlight=False)
if not _console.is_terminal:
    _console.width = 120  # a pipe or a log has no width of its own


_MOST_LINES = 12  # that one student's hand-in may fill a terminal with


def _fail(message: str) -> None:
    click.echo(f"course: {message}", err=True)


def _clear_errors(command: Callable) -> Callable:
    """Expected failures as one line on standard error and exit code 1."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except (CourseError, OSError) as error:
            _fail(str(error))
            sys.exit(1)
        except SQLAlchemyError as error:
            _fail(
                f"the gradebook cannot be used ({error.args[0]}). Restore gradebook.db from a backup, or move it away."
            )
            sys.exit(1)
        except KeyboardInterrupt:
            _fail("interrupted. The same command continues: what was examined is known.")
            sys.exit(130)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="network-from-scratch")
def main() -> None:
    """Build the course's notebooks, and grade what students hand in."""


@main.command()
@click.option(
    "--check", is_flag=True, help="Write nothing; say what is stale or wrong, and exit with 1 if anything is."
)
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="What the solutions train on: a folder with train/<class>/ and test/<class>/. Without it, the synthetic set.",
)
@_clear_errors
def build(check: bool, images: Path | None) -> None:
    """Make notebooks/ and solutions/ from source/*.py."""
    from autograde import authoring
    from autograde.build import read_course, solve, stale, write
    from autograde.jobs import Workers

    course = Course.find(Path.cwd())
    built = read_course(course)
    findings = authoring.check_text(built)
    if not findings:
        with Workers() as workers:
            findings = authoring.check_marks(built, workers)
    for finding in findings:
        _fail(str(finding))
    if findings:
        sys.exit(1)
    if not check:
        changed = write(course, built, solve(built, images))
        for path in changed:
            click.echo(f"wrote {course.shown(path)}" if path.exists() else f"removed {course.shown(path)}")
        click.echo(f"{len(built)} notebooks are up to date in notebooks/ and solutions/.")
        return
    problems = stale(course, built)
    for path, problem in problems:
        _fail(f"{course.shown(path)} {problem}. Run: course build")
    if problems:
        sys.exit(1)
    click.echo(f"{len(built)} notebooks are up to date.")


_sources = click.argument(
    "sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)


@main.command()
@_sources
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
@_clear_errors
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
    _refuse_inside(folder, sources, "--to")
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"--to {folder} is not empty, and nothing in it should get lost. Name a new folder.")
    settings = read_settings(course.root)
    collected = collect(sources, read_course(course), folder, replace(settings, roster=roster or settings.roster))
    write_findings(folder / "intake.csv", collected.findings)
    notebooks = sum(len(submission.notebooks) for submission in collected.submissions)
    click.echo(f"{len(collected.submissions)} students, {notebooks} notebooks that count")
    click.echo(f"copies    {course.shown(folder.resolve())}/<student>/")
    click.echo(f"report    {course.shown((folder / 'intake.csv').resolve())}")
    _tell(collected.findings)
    sys.exit(1 if collected.refusals else 0)


def _refuse_inside(folder: Path, sources: Iterable[Path], option: str) -> None:
    for source in sources:
        if folder.resolve().is_relative_to(source.resolve()):
            raise click.UsageError(
                f"{option} {folder} lies in {source}, where it would be taken for a student. Name another folder."
            )


def _tell(findings: Iterable[Any]) -> None:
    """The findings that somebody should read, a bounded number for each student; all of them are in the report."""
    from autograde.findings import IGNORED

    counted: Counter[str] = Counter()
    for finding in findings:
        if finding.kind == IGNORED:
            continue
        counted[finding.student] += 1
        if counted[finding.student] <= _MOST_LINES:
            _fail(str(finding))
    for student, number in counted.items():
        if number > _MOST_LINES:
            _fail(f"{student or 'of nobody'}: and {number - _MOST_LINES} more, which are in intake.csv.")


@main.command()
@_sources
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
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes that examine, each 0.7 GB. Without it, one for each core."
)
@click.option("--scheduler", metavar="ADDRESS", help="Have the workers of a Dask cluster examine: docs/cluster.md.")
@_clear_errors
def grade(
    sources: tuple[Path, ...], out: Path, images: Path | None, workers: int | None, scheduler: str | None
) -> None:
    """Grade what was handed in: what Moodle or Canvas gives, folders, zip archives, notebooks, and weights with them.

    Of several SOURCEs the last is the latest attempt.
    """
    from autograde.gradebook import CourseFolder
    from autograde.settings import read_settings
    from autograde.unseen import keep

    _refuse_inside(out, sources, "--out")
    if workers and scheduler:
        raise click.UsageError("--workers is for this machine alone; with --scheduler the cluster decides.")
    course = Course.find(Path.cwd())
    if images is not None:
        keep(images, CourseFolder(course.gradebook).images)
    settings = read_settings(course.root)
    sys.exit(_grade(course, sources, out, course.gradebook, settings, workers=workers, scheduler=scheduler))


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.argument("notebooks", nargs=-1)
@_clear_errors
def release(folder: Path, notebooks: tuple[str, ...]) -> None:
    """Copy what students get into FOLDER: all notebooks, or only those named, such as 01_feedforward."""
    from autograde.build import read_course, stale
    from autograde.release import release

    course = Course.find(Path.cwd())
    built = read_course(course)
    for path, problem in stale(course, built):
        raise CourseError(f"{course.shown(path)} {problem}. Run: course build")
    unknown = set(notebooks) - {item.name for item in built}
    if unknown:
        raise click.UsageError(f"no such notebook: {min(unknown)}. There are: {', '.join(item.name for item in built)}")
    files = release(course, folder, [item.filename for item in built if not notebooks or item.name in notebooks])
    click.echo(f"{len(files)} files in {folder}. Nothing in it holds an answer or a hidden test.")


@main.command()
@_clear_errors
def doctor() -> None:
    """Say whether the room for submitted code is there, and try to break out of it."""
    from autograde.doctor import examine, lacking

    course = Course.find(Path.cwd())
    layers, attempts = lacking(), []
    if all(layer.holds is None for layer in layers):
        layers, attempts = examine(course)
    _show_findings("layer", layers, {True: "there", False: "missing", None: "not here, can be done without"})
    if attempts:
        _show_findings("submitted code tries to", attempts, {True: "held", False: "BROKEN OUT", None: ""})
    bad = [finding for finding in (*layers, *attempts) if finding.holds is False]
    for finding in bad:
        _fail(f"{finding.what}: {finding.detail}")
    click.echo("The room does not hold." if bad else "The room holds.")
    sys.exit(1 if bad else 0)


def _show_findings(title: str, findings: Iterable[Any], words: dict[bool | None, str]) -> None:
    table = Table(box=box.SIMPLE_HEAD)
    for name in (title, "", "seen"):
        table.add_column(name, overflow="fold")
    for finding in findings:
        table.add_row(finding.what, words[finding.holds], finding.detail)
    _console.print(table)


def _grade(
    course: Course, sources: Iterable[Path], out: Path, gradebook: Path, settings: Any = None, **where: Any
) -> int:
    """Grade, show the table, and say where things lie; returns the exit code. where: `grade`'s workers or scheduler."""
    from autograde.build import read_course
    from autograde.grade import NOT_GRADED, grade
    from autograde.gradebook import CourseFolder

    graded = grade(
        read_course(course),
        list(sources),
        out,
        CourseFolder(gradebook),
        settings=settings,
        progress=_until_interrupted,
        **where,
    )
    _show(graded)
    click.echo(f"marks     {course.shown(graded.csv.resolve())}")
    click.echo(f"reasons   {course.shown(graded.csv.resolve().with_name('reasons.csv'))}")
    click.echo(f"feedback  {course.shown(graded.feedback.resolve())}/<student>/<notebook>.html")
    click.echo(f"intake    {course.shown(graded.csv.resolve().with_name('intake.csv'))}")
    _tell(graded.findings)
    refused = {refusal.student for refusal in graded.refusals}
    for row in graded.marks:
        for result in row.unjudged if row.student not in refused else []:
            _fail(f"{row.student}: {' '.join(result.message.split())}")
    incomplete = graded.refusals or any(result.reason == NOT_GRADED for row in graded.marks for result in row.results)
    return 1 if incomplete else 0


def _until_interrupted(items: Iterable[Any], total: int) -> Iterator[Any]:
    """The items with a progress bar. Ctrl-C ends the run after the current one; a second Ctrl-C ends it at once."""
    asked = False

    def stop(*_: Any) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        bar.write(
            "course: stopping after this student; the same command continues later. Ctrl-C again stops at once.",
            sys.stderr,
        )

    bar = tqdm(items, total=total, desc="grading", unit="student", file=sys.stderr)
    before = signal.signal(signal.SIGINT, stop)
    try:
        for item in bar:
            yield item
            if asked:
                return
    finally:
        signal.signal(signal.SIGINT, before)


def _show(graded: Any) -> None:
    """The table of marks: who, how many in each notebook, and which exercises were lost why."""
    from autograde.examine import BY_HAND
    from autograde.grade import NOT_GRADED, NOT_SUBMITTED

    notebooks = list(dict.fromkeys(exercise.notebook for exercise in graded.exercises))
    table = Table(
        title=f"{sum(row.graded for row in graded.marks)} students graded", title_justify="left", box=box.SIMPLE_HEAD
    )
    longest = max((len(row.student) for row in graded.marks), default=0)
    table.add_column("student", overflow="fold", min_width=min(longest, 24))
    for name in (*notebooks, "total", "to mark"):
        table.add_column(name, justify="right")
    table.add_column("lost marks", no_wrap=True)
    for row in graded.marks:
        cells = []
        for notebook in notebooks:
            part = [
                result
                for result, exercise in zip(row.results, graded.exercises, strict=True)
                if exercise.notebook == notebook
            ]
            reasons = {result.reason for result in part}
            cells.append(
                "not graded" if reasons == {NOT_GRADED} else "–" if NOT_SUBMITTED in reasons else _out_of(part)
            )
        total = _out_of(row.results, row.penalty) if row.graded else "not graded"
        waiting = sum(result.max_points for result in row.results if result.reason == BY_HAND and result.points is None)
        lost = "\n".join(f"{result.exercise}: {result.reason}" for result in row.lost)
        table.add_row(row.student, *cells, total, f"{waiting:g}" if waiting else "", lost)
    _console.print(table)


def _out_of(results: Iterable[Any], penalty: float = 0.0) -> str:
    points = sum(result.points or 0.0 for result in results) - penalty
    return f"{points:g}/{sum(result.max_points for result in results):g}"


@main.command()
@_clear_errors
def demo() -> None:
    """Build the course in memory and grade a planted class of eight, in demo/."""
    from autograde.build import read_course
    from autograde.demo import submit_class
    from autograde.planted import read_patches
    from autograde.trained import train_and_save

    course = Course.find(Path.cwd())
    built = read_course(course)
    folder = course.root / "demo"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    trained = train_and_save(built, folder, progress=tqdm)
    submit_class(built, read_patches(course.root / "tests" / "submissions"), trained, folder / "submissions")
    sys.exit(_grade(course, [folder / "submissions"], folder / "marks", folder / "gradebook"))
