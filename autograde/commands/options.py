"""What several commands take, and what they refuse."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from autograde.commands.speaking import fail
from autograde.course import CourseError

#: What was handed in, as an argument.
sources_argument = click.argument(
    "sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)


def known(notebooks: tuple[str, ...], built: list[Any]) -> list[str]:
    """The names given, or all when none is. Raises UsageError for a name that the course does not have."""
    names = [item.name for item in built]
    unknown = set(notebooks) - set(names)
    if unknown:
        raise click.UsageError(f"no such notebook: {min(unknown)}. There are: {', '.join(names)}")
    return [name for name in names if not notebooks or name in notebooks]


def refuse_inside(folder: Path, sources: Iterable[Path], option: str) -> None:
    """Raises UsageError for a folder to write to, named by an option, that lies in one of the sources."""
    for source in sources:
        if folder.resolve().is_relative_to(source.resolve()):
            raise click.UsageError(
                f"{option} {folder} lies in {source}, where it would be taken for a student. Name another folder."
            )


def claim(folder: Any) -> None:
    """Keep other commands from writing to a CourseFolder until this one ends. Raises CourseError when one is at it."""
    click.get_current_context().with_resource(folder.claimed())


def require_room(isolated: bool) -> None:
    """Refuse to run submitted code without the room, unless that was asked for. Raises CourseError."""
    from autograde.room import missing

    if not isolated:
        fail("NO ROOM: submitted code runs with all that you may do, and can forge marks. Trust nothing it touched.")
        return
    for item in missing():
        if item.needed:
            raise CourseError(
                f"submitted code cannot be shut in: {item} `course doctor` says more; "
                "--isolation none grades without, for code that you trust."
            )


@dataclass(frozen=True)
class Examiners:
    """Who examines, and whether in the room: as the functions `grade` and `regrade` take it."""

    workers: int | None = None
    scheduler: str | None = None
    isolated: bool = True

    @classmethod
    def of(cls, workers: int | None, scheduler: str | None, isolation: str) -> "Examiners":
        """What was given of `examiners_options`. Raises UsageError for those that exclude each other."""
        if workers and scheduler:
            raise click.UsageError("--workers is for this machine alone; with --scheduler the cluster decides.")
        if scheduler and isolation == "none":
            raise click.UsageError(
                "--isolation none is for this machine: the workers of a cluster always use the room."
            )
        return cls(workers, scheduler, isolation == "room")

    def require_room(self) -> None:
        """As `require_room`, on this machine; a cluster's workers say whether they have one."""
        if self.scheduler is None:
            require_room(self.isolated)


def examiners_options(command: Callable) -> Callable:
    """The options of commands that examine, for `Examiners.of`."""
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
