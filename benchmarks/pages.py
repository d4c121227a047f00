"""The pages that tell what was measured: python -m benchmarks.pages writes tables and quoted numbers into them from results/."""

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.report import kept, read
from benchmarks.tables import TABLES, told

ROOT = Path(__file__).parents[1]
OWN, README = "benchmarks/README.md", "README.md"
#: What stands in the place of a table that has no results yet.
_NOTHING = "Not measured yet."


class Stale(Exception):
    """A page does not have what results are to be written into; the message says what and where."""


@dataclass(frozen=True)
class Quote:
    """A sentence of a page with a {} for each number that it quotes; how its lines are broken does not matter."""

    page: str
    sentence: str
    numbers: Callable[[], Sequence[str]]


def _median(name: str, side: str, form: str = ".0f") -> str:
    """The median of a side's seconds."""
    return format(statistics.median(read(name)["sides"][side]["wall"]), form)


def _convnet(plan: str) -> list[str]:
    last = read(f"convnet-{plan}-cifar10-jpeg")["epochs"][-1]
    return [f"{100 * last['test']:.1f}", f"{100 * last['validation']:.1f}", str(last["seconds"])]


QUOTES = (
    Quote(
        README,
        "Twelve students with four notebooks take {} s on two cores, rooms and feedback pages included, "
        "where `nbgrader autograde` takes {} s",
        lambda: [_median("grading-four", side) for side in ("course grade", "nbgrader autograde")],
    ),
    Quote(
        README,
        "Eight students with notebook 02 take {} s; `nbgrader autograde` takes {} s and `otter run`, two at a time, {} s",
        lambda: [_median("grading", side) for side in ("course grade", "nbgrader autograde", "otter run")],
    ),
    Quote(README, "a thousand with one notebook take {} s", lambda: [_median("scaling", "1000")]),
    Quote(
        README,
        "It takes {} s; nbconvert with XeLaTeX takes {} s for the same text",
        lambda: [_median("handout", side, ".1f") for side in ("course handout", "nbconvert, XeLaTeX")],
    ),
    Quote(
        OWN,
        "It reached {} % on the test set, {} % on the validation set, in {} s on two cores",
        lambda: _convnet("minutes"),
    ),
    Quote(
        OWN,
        "It reached {} % on the test set, {} % on the validation set, with one thread, in {} s on a machine",
        lambda: _convnet("hour"),
    ),
)


def refreshed(page: str, text: str) -> str:
    """A page's text with the tables and the quoted numbers of the results. Raises Stale."""
    for name in TABLES:
        table = told(name, read(name)) if kept(name) else _NOTHING
        text, found = re.subn(
            rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)",
            lambda match, table=table: match[1] + table + match[2],
            text,
            flags=re.DOTALL,
        )
        if page == OWN and not found:
            raise Stale(f"{page} has no place for a table: <!-- {name} --> and <!-- /{name} --> on lines of their own")
    for quote in QUOTES:
        if quote.page == page:
            text = quoted(text, quote)
    return text


def quoted(text: str, quote: Quote) -> str:
    """A page's text with the numbers of one quote. Raises Stale when it has not just one such sentence, or there are no numbers."""
    parts = [r"\s+".join(map(re.escape, re.split(r"\s+", part))) for part in quote.sentence.split("{}")]
    found = re.findall(pattern := r"(\d+(?:\.\d+)?)".join(f"({part})" for part in parts), text)
    if len(found) != 1:
        raise Stale(f"{quote.page} has this sentence {len(found)} times, and not once (see QUOTES): {quote.sentence}")
    try:
        numbers = quote.numbers()
    except FileNotFoundError as error:
        raise Stale(f"{Path(error.filename).name}, which {quote.page} quotes, is not there: make bench") from None

    def with_numbers(match: re.Match[str]) -> str:
        words, places = match.groups()[::2], [*numbers, ""]
        return "".join(word + place for word, place in zip(words, places, strict=True))

    return re.sub(pattern, with_numbers, text)


def refresh() -> list[str]:
    """Write both pages from the results; returns the names of those that changed. Raises Stale, and writes nothing then."""
    texts = {page: (ROOT / page).read_text(encoding="utf-8") for page in (OWN, README)}
    new = {page: refreshed(page, text) for page, text in texts.items()}
    changed = [page for page in texts if new[page] != texts[page]]
    for page in changed:
        (ROOT / page).write_text(new[page], encoding="utf-8")
    return changed


@click.command()
def main() -> None:
    """Write the tables of benchmarks/README.md, and the numbers that both READMEs quote, from benchmarks/results/."""
    try:
        changed = refresh()
    except Stale as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"wrote {' and '.join(changed)}" if changed else "both pages are up to date")


if __name__ == "__main__":
    main()
