"""The pages of docs/ as tests read them: their fenced blocks, in order."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))

#: Why a command of these pages is not run. Another reason is "is tried by tests/test_....py", a file that is there.
NOT_RUN = (
    "installs",
    "starts a server",
    "takes minutes",
    "needs other machines",
    "part of a file",
    "needs a network",
)
_FENCE = re.compile(r"^```([^\s`]*) ?([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block. how: what stands behind its language; shown: the output that a block of text right below it shows."""

    where: str
    language: str
    how: str
    text: str
    shown: str = ""


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page."""
    content, found, last_end = page.read_text(encoding="utf-8"), [], 0
    for match in _FENCE.finditer(content):
        language, how, text = match.groups()
        below = found and not content[last_end : match.start()].strip()
        if language == "text" and not how and below and found[-1].language in ("sh", "python"):
            before = found.pop()
            found.append(Block(before.where, before.language, before.how, before.text, text))
        else:
            line = content[: match.start()].count("\n") + 1
            found.append(Block(f"{page.name}:{line}", language, how, text))
        last_end = match.end()
    return found
