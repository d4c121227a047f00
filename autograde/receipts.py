"""What a student's own run said of the checks (receipt.json), compared with what grading says: a difference is told, and no more.

A receipt is the student's file and may say anything: it is read with suspicion, and decides about no mark.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from nbformat import NotebookNode

from autograde.build import Built
from autograde.cells import LENDING, exercise_id, grade_id, is_test
from autograde.definitions import UNCLEAR
from autograde.examine import BY_HAND, NOT_GRADED, PASSED, Result
from autograde.findings import DIFFERS, IGNORED, RELEASE, Finding, printable
from autograde.intake import Submission
from autograde.marks import NOT_SUBMITTED, Marks
from autograde.plan import used
from autograde.receipt_file import NotAReceipt, Receipt, read_receipt
from autograde.verdict import Verdict
from helpers.submission import RECEIPT
from helpers.submission_table import FAILS, NOT_ATTEMPTED, PASSES

#: So many lines one receipt may cause.
_MOST = 3
_LENT = re.compile(r"^(\w+) = truth\.either\(", re.MULTILINE)
_TODO = (
    "Unless the notebook changes what the check uses, or the receipt was changed, this is a fault of ours, not of the student's: "
    "please report it. The mark stands until you decide."
)


def compare(
    submission: Submission,
    row: Marks,
    built: Sequence[Built],
    verdicts: Callable[[], Mapping[str, Verdict]],
    version: Callable[[frozenset[str]], str] = lambda _: "",
) -> list[Finding]:
    """The exercises of which the student's run and grading say different things about what both ran: the visible checks.

    submission: what counts, and row, its marks. verdicts: the examiner's, by grade_id; asked for only when it comes to them.
    version: of a release of these notebooks today, empty for one that there cannot be.
    """
    if submission.receipt is None:
        return []
    try:
        receipt = read_receipt(submission.receipt.read_bytes())
        same, found = _same(submission, receipt, built)
        found += _other_release(submission.student, receipt, version)
    except (NotAReceipt, OSError):  # somebody changed the copies; the marks do not depend on it
        return []
    results = {result.exercise: result for result in row.results}
    suspects, differ = [], []
    for item in (item for item in built if item.name in same - submission.repaired):
        lends = _lending(item.full)
        for test in filter(is_test, item.full.cells):
            exercise = exercise_id(test)
            said = receipt.notebooks[item.name].states.get(exercise, "")
            on_weights = any(name in test.source for name in item.hands_in)
            if on_weights or exercise in submission.tampered | row.by_hand or exercise not in results:
                continue
            if said == PASSES and _lost(results[exercise]):
                suspects.append((test, results[exercise]))
            elif said in (FAILS, NOT_ATTEMPTED) and results[exercise].reason == PASSED and not lends(test):
                differ.append((exercise, f"the student's own run says {said!r}, grading passed it."))
    known = verdicts() if suspects else {}
    for test, result in suspects:
        verdict = known.get(grade_id(test))
        if verdict is None or verdict.hidden is not False or UNCLEAR in verdict.message:
            continue
        first = result.message.partition("\n")[0].removeprefix(f"{result.exercise}:").strip()[:200].rstrip(".")
        differ.append(
            (result.exercise, f"the student's own run passed it, grading says {result.reason}: {printable(first)}.")
        )
    return found + [Finding(submission.student, RECEIPT, what, _TODO, DIFFERS, hides="") for what in _few(differ)]


def _few(differ: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A line for each of the first exercises, and one for all others: whoever forges many buries nobody's."""
    for exercise, what in differ[:_MOST]:
        yield f"{exercise}: {what}"
    if more := [exercise for exercise, _ in differ[_MOST:]]:
        yield f"and {len(more)} more, which one mistake of ours hardly explains: {', '.join(more)}."


def _other_release(student: str, receipt: Receipt, version: Callable[[frozenset[str]], str]) -> Iterator[Finding]:
    now = version(frozenset(receipt.released))
    if now and now != receipt.release:
        what = f"worked with release {receipt.release}; now it is {now}."
        yield Finding(student, "", what, "No mark depends on it.", RELEASE, hides="")


def _same(submission: Submission, receipt: Receipt, built: Iterable[Built]) -> tuple[set[str], list[Finding]]:
    """The notebooks that are what the receipt is about, and so are those before them, from which they may carry functions."""
    same: set[str] = set()
    for item in built:
        known, told = submission.known.get(item.name), receipt.notebooks.get(item.name)
        if known is None and told is None:
            continue
        if known is None or told is None or known.sha256 != told.sha256:
            what = f"is about another version of {item.name}: from there on it is not compared with the marks."
            return same, [Finding(submission.student, RECEIPT, what, kind=IGNORED, hides="")]
        same.add(item.name)
    return same, []


def _lost(result: Result) -> bool:
    return result.reason not in (PASSED, BY_HAND, NOT_GRADED, NOT_SUBMITTED)


def _lending(full: NotebookNode) -> Callable[[NotebookNode], bool]:
    """Whether a test may pass thanks to right building blocks, which students do not have."""
    lent = {name for cell in filter(is_test, full.cells) for name in _LENT.findall(cell.source)}
    return lambda test: LENDING in test.source or bool(lent & used(test.source))
