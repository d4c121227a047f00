"""The `course` command. Exit codes: 0 done, 1 something could not be done, 2 wrong usage."""

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from autograde.course import KIT, Course, CourseError
from autograde.trouble import database_errors, told

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
        except (CourseError, OSError, *database_errors()) as error:
            _fail(told(error))
            sys.exit(1)
        except KeyboardInterrupt:
            _fail("interrupted. Nothing is lost: the same command continues where it was.")
            sys.exit(130)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=KIT)
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
    from autograde.diagnosis import is_stale, keep
    from autograde.jobs import Workers

    for part in ("train", "test") if images else ():
        if not (images / part).is_dir():
            raise click.UsageError(f"--images {images} has no folder {part}, with one folder for each class in it.")
    course = Course.find(Path.cwd())
    built = read_course(course)
    findings = authoring.check_text(built)
    if not findings:
        _require_room(True)
        with Workers() as workers:
            findings = authoring.check_marks(built, workers)
    for finding in findings:
        _fail(str(finding))
    if findings:
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
        _fail(problem)
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
    """The findings that somebody should read, a bounded number for each student; what is said of many, once. All are reported."""
    from autograde.findings import IGNORED, RELEASE, STANDS, printable

    findings = list(findings)
    same = Counter(finding.problem for finding in findings if finding.kind in (STANDS, RELEASE))
    for problem, number in same.items():
        _fail(f"{number} student{'s' if number > 1 else ''}: {printable(problem)}")
    counted: Counter[str] = Counter()
    for finding in findings:
        if finding.kind in (IGNORED, STANDS, RELEASE):
            continue
        counted[finding.student] += 1
        if counted[finding.student] <= _MOST_LINES:
            _fail(str(finding))
    for student, number in counted.items():
        if number > _MOST_LINES:
            _fail(f"{student or 'of nobody'}: and {number - _MOST_LINES} more, which are in intake.csv.")


def _examining(command: Callable) -> Callable:
    """The options of commands that examine, for `_examiners`."""
    for option in reversed(
        (
            click.option(
                "--workers",
                type=click.IntRange(1, 256),
                help="Processes that examine. Without it, one for each core.",
            ),
            click.option(
                "--scheduler", metavar="ADDRESS", help="Have the workers of a Dask cluster examine: docs/cluster.md."
            ),
            click.option(
                "--isolation",
                type=click.Choice(["room", "none"]),
                default="room",
                show_default=True,
                help="none: run submitted code without the room, with all that you may do. Only for code that you trust.",
            ),
        )
    ):
        command = option(command)
    return command


def _examiners(workers: int | None, scheduler: str | None, isolation: str) -> dict[str, Any]:
    """The options as `grade` and `regrade` take them. Raises UsageError for those that exclude each other."""
    if workers and scheduler:
        raise click.UsageError("--workers is for this machine alone; with --scheduler the cluster decides.")
    if scheduler and isolation == "none":
        raise click.UsageError("--isolation none is for this machine: the workers of a cluster always use the room.")
    return {"workers": workers, "scheduler": scheduler, "isolated": isolation == "room"}


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
@_examining
@_clear_errors
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

    _refuse_inside(out, sources, "--out")
    options = _examiners(workers, scheduler, isolation)
    course = Course.find(Path.cwd())
    settings = read_settings(course.root)
    if images is not None:
        keep(images, CourseFolder(course.gradebook, settings.name).images)
    sys.exit(_grade(course, sources, out, course.gradebook, settings, **options))


@main.command()
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
@_examining
@_clear_errors
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
    options = _examiners(workers, scheduler, isolation)
    course = Course.find(Path.cwd())
    if not (course.gradebook / "gradebook.db").exists():
        raise CourseError(
            f"{course.shown(course.gradebook)}/gradebook.db is not there: nothing was graded. Run: course grade"
        )
    if scheduler is None:  # else its workers say whether they have one
        _require_room(options["isolated"])
    built = read_course(course)
    settings = read_settings(course.root)
    _claim(course.gradebook, settings)
    regraded = regrade(
        built,
        out,
        CourseFolder(course.gradebook, settings.name),
        accept=what == "accept",
        settings=settings,
        images=images,
        **options,
        diagnose=PlantedMistakes(course, built).name,
        progress=Screen().progress,
    )
    for line in regraded.points_changed:
        click.echo(f"now worth {line}")
    if regraded.before:
        _console.print(changes_table(regraded))
        done = "changed" if what == "accept" else "would change"
        click.echo(
            f"{len(regraded.changes)} marks of {len(regraded.before)} students {done}, {lowered(regraded)} of them to less."
        )
        click.echo(f"changes   {course.shown(regraded.csv.resolve())}")
    else:
        click.echo("No mark changes.")
    if what == "preview" and regraded.again:
        click.echo("Nothing was changed. To change it, run: course regrade --accept")
    _tell(regraded.failures)
    sys.exit(1 if regraded.failures else 0)


@main.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@_clear_errors
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


@main.command()
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
@_clear_errors
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

    _claim(place, settings)
    if marks:
        _enter_marks(folder, settings, marks, replace)
    graded = refresh(folder, out, settings)
    click.echo(f"up to date  {course.shown(graded.csv.resolve())}, feedback and report")


def _claim(gradebook: Path, settings: Any) -> None:
    """Keep other commands from writing to a gradebook until this one ends. Raises CourseError when one is at it."""
    from autograde.gradebook import CourseFolder

    click.get_current_context().with_resource(CourseFolder(gradebook, settings.name).claimed())


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
            _fail(problem)
        raise
    folder.set_policy(settings.late, settings.consistent)
    enter(folder, changes)
    _console.print(tally_table(tally(known, changes)))
    click.echo(f"{len(changes)} marks changed." if changes else "No mark changes.")


@main.command()
@click.argument("target", default="student.zip", type=click.Path(path_type=Path))
@click.argument("notebooks", nargs=-1)
@_clear_errors
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


@main.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@_clear_errors
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
        _fail(trouble)
    sys.exit(1 if done.troubles else 0)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_clear_errors
def site(folder: Path) -> None:
    """Build the course as a static site in FOLDER: notebooks 01 to 03 run in the student's browser, with JupyterLite.

    The first time, JupyterLite is installed into .venv-site. docs/platforms.md says how to publish the folder.
    """
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
    wanted, patches = [item for item in built if item.name in _known(notebooks, built)], all_patches(course)
    refuse_unaudited(course, wanted, patches)
    return built, patches, [item.name for item in wanted]


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
    course: Course,
    sources: Iterable[Path],
    out: Path,
    gradebook: Path,
    settings: Any = None,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    isolated: bool = True,
) -> int:
    """Grade, show the table, and say where things lie; returns the exit code."""
    if scheduler is None:  # else its workers say whether they have one
        _require_room(isolated)
    from autograde.build import read_course
    from autograde.diagnosis import PlantedMistakes
    from autograde.grade import NOT_GRADED, grade
    from autograde.gradebook import CourseFolder
    from autograde.release import versions
    from autograde.screen import Screen
    from autograde.settings import Settings

    settings = settings or Settings()
    screen = Screen()
    built = read_course(course)
    _claim(gradebook, settings)
    graded = grade(
        built,
        list(sources),
        out,
        CourseFolder(gradebook, settings.name),
        settings=settings,
        workers=workers,
        scheduler=scheduler,
        isolated=isolated,
        diagnose=PlantedMistakes(course, built).name,
        progress=screen.progress,
        show=screen.show,
        version=versions(course, built),
    )
    _show(graded)
    click.echo(f"marks     {course.shown(graded.csv.resolve())}")
    click.echo(f"reasons   {course.shown(graded.csv.resolve().with_name('reasons.csv'))}")
    click.echo(f"feedback  {course.shown(graded.feedback.resolve())}/<student>/index.html")
    click.echo(f"report    {course.shown(graded.csv.resolve().with_name('report.html'))}")
    click.echo(f"intake    {course.shown(graded.csv.resolve().with_name('intake.csv'))}")
    _tell(graded.findings)
    refused = {refusal.student for refusal in graded.refusals}
    for row in graded.marks:
        for result in row.unjudged if row.student not in refused else []:
            _fail(f"{row.student}: {' '.join(result.message.split())}")
    incomplete = graded.refusals or any(result.reason == NOT_GRADED for row in graded.marks for result in row.results)
    return 1 if incomplete else 0


def _require_room(isolated: bool) -> None:
    """Refuse to run submitted code without the room, unless that was asked for. Raises CourseError."""
    from autograde.room import missing

    if not isolated:
        _fail("NO ROOM: submitted code runs with all that you may do, and can forge marks. Trust nothing it touched.")
        return
    for item in missing():
        if item.needed:
            raise CourseError(
                f"submitted code cannot be shut in: {item} `course doctor` says more; "
                "--isolation none grades without, for code that you trust."
            )


def _show(graded: Any) -> None:
    from autograde.screen import graded_table

    _console.print(graded_table(graded))


@main.command()
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
@_clear_errors
def handout(notebooks: tuple[Path, ...], check: bool, folder: Path, paper: str | None) -> None:
    """Print the derivations, as PDF and HTML; or what a student wrote in a NOTEBOOK, as PDF for marking on paper."""
    from dataclasses import replace

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
            _fail(str(failure))
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
            _fail(problem)
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
            _fail(told(error))
            failed = True
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        made[target] = path
        click.echo(f"wrote {course.shown(target.resolve())}")
    return 1 if failed else 0


@main.command()
@_clear_errors
def mistakes() -> None:
    """Try every planted mistake on the visible tests, and keep by what numbers it is known again (fingerprints.json)."""
    from autograde.build import read_course
    from autograde.diagnosis import keep

    course = Course.find(Path.cwd())
    count = keep(course, read_course(course))
    click.echo(f"{count} mistakes are known by their numbers: {course.shown(course.fingerprints)}")


@main.command()
@click.argument("notebooks", nargs=-1)
@click.option("--seeds", default=3, show_default=True, help="How many fresh draws hidden tests get.")
@_clear_errors
def audit(notebooks: tuple[str, ...], seeds: int) -> None:
    """Try the course's own tests, of all NOTEBOOKS or those named: no slip may keep its marks, nothing right may lose any."""
    from autograde import audited
    from autograde.audit import audit
    from autograde.build import read_course
    from autograde.planted import all_patches
    from autograde.screen import audit_table

    course = Course.find(Path.cwd())
    built = read_course(course)
    names = _known(notebooks, built)
    found = list(tqdm(audit(course, built, seeds, names), desc="auditing", unit=" exercises", leave=False))
    _console.print(audit_table(found))
    audited.keep(course, [item for item in built if item.name in names], all_patches(course), found, seeds)
    problems = [problem for exercise in found for problem in exercise.problems]
    for problem in problems:
        _fail(problem)
    if problems:
        sys.exit(1)
    click.echo("No mistake keeps its marks, and nothing right loses any.")


def _known(notebooks: tuple[str, ...], built: list[Any]) -> list[str]:
    """The names given, or all when none is. Raises UsageError for a name that the course does not have."""
    names = [item.name for item in built]
    unknown = set(notebooks) - set(names)
    if unknown:
        raise click.UsageError(f"no such notebook: {min(unknown)}. There are: {', '.join(names)}")
    return [name for name in names if not notebooks or name in notebooks]


@main.command()
@click.argument("name")
@_clear_errors
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


@main.command()
@_clear_errors
def demo() -> None:
    """Build the course in memory and grade a planted class of eight, in demo/."""
    from autograde.build import read_course
    from autograde.demo import refuse_other_course, submit_class
    from autograde.planted import read_patches
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
    sys.exit(_grade(course, [folder / "submissions"], folder / "marks", folder / "gradebook"))
