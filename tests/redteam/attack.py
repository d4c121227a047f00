"""Hostile submissions as data: files in attacks/, one for each kind of attack.

`# ==== name` starts one; the comments below it say what it tries, and then `loses: exercise (reason), ...`, or `loses at
least: ...` where it may harm more of its own marks; `by chance` where two runs may mark it differently; `timeout: 5` where
it hangs. Each `# %% exercise-id` starts the text of that exercise's solution cell. An attack named `tools` is no attack: its
cells come before those of the others in its file.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "attacks"
_ATTACK = re.compile(r"^# ==== ([a-z0-9-]+)\n", re.MULTILINE)
_CELL = re.compile(r"^# %% ([a-z0-9-]+)\n", re.MULTILINE)
_LOSS = re.compile(r"([a-z0-9-]+)(?: \(([a-z ]+)\))?")


@dataclass(frozen=True)
class Attack:
    """family: its file. loses: the exercises that it must not get marks for, each with the reason, or "" for any reason.

    exact: whether it must keep all other marks. by_chance: whether it leaves to chance what becomes of those. cells: id → source.
    """

    family: str
    name: str
    loses: dict[str, str]
    exact: bool
    by_chance: bool
    timeout: float
    cells: dict[str, str]


def read_attacks() -> list[Attack]:
    """All attacks, by family."""
    return [attack for path in sorted(_FOLDER.glob("*.py")) for attack in _read(path)]


def _read(path: Path) -> list[Attack]:
    _, *parts = _ATTACK.split(path.read_text(encoding="utf-8"))
    texts = dict(zip(parts[::2], parts[1::2], strict=True))
    tools = _cells(texts.pop("tools", ""))
    assert len(parts) == 2 * (len(texts) + bool(tools)), f"{path} has two attacks of one name"
    return [_attack(path.stem, name, text, tools) for name, text in texts.items()]


def _attack(family: str, name: str, text: str, tools: dict[str, str]) -> Attack:
    about = text.partition("# %%")[0]
    least, losses = re.search(r"^# loses( at least)?: (.*)$", about, re.MULTILINE).groups()
    timeout = re.search(r"^# timeout: (\d+)$", about, re.MULTILINE)
    return Attack(
        family=family,
        name=name,
        loses={} if losses == "nothing" else dict(_LOSS.findall(losses)),
        exact=not least,
        by_chance="# by chance\n" in about,
        timeout=float(timeout[1]) if timeout else 30.0,
        cells={key: tools.get(key, "") + source for key, source in _cells(text).items()},
    )


def _cells(text: str) -> dict[str, str]:
    _, *parts = _CELL.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))
