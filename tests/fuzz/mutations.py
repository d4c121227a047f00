"""What is done to real files before they are read: to their bytes, and to the JSON in them."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

#: JSON that Python's own values do not spell: numbers without end, nesting, things that are no JSON at all.
SPELLED = (
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 5000, "-" + "9" * 400, "9" * 400, "1.5", "-0.0", "{}", "[]",
    "[" * 100 + "]" * 100, "[" * 400 + "]" * 400, "[" * 900 + "]" * 900, "[" * 960 + "]" * 960, "[" * 100_000,
    '{"a":' * 300 + "1" + "}" * 300, '{"a":' * 950 + "1" + "}" * 950, '"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', "nul",
    '{"a": 1, "a": 2}', '"' + "x" * 100_000 + '"', "[" + "0," * 50_000 + "0]", '"' + "\\n" * 20_000 + '"',
)  # fmt: skip


class Spelled(str):
    """JSON as it is written into the file."""


#: Characters of all kinds: halves of them, those that turn text around, controls.
letters = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from(
        "\ud800\udfff\x00\x1b\r\n\t\u202e\u200d\ufeff\ue000\ue001\x7f\x85\u2028'\"<>&\\/`$%{}[]()=+-@:;,._|*#~^"
    ),
)
texts = st.one_of(
    st.text(letters, max_size=30),
    st.text(letters, max_size=9).map(lambda text: text + "\ud800"),
    st.text(max_size=3).map(lambda text: text * 500),
)
numbers = st.one_of(
    st.integers(-3, 50), st.integers(), st.sampled_from([2**31, 2**53, 2**63, 2**64, 10**400, -(2**63)]), st.floats()
)
_leaves = st.one_of(
    st.none(), st.booleans(), numbers, texts, st.sampled_from(SPELLED).map(Spelled), st.sampled_from([[], {}, "", 0])
)
#: Any JSON.
values = st.recursive(
    _leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


def as_json(value: Any) -> str:
    """The value as JSON text, with what is spelled as it is."""
    if isinstance(value, Spelled):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(key))}:{as_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(as_json, value)) + "]"
    if isinstance(value, int) and abs(value) > 10**300:
        return hex(value).replace("0x", "1")[:400].translate(str.maketrans("abcdef", "000000"))
    return json.dumps(value)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with every key or index in it, the shallow ones first."""
    waiting = [value]
    for container in waiting:
        keys = container if isinstance(container, dict) else range(len(container))
        for key in keys:
            yield container, key
            if isinstance(container[key], dict | list):
                waiting.append(container[key])


_STEPS = ("replace", "remove", "duplicate", "swap", "rename", "wrap", "repeat", "move")
#: What to do, where (a share of all places, the shallow ones as often as the deep ones), and with what.
_json_step = st.tuples(st.sampled_from(_STEPS), st.floats(0, 1), st.integers(0, 3), values)


def mutated_json(original: Any, *, most: int = 5) -> st.SearchStrategy[Any]:
    """The same value with some nodes replaced, removed, repeated, renamed, moved."""
    return st.lists(_json_step, max_size=most).map(lambda steps: _mutate(original, steps))


def _mutate(original: Any, steps: list[tuple[str, float, int, Any]]) -> Any:
    value = deepcopy(original)
    for step, share, depth, new in steps:
        places = list(_places(value))
        if not places:
            return new
        place = int(share ** (1 + depth) * (len(places) - 1))
        container, key = places[place]
        other, other_key = places[(place * 7 + 3) % len(places)]
        if step == "replace":
            container[key] = new
        elif step == "remove":
            del container[key]
        elif step == "duplicate" and isinstance(container, list):
            container.insert(key, deepcopy(container[key]))
        elif step == "swap":
            container[key], other[other_key] = deepcopy(other[other_key]), deepcopy(container[key])
        elif step == "rename" and isinstance(container, dict):
            container[str(new)[:50] if not isinstance(other_key, str) else other_key] = container.pop(key)
        elif step == "wrap":
            container[key] = [container[key]]
        elif step == "repeat" and isinstance(container[key], list):
            container[key] = (container[key] * 30)[:3000]
        elif step == "move" and isinstance(container, list):
            container.append(container.pop(key))
    return value


_INTERESTING = (
    b"\x00",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x80",
    b"\xff" * 8,
    b"\x7f",
    b"PK\x03\x04",
    b"PK\x05\x06",
)
_byte_step = st.tuples(
    st.sampled_from(("flip", "overwrite", "insert", "delete", "cut", "repeat")),
    st.floats(0, 1),
    st.one_of(st.binary(min_size=1, max_size=9), st.sampled_from(_INTERESTING)),
    st.integers(1, 40),
    st.booleans(),
)


def mutated_bytes(original: bytes, *, most: int = 6) -> st.SearchStrategy[bytes]:
    """The same bytes with some of them flipped, overwritten, inserted, deleted, repeated, or cut off."""
    return st.lists(_byte_step, max_size=most).map(lambda steps: _mutate_bytes(original, steps))


def _mutate_bytes(original: bytes, steps: list[tuple[str, float, bytes, int, bool]]) -> bytes:
    content = bytearray(original)
    for step, share, new, count, near_the_end in steps:
        size = len(content)
        # Headers stand at the beginning, tables of contents at the end.
        place = max(0, size - 1 - int(share * min(size, 400))) if near_the_end else int(share * share * size)
        if step == "flip" and place < size:
            content[place] ^= new[0] or 1
        elif step == "overwrite":
            content[place : place + len(new)] = new
        elif step == "insert":
            content[place:place] = new * count
        elif step == "delete":
            del content[place : place + count]
        elif step == "cut" and count > 30:
            del content[place:]
        elif step == "repeat":
            content[place:place] = content[place : place + 40 * count]
    return bytes(content)


def bomb(members: dict[str, bytes], name: str, megabytes: int) -> bytes:
    """An archive of these members, and of one that is zeros alone: a thousandth of what they take."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
        with archive.open(name, "w") as file:
            for _ in range(megabytes):
                file.write(bytes(1_000_000))
    return stream.getvalue()


def one_of(*originals: Any, mutate: Callable[[Any], st.SearchStrategy]) -> st.SearchStrategy:
    """A mutation of one of these."""
    return st.sampled_from(range(len(originals))).flatmap(lambda index: mutate(originals[index]))
