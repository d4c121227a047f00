"""Single-token slips in a formula, as they happen in typing: a sign, a factor, a transpose, an index, an operator."""

import re
from collections.abc import Iterator

from autograde.handout.tokens import meaningful, tokens

_SWAPPED = {
    "+": ["-"], "-": ["+"], r"\odot": ["+", " "], r"\cdot": ["+"], "/": [" "], ">": ["<"], "<": [">"], r"\ge": ["<"],
    r"\log": [r"\exp"], r"\exp": [r"\log"], r"\max": [r"\min"], r"\pm": ["+"], r"\sum": [r"\max"], r"\sqrt": [" "],
}  # fmt: skip
_INDEX = {"i": "j", "j": "k", "k": "j", "n": "i", "h": "k", "l": "k", "d": "h", "p": "q", "q": "p",
          "c": "f", "f": "c", "u": "v", "v": "u", "w": "h", "r": "q", "m": "l"}  # fmt: skip
_SYMBOL = re.compile(r"[A-Za-z]|\\(?:lambda|alpha|mu|gamma|beta|varepsilon|delta|Delta|psi|phi|theta)")
_OPEN, _CLOSE = "{([", "})]"


def mutants(tex: str) -> Iterator[tuple[str, str]]:
    """Each slip in the right-hand sides of an equation: what kind it is, and the LaTeX with it."""
    found = tokens(tex)
    for place in range(_first_equals(found) + 1, len(found)):
        for kind, replacement in _slips(found, place):
            yield kind, " ".join([*found[:place], *replacement, *found[place + 1 :]])
        if found[place : place + 2] == ["^", r"\top"]:
            yield "transpose", " ".join([*found[:place], *found[place + 2 :]])


def _first_equals(found: list[str]) -> int:
    depth = 0
    for place, token in enumerate(found):
        depth += (token in _OPEN) - (token in _CLOSE)
        if token in ("=", r"\approx", r"\leftarrow", r"\sim") and not depth:
            return place
    return -1  # a formula that claims nothing and has a value


def _slips(found: list[str], place: int) -> Iterator[tuple[str, list[str]]]:
    token, before = found[place], _before(found, place)
    if token in _SWAPPED:
        kind = "sign" if token in "+-" else "operator"
        yield from ((kind, [other]) for other in _SWAPPED[token])
    if token == "-" and before in ("=", "(", "{", r"\approx", "&"):
        yield "sign", []
    if token == r"\top":
        yield "transpose", []
    if token.isdigit():
        yield "factor", [str(int(token) + 1)]
        if token != "0":
            yield "factor", [str(int(token) - 1)]
    if not _SYMBOL.fullmatch(token):
        return
    script = before == "_" or _inside_script(found, place)
    if script and token in _INDEX:
        yield "index", [_INDEX[token]]
    elif (
        not script
        and before not in (r"\partial", r"\tilde", r"\hat", r"\operatorname")
        and token.isalpha()
        and token.isupper()
    ):
        after = found[place + 1] if place + 1 < len(found) else ""
        if after not in ("^", "_", "("):
            yield "transpose", [token, "^", r"\top"]
    if not script and token in (r"\lambda", r"\alpha", r"\mu", r"\gamma", "N", "S", r"\varepsilon"):
        yield "factor", ["2", token]


def _before(found: list[str], place: int) -> str:
    for token in reversed(found[:place]):
        if meaningful(token):
            return token
    return ""


def _inside_script(found: list[str], place: int) -> bool:
    """Whether the innermost open brace belongs to a subscript."""
    depth = 0
    for position in range(place - 1, -1, -1):
        token = found[position]
        depth += (token == "}") - (token == "{")
        if depth < 0:
            return position > 0 and found[position - 1] == "_"
    return False
