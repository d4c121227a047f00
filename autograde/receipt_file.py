"""The bytes of a receipt that came with a hand-in, checked in every part."""

import json
import re
from dataclasses import dataclass
from typing import Any

from helpers.submission import FORMAT, STATES
from helpers.submission_table import AS_SEEN, FAILS, PASSES

LARGEST_RECEIPT = 200_000  # bytes; one of eight notebooks has 10,000
_MOST_NOTEBOOKS, _MOST_EXERCISES, _LONGEST = 50, 200, 200
_SHA = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[\w.+-]{1,60}", re.ASCII)


class NotAReceipt(Exception):
    """The file is no receipt that can be compared; the text says why."""


@dataclass(frozen=True)
class Told:
    """What a receipt says of one notebook: whose bytes, and how each exercise stands of those that were run for it."""

    sha256: str
    states: dict[str, str]


@dataclass(frozen=True)
class Receipt:
    """What a receipt says, by the notebook's name.

    release: the version that the student worked with, empty if it says none, and released, the notebooks that came with it.
    """

    notebooks: dict[str, Told]
    release: str = ""
    released: tuple[str, ...] = ()


def read_receipt(content: bytes) -> Receipt:
    """The receipt that a file holds. Raises NotAReceipt for all that is not one in every part."""
    if len(content) > LARGEST_RECEIPT:
        raise NotAReceipt(f"it is larger than {LARGEST_RECEIPT // 1000} kB")
    try:
        raw = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotAReceipt("it is not JSON") from None
    version = _dict(raw, 20, "the receipt").get("format")
    if version != FORMAT or isinstance(version, bool):
        raise NotAReceipt("it is of another version of the kit")
    notebooks = _dict(raw.get("notebooks"), _MOST_NOTEBOOKS, "notebooks")
    return Receipt({name: _told(value) for name, value in notebooks.items()}, *_release(raw.get("release", {})))


def _release(raw: Any) -> tuple[str, tuple[str, ...]]:
    """The version and the notebooks of a release; nothing where the receipt names none, as earlier ones do."""
    about = _dict(raw, 20, "the release")
    version, names = about.get("version", ""), about.get("notebooks", [])
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        version = ""
    if not isinstance(names, list) or len(names) > _MOST_NOTEBOOKS or not all(isinstance(name, str) for name in names):
        return "", ()
    return version, tuple(names) if version else ()


def _told(raw: Any) -> Told:
    about = _dict(raw, 20, "a notebook")
    sha256 = about.get("sha256")
    if not isinstance(sha256, str) or not _SHA.fullmatch(sha256):
        raise NotAReceipt("a notebook has no digest")
    exercises = _dict(about.get("exercises"), _MOST_EXERCISES, "exercises")
    states = {name: _state(value) for name, value in exercises.items()}
    return Told(sha256, {name: state for name, state in states.items() if state})


def _state(raw: Any) -> str:
    """The state; empty where it is only what a saved output says, which may be older than the answer."""
    about = _dict(raw, 20, "an exercise")
    state, why, seen = about.get("state"), about.get("why", ""), about.get("seen", "")
    if state not in STATES or seen not in ("", PASSES, FAILS) or not isinstance(why, str) or len(why) > _LONGEST:
        raise NotAReceipt("an exercise has a state that there is not")
    return "" if why == AS_SEEN else state


def _dict(value: Any, most: int, what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > most or any(len(key) > _LONGEST for key in value):
        raise NotAReceipt(f"{what}: it is not as it should be")
    return value
