"""From LaTeX to a tree: the part of mathematical notation that the handout uses, and nothing that it would have to guess."""

import re

from autograde.handout.expressions import (
    Apply,
    Binary,
    Call,
    Cases,
    Compare,
    Derivative,
    EquationError,
    Item,
    Member,
    Name,
    Node,
    Number,
    Over,
)
from autograde.handout.reader import Names, TokenReader
from autograde.handout.tokens import meaningful, name_of

_CLOSING = {"(": ")", "[": "]", r"\{": r"\}", r"\lVert": r"\rVert", r"\lvert": r"\rvert", r"\lfloor": r"\rfloor"}
_FENCED = {r"\lVert": "norm", r"\lvert": "abs", r"\lfloor": "floor"}
_ACCENTS = (r"\tilde", r"\hat", r"\bar", r"\mathbf", r"\mathrm", r"\mathcal")
_FUNCTIONS = {r"\log": "log", r"\exp": "exp", r"\ln": "log"}
_OPERATORS = {"diag": "diag", "tr": "tr", "sign": "sign", "Var": "variance"}
_OVER = {r"\sum": "sum", r"\max": "max", r"\min": "min"}
_RELATIONS = {
    "=": "=", r"\approx": "=", "<": "<", ">": ">", r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=",
    r"\ne": "!=", r"\neq": "!=", r"\leftarrow": "<-", r"\sim": "=", r"\text{ is }": "is",
}  # fmt: skip
_LETTER = re.compile(r"[A-Za-z]|\\(?:[a-z]+|Delta|Theta|Psi|Phi)")
_NOT_A_LETTER = {
    *_FUNCTIONS, *_OVER, *_RELATIONS, *_CLOSING, *_CLOSING.values(), r"\cdot", r"\odot", r"\times", r"\quad", r"\qquad", r"\top",
    r"\frac", r"\sqrt", r"\partial", r"\operatorname", r"\pm",
}  # fmt: skip


def parse(tex: str, names: Names) -> Node:
    """The tree of a formula. Raises EquationError for notation that has no defined meaning here."""
    reader = _Reader(meaningful(tex), names)
    node = reader.comparison()
    if reader.left:
        raise EquationError(f"cannot read {' '.join(reader.left)!r}")
    return node


class _Reader(TokenReader):
    """Each method reads one kind of thing."""

    def comparison(self) -> Node:
        sides, operators = [self.sum()], []
        while self.next() in _RELATIONS:
            operators.append(_RELATIONS[self.take()])
            sides.append(self.sum())
        return Compare(tuple(operators), tuple(sides)) if operators else sides[0]

    def sum(self) -> Node:
        sign = self.take() if self.next() in ("-", "+") else "+"
        node = self.product()
        if sign == "-":
            node = Binary("-", Number(0.0), node) if isinstance(node, Number) else Binary("*", Number(-1.0), node)
        while self.next() in ("+", "-", r"\pm"):
            sign = self.take()
            node = Binary("+-" if sign == r"\pm" else sign, node, self.product())
        return node

    def product(self) -> Node:
        node = self.factor()
        while self.starts_factor() or self.next() in (r"\cdot", r"\times", r"\odot", "/"):
            sign = {r"\odot": "odot", "/": "/"}.get(self.next(), "*")
            if self.next() in (r"\cdot", r"\times", r"\odot", "/"):
                self.take()
            node = Binary(sign, node, self.factor())
        return node

    def starts_factor(self) -> bool:
        token = self.next()
        known = token in _CLOSING or token in _FUNCTIONS or token in _OVER
        known = known or token in (r"\frac", r"\sqrt", r"\operatorname", r"\begin{cases}", "{")
        return known or (bool(token) and (token[0].isdigit() or self.is_letter(token)))

    def is_letter(self, token: str) -> bool:
        if token.startswith(r"\text{"):  # a word is a name where the world has it
            return any(name.startswith(token) for name in self.names.quantities)
        return bool(_LETTER.fullmatch(token)) and token not in _NOT_A_LETTER

    def factor(self) -> Node:
        token = self.next()
        if token[:1].isdigit():
            return self.scripts(Number(float(self.take())))
        if token in _FUNCTIONS:
            return self.function(_FUNCTIONS[self.take()])
        if token == r"\operatorname":
            self.take()
            name = "".join(self.group())
            if name in self.names.functions:
                self.take("(")
                return self.scripts(Call(name, tuple(self.arguments(self.until("(", ")"), _Reader.sum))))
            if name not in _OPERATORS:
                raise EquationError(f"the operator {name} is unknown here")
            return self.function(_OPERATORS[name])
        if token in _OVER:
            return self.over(_OVER[self.take()])
        if token == r"\frac":
            return self.fraction()
        if token == r"\sqrt":
            self.take()
            return self.scripts(Apply("sqrt", self.whole(self.group(), _Reader.sum)))
        if token == r"\begin{cases}":
            return self.cases()
        if token == "{":
            return self.scripts(self.whole(self.group(), _Reader.sum))
        if token in _CLOSING:
            return self.scripts(self.bracket())
        if self.is_letter(token):
            return self.symbol()
        raise EquationError(f"cannot read {' '.join(self.left[:8]) or 'the end'!r}")

    def bracket(self) -> Node:
        opening = self.take()
        inner = self.whole(self.until(opening, _CLOSING[opening]), _Reader.sum)
        if opening in _FENCED:
            if opening == r"\lVert" and self.next() == "_":  # the norm's name, F
                self.take()
                self.group()
            return Apply(_FENCED[opening], inner)
        return inner

    def function(self, name: str) -> Node:
        power = None
        if self.next() == "^":
            self.take()
            power = self.whole(self.group(), _Reader.sum)
        inner = self.bracket() if self.next() in ("(", "[") else self.product()
        node = self.scripts(Apply(name, inner))
        return node if power is None else Binary("^", node, power)

    def over(self, operator: str) -> Node:
        indices: tuple[str, ...] = ()
        bounds: list[Node] = []
        condition = None
        if self.next() != "_":
            raise EquationError(f"a {operator} needs an index below it")
        while self.next() in ("_", "^"):
            below, inside = self.take() == "_", _Reader(self.group(), self.names)
            if not below:
                bounds.append(inside.sum())
            elif "=" in inside.left:
                indices = (name_of(inside.take()),)
                inside.take("=")
                bounds.insert(0, inside.sum())
            elif ":" in inside.left:  # (r, q) : a condition
                colon = inside.left.index(":")
                indices = tuple(name_of(token) for token in inside.left[:colon] if token not in "(,)")
                inside.left = inside.left[colon + 1 :]
                condition = inside.comparison()
            elif inside.left.count("<") == 1 and r"\le" in inside.left:  # 0 \le u, v < p
                first, rest = _split(inside.left, r"\le")
                middle, last = _split(rest, "<")
                indices = tuple(name_of(token) for token in middle if token != ",")
                end = Binary("-", self.whole(last, _Reader.sum), Number(1.0))
                bounds, inside.left = [self.whole(first, _Reader.sum), end], []
            elif any(token in _RELATIONS for token in inside.left):
                indices, condition = (name_of(inside.left[0]),), inside.comparison()
            else:
                indices = tuple(name_of(token) for token in inside.left if token != ",")
                inside.left.clear()
            if inside.left:
                raise EquationError(f"cannot read {' '.join(inside.left)!r} below a {operator}")
        if len(bounds) == 1:
            raise EquationError(f"a {operator} has one bound only")
        negative = self.next() == "-" and bool(self.take())
        body = self.product()
        return Over(operator, indices, tuple(bounds), condition, Binary("*", Number(-1.0), body) if negative else body)

    def fraction(self) -> Node:
        self.take(r"\frac")
        above, below = self.group(), self.group()
        if above[:1] != [r"\partial"]:
            return self.scripts(Binary("/", self.whole(above, _Reader.sum), self.whole(below, _Reader.sum)))
        if below[:1] != [r"\partial"]:
            raise EquationError("a derivative by nothing")
        by = self.whole(below[1:], _Reader.factor)
        return Derivative(self.whole(above[1:], _Reader.factor) if above[1:] else self.product(), by)

    def cases(self) -> Node:
        self.take()
        branches: list[tuple[Node, Node | None]] = []
        while True:
            value, condition = self.sum(), None
            if self.next().startswith(r"\text"):
                word = self.take()
                if "otherwise" not in word:
                    condition = self.comparison()
            branches.append((value, condition))
            if self.take() == r"\end{cases}":
                return self.scripts(Cases(tuple(branches)))

    def symbol(self) -> Node:
        name = self.take()
        if name in _ACCENTS:
            name += "".join(self.group())
        while self.next() == "'":
            name += self.take()
        if name == r"\mathbf1" and self.next() == "[":
            self.take()
            return self.scripts(Apply("indicator", self.whole(self.until("[", "]"), _Reader.comparison)))
        if name == "E" and self.next() == "[":
            return self.scripts(Apply("mean", self.bracket()))
        if name == "e" and "e" not in self.names.quantities and self.next() == "^":
            self.take()
            return Apply("exp", self.whole(self.group(), _Reader.sum))
        return self.scripts(self.named(name))

    def named(self, name: str) -> Node:
        """A symbol with those of its scripts that belong to its name: a superscript in brackets, a subscript that is declared."""
        below: list[str] | None = None
        known = {*self.names.quantities, *self.names.functions}
        while self.next() in ("_", "^"):
            if self.next() == "_" and below is None:
                self.take()
                below = self.group()
                if f"{name}_{''.join(below)}" in known:
                    name, below = f"{name}_{''.join(below)}", None
            elif self.next() == "^" and self.left[1:3] in (["{", "("], ["{", "*"]):
                self.take()
                above = self.group()
                end = above.index(")") + 1 if above[0] == "(" else 1
                full = f"{name}^{''.join(above[:end])}"
                if full not in known and f"{name}^()" in known:  # a series: v^{(t)} is its member number t, from 0
                    series = self.whole(above[1 : end - 1], _Reader.sum)
                    return Item(Name(f"{name}^()"), (Binary("+", series, Number(1.0)),))
                if full not in known and f"{name}^(1)" in known:  # a series whose members have values of their own
                    self.left[:0] = ["^", "{", *above[end:], "}"] if above[end:] else []
                    return Member(name, self.whole(above[1 : end - 1], _Reader.sum))
                name = full
                if below and f"{name}_{''.join(below)}" in known:
                    name, below = f"{name}_{''.join(below)}", None
                if above[end:]:
                    self.left[:0] = ["^", "{", *above[end:], "}"]
            else:
                break
        if self.next() == "(" and name in self.names.functions:
            self.take()
            node: Node = Call(name, tuple(self.arguments(self.until("(", ")"), _Reader.sum)))
        else:
            node = Name(name)
        return node if below is None else Item(node, self.indices(below))

    def indices(self, tokens: list[str]) -> tuple[Node | None, ...]:
        if "," in tokens:
            parts = " ".join(tokens).split(",")
            return tuple(None if part.strip() == ":" else self.whole(part.split(), _Reader.sum) for part in parts)
        if all(self.is_letter(token) for token in tokens):  # W_{pq} has two indices
            return tuple(self.whole([token], _Reader.sum) for token in tokens)
        return (self.whole(tokens, _Reader.sum),)

    def scripts(self, node: Node) -> Node:
        """The indices, powers and transposes after a thing."""
        while self.next() in ("_", "^"):
            below, inside = self.take() == "_", self.group()
            if below:
                node = Item(node, self.indices(inside))
            elif inside == [r"\top"]:
                node = Apply("transpose", node)
            else:
                node = Binary("^", node, self.whole(inside, _Reader.sum))
        return node


def _split(tokens: list[str], at: str) -> tuple[list[str], list[str]]:
    """What stands before a token and what stands after it."""
    place = tokens.index(at)
    return tokens[:place], tokens[place + 1 :]
