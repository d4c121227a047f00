"""Every measurement that takes minutes: make bench, or python -m benchmarks [--only PART]."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import click
from tqdm import tqdm

from benchmarks import grading, handout, pages, scaling, speed, startup
from benchmarks.report import machine, write
from benchmarks.tables import told
from benchmarks.turns import NotHere, Part, Results, Side

PARTS = (
    grading.PART,
    scaling.PART,
    startup.PART,
    speed.STEP,
    speed.LOADING,
    handout.PART,
    grading.FOUR,
)
#: With --once, sides that take longer are left out.
_SHORT = 60


class Bar:
    """One progress bar for all parts, in seconds of two quiet cores."""

    def __init__(self, parts: Sequence[Part]) -> None:
        form = "{percentage:3.0f}% |{bar:30}| {elapsed}<{remaining} {desc}"
        self._bar = tqdm(total=sum(part.seconds for part in parts), bar_format=form)
        self._before = 0.0

    @contextmanager
    def part(self, part: Part) -> Iterator[None]:
        """A part is under way; at its end the bar stands where it shall, whatever was left out."""
        self._part = part
        yield
        self._before += part.seconds
        self._bar.update(self._before - self._bar.n)

    @contextmanager
    def turn(self, side: Side, number: int) -> Iterator[None]:
        """A turn of a side is under way."""
        about = f" (about {side.seconds:.0f} s)" if side.seconds >= 10 else ""
        self._bar.set_description_str(f"{self._part.name}: {side.name}, turn {number + 1} of {side.turns}{about}")
        yield
        self._bar.update(side.seconds)

    def close(self) -> None:
        """Let the bar stand as it is."""
        self._bar.close()


@click.command()
@click.option(
    "--only",
    "names",
    multiple=True,
    type=click.Choice([part.name for part in PARTS]),
    help="Measure this part alone; may be given several times. "
    f"Only done when named: {', '.join(part.name for part in PARTS if part.asked)}.",
)
@click.option("--once", is_flag=True, help="One turn each, what is long left out; shown, and not kept.")
def main(names: tuple[str, ...], once: bool) -> None:
    """Measure, keep each part's results in benchmarks/results/ when it is done, and bring the READMEs' numbers up to date.

    Ctrl-C keeps the parts that are done. Exit code 1 when a part failed.
    """
    parts = [part for part in PARTS if (part.name in names if names else not part.asked)]
    if once:
        parts = [replace(part, sides=_short(part.sides)) for part in parts]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what is under way, as Ctrl-C does
    click.echo(f"about {sum(part.seconds for part in parts) / 60:.0f} minutes on two quiet cores", err=True)
    done, failed, stopped = measure(parts, keep=not once)
    for name, results in done.items():
        click.echo(f"\n{name}\n\n{told(name, results)}")
    if done and not once:
        try:
            changed = pages.refresh()
        except pages.Stale as error:
            failed["READMEs"] = str(error)
        else:
            click.echo(f"\nwrote {', '.join([f'benchmarks/results/{name}.json' for name in done] + changed)}")
    for name, why in failed.items():
        click.echo(f"{name}: {why}", err=True)
    if stopped:
        click.echo(f"stopped; kept: {', '.join(done) if done and not once else 'nothing'}", err=True)
    sys.exit(130 if stopped else 1 if failed else 0)


def _short(sides: Sequence[Side]) -> tuple[Side, ...]:
    return tuple(replace(side, turns=1) for side in sides if side.seconds <= _SHORT)


def measure(parts: Sequence[Part], *, keep: bool) -> tuple[dict[str, Results], dict[str, str], bool]:
    """Each part's results, which are kept as soon as they are there; why others failed; whether Ctrl-C ended it early."""
    done: dict[str, Results] = {}
    failed: dict[str, str] = {}
    bar = Bar(parts)
    try:
        for part in parts:
            with bar.part(part):
                about = machine()
                try:
                    results = {"machine": about} | part.measure(part.sides, bar.turn)
                except NotHere as error:
                    tqdm.write(f"{part.name}: not measured: {error}. Earlier results stay.", file=sys.stderr)
                    continue
                except Exception as error:  # the others are measured all the same
                    failed[part.name] = f"{type(error).__name__}: {error}"
                    continue
                done[part.name] = results
                if keep:
                    write(part.name, results)
    except KeyboardInterrupt:
        return done, failed, True
    finally:
        bar.close()
    return done, failed, False


if __name__ == "__main__":
    main()
