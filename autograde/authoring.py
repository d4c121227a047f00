"""What must hold of a course's sources before a notebook goes to students: each fault is told with file, cell and remedy."""

import ast
import re
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograde import cells
from autograde.build import Built, as_text
from autograde.examine import NOT_ATTEMPTED, Result, fill_in, job_for
from autograde.jobs import Workers
from autograde.plan import bound
from autograde.planted import restore_tests

_READABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RANDOM = re.compile(r"cell-[0-9a-f]{8,}")
_HEADING = re.compile(r"^### Exercise `([^`]+)` · (\d+) points?\b", re.MULTILINE)
_FORBIDDEN_IN_RELEASE = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "BEGIN HIDDEN TESTS",
    "END HIDDEN TESTS",
    "BEGIN MARK SCHEME",
    "autograde",
)
#: Shorter lines of a solution, such as `return result`, may well stand elsewhere too.
_TELLING_LENGTH = 24


@dataclass(frozen=True)
class Fault:
    """One thing to mend in a course: in which source, in which cell, what it is and what to do."""

    source: Path
    cell: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.source.name}, cell {self.cell}: {self.problem}. {self.remedy}."


def check_text(built: list[Built]) -> list[Fault]:
    """The faults that need no execution; those on single cells first, since all else builds on them."""
    faults, seen = [], {}
    for item in built:
        promised = item.source.read_text(encoding="utf-8").count("nbgrader=")
        read = len(list(filter(cells.marks, item.full.cells)))
        if promised != read:
            found = f"{promised} cell headers have nbgrader metadata, {read} could be read"
            faults.append(Fault(item.source, "(headers)", found, "Look for a header that is not valid JSON"))
        for cell in item.full.cells:
            faults += [Fault(item.source, *found) for found in _check_cell(cell)]
            identity = cells.grade_id(cell)
            if identity and identity in seen:
                faults.append(
                    Fault(item.source, identity, f"this id is also in {seen[identity]}", "Give one of them another id")
                )
            seen[identity] = item.source.name
    if faults:
        return faults
    checks = (_check_headings, _check_questions, _check_borrowing, _check_owners, _check_release)
    return [Fault(item.source, *found) for item in built for check in checks for found in check(item)]


#: A fault in one notebook: cell, problem, remedy.
Found = tuple[str, str, str]


def _check_cell(cell: NotebookNode) -> Iterator[Found]:
    identity = cells.grade_id(cell)
    if not cells.marks(cell):
        if "BEGIN SOLUTION" in cell.source or "BEGIN HIDDEN TESTS" in cell.source:
            yield cell.id, "an ordinary cell holds a solution or hidden tests", "Give it nbgrader metadata"
        return
    for region in ("SOLUTION", "HIDDEN TESTS"):
        if cell.source.count(f"BEGIN {region}") != cell.source.count(f"END {region}"):
            yield identity, f"BEGIN {region} and END {region} do not pair up", "Add the missing marker"
    if not _READABLE.fullmatch(identity) or _RANDOM.fullmatch(identity):
        yield identity, "the id is not readable", "Name the exercise, like q1a-forward or q1a-forward-test"
    if cells.is_test(cell):
        yield from _check_test(cell, identity)
    elif cells.is_written(cell):
        if not cells.marks(cell).get("points"):
            yield identity, "a written answer has no points", 'Add "points" to its metadata'
    elif cells.is_solution(cell) and not cells.solution_regions(cell.source):
        yield (
            identity,
            "a solution cell has no solution",
            "Put the answer between ### BEGIN SOLUTION and ### END SOLUTION",
        )


def _check_test(cell: NotebookNode, identity: str) -> Iterator[Found]:
    if not identity.endswith(cells.TEST_SUFFIX):
        yield identity, "a test cell's id does not end in -test", f"Call it {identity}-test"
    if not cells.marks(cell).get("points"):
        yield identity, "a test cell has no points", 'Add "points" to its metadata'
    if not cells.marks(cell).get("locked"):
        yield identity, "a test cell is not locked", 'Set "locked": true in its metadata'
    try:
        body = ast.parse(cell.source).body
    except SyntaxError as error:
        yield identity, f"the test cell is not Python ({error.msg}, line {error.lineno})", "Mend it"
        return
    question = ast.get_docstring(ast.parse(cell.source)) or ""
    if not question.rstrip().endswith("?"):
        yield (
            identity,
            "the test cell does not begin with a question",
            'Begin with a docstring such as """Does every row sum to 1?"""',
        )
    if not body or isinstance(body[-1], ast.Expr):
        yield (
            identity,
            "the test cell ends in an expression, which nbgrader reads as a mark",
            "End with a statement, such as a with block",
        )
    if f'exercise("{cells.exercise_id(cell)}")' not in cell.source:
        remedy = f'Put the checks into: with exercise("{cells.exercise_id(cell)}"):'
        yield identity, "the test cell's checks do not name its exercise", remedy


def _check_headings(item: Built) -> Iterator[Found]:
    """Each exercise has one heading that says its id and points."""
    text = "\n\n".join(cell.source for cell in item.full.cells if cell.cell_type == "markdown")
    promised: dict[str, list[float]] = {}
    for identity, points in _HEADING.findall(text):
        promised.setdefault(identity, []).append(float(points))
    given = {
        cells.exercise_id(cell): float(cells.marks(cell).get("points") or 0)
        for cell in item.full.cells
        if cells.is_test(cell) or cells.is_written(cell)
    }
    for identity in sorted(promised.keys() | given.keys()):
        if promised.get(identity) != [given.get(identity)]:
            found = f"its heading promises {promised.get(identity, 'nothing')}, its cell gives {given.get(identity, 'nothing')}"
            yield identity, found, f"Write one heading: ### Exercise `{identity}` · {given.get(identity, 0):g} points"


def _check_questions(item: Built) -> Iterator[Found]:
    """nbgrader drops a written answer's text from the release, so its question stands in a locked cell before it."""
    for before, cell in zip([None, *item.full.cells], item.full.cells, strict=False):
        if cells.is_written(cell):
            expected = f"{cells.grade_id(cell)}-question"
            if before is None or cells.grade_id(before) != expected or not cells.marks(before).get("locked"):
                yield (
                    cells.grade_id(cell),
                    "its question is not in a locked cell before it",
                    f"Put the question into a locked cell {expected}",
                )


def _check_borrowing(item: Built) -> Iterator[Found]:
    """No test uses what another test's hidden part imports: that part does not run when its exercise fails."""
    tests = [cell for cell in item.full.cells if cells.is_test(cell)]
    imported = {cell.id: _names(cells.hidden_regions(cell.source), ast.alias) for cell in tests}
    for cell in tests:
        visible = cells.without_hidden_regions(cell.source)
        own = imported[cell.id] | _names([visible], ast.alias)
        borrowed = _names([cell.source], ast.Name) & set().union(*imported.values()) - own
        for name in sorted(borrowed):
            yield (
                cells.grade_id(cell),
                f"it uses {name!r}, which only another test imports",
                f"Import {name} in this cell, too",
            )


def _check_owners(item: Built) -> Iterator[Found]:
    """What a student is asked to define must be the student's: a test that defines it, too, would judge itself."""
    code = [cell for cell in item.full.cells if cell.cell_type == "code"]
    answers = [cell for cell in code if cells.is_solution(cell) and cells.SKIP_TAG not in cell.metadata.get("tags", [])]
    asked = set().union(*(bound(cell.source) for cell in answers))
    for cell in filter(cells.is_test, code):
        for name in sorted(bound(cell.source) & asked):
            yield (
                cells.grade_id(cell),
                f"the test defines `{name}`, which a student is asked for",
                "Rename it in the test",
            )


def _names(sources: list[str], kind: type[ast.alias] | type[ast.Name]) -> set[str]:
    """The names that sources import (ast.alias) or use (ast.Name)."""
    nodes = [
        node for source in sources for node in ast.walk(ast.parse(textwrap.dedent(source))) if isinstance(node, kind)
    ]
    return {node.id if isinstance(node, ast.Name) else node.asname or node.name for node in nodes}


def _check_release(item: Built) -> Iterator[Found]:
    """No answer, marker or hidden test in what students get, and a stub with the exercise's id in each solution cell."""
    released = as_text(item.release)
    for word in _FORBIDDEN_IN_RELEASE:
        if word in released:
            yield "(student version)", f"it contains {word!r}", "Move it into a solution or hidden-test region"
    visible = "\n".join(cell.source for cell in item.release.cells)
    for full, release in zip(item.full.cells, item.release.cells, strict=True):
        if not cells.is_solution(full):
            continue
        identity = cells.grade_id(full)
        if full.cell_type == "code" and f'raise NotImplementedError("{identity}")' not in release.source:
            yield (
                identity,
                "its stub does not raise NotImplementedError with its id",
                "Put the answer between solution markers",
            )
        answer = cells.solution_regions(full.source) if full.cell_type == "code" else [full.source]
        for line in (line.strip() for region in answer for line in region.splitlines()):
            if len(line) >= _TELLING_LENGTH and line in visible:
                yield (
                    identity,
                    f"the student version shows this line of its answer: {line}",
                    "Remove it there or reword it",
                )


def check_marks(built: list[Built], workers: Workers) -> list[Fault]:
    """The faults that need execution: every solution earns all its marks, and the student version earns none."""
    faults = []
    for item, result in _marks(built, workers, lambda item: item.full):
        if result.points == 0 and result.reason != NOT_ATTEMPTED:
            problem = f"the solution fails its own test ({result.reason}): {result.message}"
            faults.append(Fault(item.source, result.exercise, problem, "Mend the solution or the test"))
    for item, result in _marks(built, workers, lambda item: item.release):
        if result.reason != NOT_ATTEMPTED:
            problem = f"an untouched notebook ends in {result.reason!r}, with {result.points:g} of {result.max_points:g} points"
            remedy = "Let the test call the stub, so that it raises NotImplementedError"
            faults.append(Fault(item.source, result.exercise, problem, remedy))
    return faults


def _marks(
    built: list[Built], workers: Workers, version: Callable[[Built], NotebookNode]
) -> Iterator[tuple[Built, Result]]:
    """Every result of one version of the course, its notebooks side by side, in the order of the course."""
    with tempfile.TemporaryDirectory() as folder:
        for item in built:
            Path(folder, item.filename).write_text(as_text(version(item)), encoding="utf-8")
        files = sorted(Path(folder).iterdir())
        jobs = [job_for(item.name, as_text(version(item)), as_text(item.full), files, seed=0) for item in built]
        found = {job.notebook: outcome for job, outcome in workers.outcomes(jobs)}
    for item in built:
        results = fill_in(restore_tests(item, version(item)), found[item.name])
        yield from ((item, result) for result in results)
