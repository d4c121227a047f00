"""Tokens taken from left to right, as TeX takes them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from autograde.handout.expressions import EquationError, Node


@dataclass(frozen=True)
class Names:
    """What a world calls its quantities and functions, in one spelling."""

    quantities: Collection[str]
    functions: Collection[str]


class TokenReader:
    """Takes tokens one by one, or as the arguments that TeX would take."""

    def __init__(self, tokens: list[str], names: Names) -> None:
        self.left, self.names = list(tokens), names

    def next(self) -> str:
        """The token that comes next, left where it is; empty at the end."""
        return self.left[0] if self.left else ""

    def take(self, expected: str = "") -> str:
        """Take the next token. Raises EquationError at the end, and for another one than is expected."""
        if not self.left or (expected and self.left[0] != expected):
            raise EquationError(f"expected {expected or 'more'} before {' '.join(self.left[:8]) or 'the end'!r}")
        return self.left.pop(0)

    def group(self) -> list[str]:
        """The tokens of an argument: one token, or what stands in braces."""
        first = self.take()
        if first.isdigit():  # of a number without braces it is the first digit
            self.left[:0] = [first[1:]] if first[1:] else []
            first = first[0]
        return [first] if first != "{" else self.until("{", "}")

    def until(self, opening: str, closing: str) -> list[str]:
        """The tokens up to the bracket that closes one already taken."""
        found, depth = [], 1
        while True:
            token = self.take()
            depth += (token == opening) - (token == closing)
            if not depth:
                return found
            found.append(token)

    def whole(self, tokens: list[str], method: Callable[[Any], Node]) -> Node:
        """All of these tokens as one thing."""
        reader = type(self)(tokens, self.names)
        node = method(reader)
        if reader.left:
            raise EquationError(f"cannot read {' '.join(reader.left)!r}")
        return node

    def arguments(self, tokens: list[str], method: Callable[[Any], Node]) -> list[Node]:
        """What stands between commas that are in no brackets."""
        parts, depth = [[]], 0
        for token in tokens:
            depth += (token in "([{") - (token in ")]}")
            if token == "," and not depth:
                parts.append([])
            else:
                parts[-1].append(token)
        return [self.whole(part, method) for part in parts]
