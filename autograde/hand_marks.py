"""Answers that a person marks: who wrote what, under a key that tells nobody; and marks that come back under those keys."""

import hashlib
import hmac
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograde.book import HandMark
from autograde.cells import answer_text, exercise_id, is_written, marks
from autograde.course import CourseError
from autograde.findings import printable
from autograde.gradebook import CourseFolder

#: Raised when a field of marks.json changes its meaning.
SCHEMA = 1
_LONGEST_FILE = 50_000_000
_LONGEST_COMMENT = 10_000
_HALF_A_CHARACTER = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Answer:
    """One student's answer to a question that a person marks.

    key: says whose it is and to what, to those who have the course's secret. version: says that of the text, too.
    """

    student: str
    question: str
    notebook: str
    cell: NotebookNode
    maximum: float
    given: HandMark
    key: str
    version: str


@dataclass(frozen=True)
class Change:
    """A mark to be entered."""

    answer: Answer
    new: HandMark


@dataclass(frozen=True)
class Tally:
    """How a question stands: marks that change, answers that are marked then, all answers, the mean of the marked ones."""

    question: str
    changed: int
    marked: int
    answers: int
    mean: float | None


class Refused(CourseError):
    """Marks that cannot be entered, none of them. problems: one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"{len(problems)} marks cannot be entered, so none was.")
        self.problems = problems


def answers(folder: CourseFolder) -> list[Answer]:
    """Every answer that waits for a person, or was marked by one. Raises CourseError when nothing was graded."""
    seed, found = folder.seed, []
    with folder.book() as book:
        if not book.has_submissions():
            raise CourseError("nothing was graded yet, so there is nothing to mark. Run: course grade")
        for student in book.students:
            standing, given = book.standing(student), book.hand_marks(student)
            for notebook, graded in folder.autograded(student).items():
                for cell in filter(is_written, graded.cells):
                    name = exercise_id(cell)
                    if standing.points.get(name) is None or name in standing.by_hand:
                        whose = sealed(seed, "whose", student, name)
                        version = sealed(seed, "what", student, name, answer_text(cell))
                        most = float(marks(cell)["points"])
                        found.append(Answer(student, name, notebook, cell, most, given[name], whose, version))
    return found


def sealed(seed: int, *what: Any) -> str:
    """What only those can make or read who have the course's secret; equal for equal things."""
    return hmac.new(str(seed).encode(), json.dumps(what, sort_keys=True).encode(), hashlib.sha256).hexdigest()[:32]


def read_marks(path: Path, known: Iterable[Answer], *, replace: bool = False) -> list[Change]:
    """The marks in a file that a sheet saved, as far as they change something.

    replace: also change marks that a person gave after the sheet was made. Raises Refused when any of them cannot be entered,
    and CourseError when it is no such file.
    """
    by_key = {answer.key: answer for answer in known}
    changes, problems, seen = [], [], set()
    for number, row in enumerate(_rows(path), 1):
        where = _where(number, row)
        try:
            answer = by_key.get(row["key"])
            if answer is None:
                raise ValueError("no answer in the gradebook has this key. Was the sheet made from this gradebook?")
            where = _where(number, row | {"question": answer.question})
            if answer.key in seen:
                raise ValueError("this answer has two marks in the file.")
            seen.add(answer.key)
            new, was = _mark(row, answer.maximum), _mark(row["was"], math.inf)
            if new == was:  # not given on this sheet
                continue
            if row["answer"] != answer.version:
                raise ValueError("the answer changed after the sheet was made. Make a new sheet, and mark it there.")
            if new == answer.given:
                continue
            by_hand = answer.given != HandMark()
            if by_hand and answer.given != was and not replace:
                raise ValueError(
                    f"it was marked meanwhile with {_shown(answer.given)}. To replace that, add --replace."
                )
            changes.append(Change(answer, new))
        except (KeyError, TypeError, AttributeError, OverflowError):
            problems.append(f"{where}: this is no mark as a sheet saves it.")
        except ValueError as error:
            problems.append(f"{where}: {error}")
    if problems:
        raise Refused(problems)
    return changes


def enter(folder: CourseFolder, changes: Iterable[Change]) -> None:
    """Enter marks into the gradebook, all or none."""
    given: dict[str, dict[str, HandMark]] = {}
    for change in changes:
        given.setdefault(change.answer.student, {})[change.answer.question] = change.new
    folder.mark(given)


def tally(known: Iterable[Answer], changes: Iterable[Change]) -> Iterator[Tally]:
    """How each question stands after the changes."""
    new = {change.answer.key: change.new for change in changes}
    questions: dict[str, list[Answer]] = {}
    for answer in known:
        questions.setdefault(answer.question, []).append(answer)
    for question, group in sorted(questions.items()):
        points = [new.get(answer.key, answer.given).points for answer in group]
        done = [value for value in points if value is not None]
        changed = sum(answer.key in new for answer in group)
        yield Tally(question, changed, len(done), len(group), sum(done) / len(done) if done else None)


def _rows(path: Path) -> list[Mapping[str, Any]]:
    if path.stat().st_size > _LONGEST_FILE:
        raise CourseError(f"{path} is too large for what a marking sheet saves.")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            raise CourseError(f"{path} is of another version of the kit. Make a new sheet: course mark --sheet")
        if type(told["marks"]) is not list:
            raise TypeError
        return [row if type(row) is dict else {} for row in told["marks"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CourseError(f"{path} is not what a marking sheet saves. Save it again, with the key s.") from None


def _mark(told: Mapping[str, Any], maximum: float) -> HandMark:
    """Raises ValueError for what is no mark."""
    points, comment = told["points"], told["comment"]
    if points is not None:
        if type(points) not in (int, float) or not math.isfinite(points):
            raise ValueError(f"{printable(str(points))[:30]!r} is no number of points.")
        if points < 0:
            raise ValueError(f"{points:g} points are less than none.")
        if points > maximum:
            raise ValueError(f"{points:g} points, and there are at most {maximum:g}.")
    if type(comment) is not str or len(comment) > _LONGEST_COMMENT or _HALF_A_CHARACTER.search(comment):
        raise ValueError(f"the comment is no text of at most {_LONGEST_COMMENT} characters.")
    return HandMark(None if points is None else float(points), comment.strip())


def _where(number: int, row: Mapping[str, Any]) -> str:
    told = (row.get(key, "?") for key in ("question", "student"))
    question, name = (printable(one)[:60] if isinstance(one, str) else "?" for one in told)
    return f"{question}, row {number} ({name})"


def _shown(mark: HandMark) -> str:
    points = "no points" if mark.points is None else f"{mark.points:g} points"
    return f"{points} and {'a' if mark.comment else 'no'} comment"
