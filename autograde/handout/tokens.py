"""LaTeX mathematics as tokens, and names in one spelling."""

import re
from functools import lru_cache

#: \text{..} is one token; so is an escaped character such as \{ or \|.
_TOKEN = re.compile(r"\\text\{[^{}]*\}|\\(?:begin|end)\{[a-z]+\*?\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S", re.DOTALL)
#: What only changes how a formula looks.
_LOOKS = {
    r"\,", r"\;", r"\:", r"\!", r"\ ", "~", "&",
    r"\left", r"\right", r"\displaystyle", r"\textstyle", r"\limits", r"\nolimits",
    *(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")),
}  # fmt: skip


def tokens(tex: str) -> list[str]:
    """All tokens of a formula, in order, those that only change its looks among them."""
    return _TOKEN.findall(tex)


def meaningful(tex: str) -> list[str]:
    """The tokens of a formula that change what it says."""
    return [token for token in tokens(tex) if token not in _LOOKS]


@lru_cache(maxsize=4096)
def name_of(tex: str) -> str:
    r"""One spelling of a symbol, however it was typed: W^{(1)} and W ^ {(1)} are W^(1), \tilde{J} and \tilde J are \tildeJ."""
    return "".join(token for token in meaningful(tex) if token not in "{}")
