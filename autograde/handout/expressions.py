"""What a formula says, as a tree. Nodes are immutable and compare by content, so that values can be remembered by them."""

from collections.abc import Iterator
from dataclasses import dataclass, fields


class EquationError(Exception):
    """A formula that cannot be read, evaluated, or that does not hold; the message says which part."""


@dataclass(frozen=True)
class Node:
    """Any part of a formula."""

    def children(self) -> Iterator["Node"]:
        """The nodes directly below this one."""
        for field in fields(self):
            yield from _nodes(getattr(self, field.name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


@dataclass(frozen=True)
class Number(Node):
    """A number as it is written."""

    value: float


@dataclass(frozen=True)
class Name(Node):
    """A symbol that the world gives a value, or an index that is bound."""

    name: str


@dataclass(frozen=True)
class Item(Node):
    """An entry, row, column or member: p_i, W_{kh}, G_{i,:}. None among the indices is the colon."""

    base: Node
    indices: tuple[Node | None, ...]


@dataclass(frozen=True)
class Member(Node):
    """A member of a series of quantities, each with a value of its own: a^{(l-1)} is a^(2) for l = 3."""

    series: str
    number: Node


@dataclass(frozen=True)
class Call(Node):
    """A function of the world, such as the loss."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Apply(Node):
    """A function that every world knows: exp, log, sqrt, diag, norm, transpose, ..., the mean E and the variance Var."""

    function: str
    argument: Node


@dataclass(frozen=True)
class Binary(Node):
    """+, -, +- (both values, the smaller first), * (scalar or matrix product), odot (entry by entry), / or ^."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(Node):
    """Whether all neighbours in a chain stand in their relation; operators has one entry fewer than sides."""

    operators: tuple[str, ...]
    sides: tuple[Node, ...]


@dataclass(frozen=True)
class Over(Node):
    """A sum, maximum or minimum over indices; bounds is (first, last), or empty where the world says how far an index runs."""

    operator: str
    indices: tuple[str, ...]
    bounds: tuple[Node, ...]
    condition: Node | None
    body: Node


@dataclass(frozen=True)
class Derivative(Node):
    """The derivative of one quantity with respect to another."""

    of: Node
    by: Node


@dataclass(frozen=True)
class Cases(Node):
    """The one branch whose condition holds; that without a condition (None) if no other does."""

    branches: tuple[tuple[Node, Node | None], ...]


def free_names(node: Node, bound: frozenset[str] = frozenset(), subscripted: bool = True) -> set[str]:
    """The names in a formula that no sum in it binds. subscripted: also those with a subscript, which no index has."""
    if isinstance(node, Name):
        return {node.name} - bound
    inner = bound | frozenset(node.indices) if isinstance(node, Over) else bound
    found: set[str] = set()
    for child in node.children():
        if isinstance(node, Item) and isinstance(child, Name) and child is node.base and not subscripted:
            continue
        outside = isinstance(node, Over) and child in node.bounds
        found |= free_names(child, bound if outside else inner, subscripted)
    return found
