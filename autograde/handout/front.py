"""What both formats say in the same words: the first page, and the titles of the boxes."""

from dataclasses import dataclass

#: The boxes a text may have, as ::: {.answer} and so on, and what stands over them.
TITLES = {
    "answer": "Derivation",
    "exercise": "Exercise",
    "marking": "For marking",
    "reason": "Why, and what is right",
    "wrong": "✗ Not so",
}


@dataclass(frozen=True)
class Front:
    """What stands on the first page and in the head of every page: course, title, version, for whom; language and paper."""

    course: str
    title: str
    version: str
    reader: str
    language: str = "en"
    paper: str = "a4"
    contents: bool = True
